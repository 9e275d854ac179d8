package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"notifymatters.test/host"
	"notifymatters.test/host/adapter"
)

const (
	// mattermost is the version that the environment says it is: the generation of the module in go.mod.
	mattermost = "11.6.0"
	// endpoint is what is left of <site>/plugins/<id>/api/v1/config when Mattermost hands a request on.
	endpoint = "/api/v1/config"
	// shutdownPatience is how long a plugin may take to be gone after the environment has ended it.
	shutdownPatience = 5 * time.Second
)

// lateGoodbyes are what the environment logs when a plugin ends before its answer to the goodbye went out, or later than
// two seconds, which those of the Go SDK do on a busy machine. The figures are taken before.
var lateGoodbyes = []string{"error closing client during Kill", "plugin failed to exit gracefully"}

// subject is the plugin that is measured, in an environment of its own.
type subject struct {
	folder      string
	environment host.Environment
	world       *host.World
	// mayComplain is set once requests were refused for want of time: the transport then says so.
	mayComplain bool
	id          string
}

// prepare unpacks the bundle into a folder of its own, without activating the plugin.
func prepare(bundle string) (*subject, error) {
	folder, err := os.MkdirTemp("", "nm-bench-")
	if err != nil {
		return nil, err
	}
	s := &subject{folder: folder, world: host.NewWorld(host.NewLog(nil))}
	if err := s.open(bundle); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *subject) open(bundle string) error {
	for _, name := range []string{"plugins", "tmp"} {
		if err := os.Mkdir(filepath.Join(s.folder, name), 0o755); err != nil {
			return err
		}
	}
	// The plugin inherits where to put its socket.
	if err := os.Setenv("TMPDIR", filepath.Join(s.folder, "tmp")); err != nil {
		return err
	}
	manifest, err := host.Unpack(bundle, filepath.Join(s.folder, "plugins"))
	if err != nil {
		return err
	}
	s.id = manifest.ID
	s.world.SetSettings(map[string]any{"trustedorigin": "https://mail.example.com https://portal.example.com:8443"})
	s.world.AddUser(host.User{ID: "anna", Name: "anna"})
	s.environment, err = adapter.Opener(mattermost)(s.folder, s.world)
	return err
}

// process is the id of the plugin's one process.
func (s *subject) process() (int, error) {
	running := host.Processes(filepath.Join(s.folder, "plugins"))
	if len(running) != 1 {
		return 0, fmt.Errorf("%d plugin processes run, not one", len(running))
	}
	return running[0], nil
}

// request asks the plugin for the configuration as a browser does, and wants it.
func (s *subject) request() error {
	request := httptest.NewRequest(http.MethodGet, endpoint, nil)
	request.Header = browserHeader()
	response := httptest.NewRecorder()
	if err := s.environment.ServeHTTP(s.id, response, request); err != nil {
		return err
	}
	if response.Code != http.StatusOK || response.Body.Len() == 0 {
		return fmt.Errorf("answered with status %d: %q", response.Code, response.Body)
	}
	return nil
}

// browserHeader is what Chromium sends, and what Mattermost makes of it: the cookie is taken out, the user put in.
func browserHeader() http.Header {
	return http.Header{
		"Accept":             {"*/*"},
		"Accept-Encoding":    {"gzip, deflate, br, zstd"},
		"Accept-Language":    {"en-GB,en;q=0.9,de;q=0.8"},
		"Mattermost-User-Id": {"anna"},
		"Referer":            {"https://chat.example.com/team/channels/town-square"},
		"Sec-Fetch-Dest":     {"empty"},
		"Sec-Fetch-Mode":     {"cors"},
		"Sec-Fetch-Site":     {"same-origin"},
		"User-Agent":         {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"},
		"X-Forwarded-For":    {"192.0.2.7"},
		"X-Forwarded-Proto":  {"https"},
		"X-Requested-With":   {"XMLHttpRequest"},
	}
}

// end shuts the environment down and fails where the run was not clean: figures of a plugin in trouble mean nothing.
func (s *subject) end() error {
	s.environment.Shutdown()
	if left := host.WaitForNoProcess(filepath.Join(s.folder, "plugins"), shutdownPatience); len(left) > 0 {
		return fmt.Errorf("left running: %v", left)
	}
	complaints := slices.DeleteFunc(s.world.Log.Complaints(), func(line string) bool {
		return slices.ContainsFunc(lateGoodbyes, func(words string) bool { return strings.Contains(line, words) })
	})
	if len(complaints) > 0 && !s.mayComplain {
		return fmt.Errorf("the transport complained %d times, first: %s", len(complaints), complaints[0])
	}
	return nil
}

// remove ends what may still run and deletes the folder.
func (s *subject) remove() {
	if s.environment != nil {
		s.environment.Shutdown()
	}
	_ = os.RemoveAll(s.folder)
}
