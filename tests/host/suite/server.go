package suite

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notifymatters.test/host"
)

// endpoint is what is left of <site>/plugins/notifymatters/api/v1/config when Mattermost hands a request on.
const endpoint = "/api/v1/config"

// server is one plugin environment with the bundle in it.
type server struct {
	environment host.Environment
	world       *host.World
	manifest    *host.Manifest
	folder      string
	temporary   string
	// startEvents are the events that were published until the plugin was active for the first time.
	startEvents int
	// mayComplain is set by tests after which the transport has a right to complain, such as a cut connection.
	mayComplain bool
}

// install puts a plugin into a folder of plugins.
type install func(plugins string) (*host.Manifest, error)

// unpack installs the bundle.
func (s *suite) unpack(plugins string) (*host.Manifest, error) { return host.Unpack(s.bundle, plugins) }

// start is startAny with the bundle.
func (s *suite) start(t *testing.T) *server {
	t.Helper()
	return s.startAny(t, s.unpack)
}

// startAny installs a plugin and activates it. At the end of the test the environment is shut down and the
// transport's complaints, left-over processes and left-over sockets fail the test.
func (s *suite) startAny(t *testing.T, install install) *server {
	t.Helper()
	server := s.prepare(t, newFolder(t), install)
	t.Cleanup(func() { server.stop(t) })
	if _, err := server.environment.Activate(server.manifest.ID); err != nil {
		t.Fatalf("activate: %v\nlog:\n%s", err, server.logText())
	}
	server.startEvents = len(server.world.Events())
	return server
}

// base is the temporary folder of this process as it began; the tests set another one for the plugin.
var base = os.TempDir()

// newFolder makes a folder for one server, with a name short enough for sockets in it (their paths end at 107 bytes).
func newFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp(base, "nm-host-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// prepare installs a plugin without activating it.
func (s *suite) prepare(t *testing.T, folder string, install install) *server {
	t.Helper()
	server := &server{world: host.NewWorld(host.NewLog(nil)), folder: folder, temporary: filepath.Join(folder, "tmp")}
	if err := os.MkdirAll(filepath.Join(folder, "plugins"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(server.temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	// The plugin inherits this process's environment, and with it where it puts its socket.
	t.Setenv("TMPDIR", server.temporary)
	manifest, err := install(filepath.Join(folder, "plugins"))
	if err != nil {
		t.Fatal(err)
	}
	server.manifest = manifest
	server.world.SetSettings(map[string]any{"trustedorigin": "https://mail.example.com"})
	server.world.AddUser(host.User{ID: "anna", Name: "anna"})
	server.world.AddUser(host.User{ID: "admin", Name: "admin", Admin: true})
	if server.environment, err = s.open(folder, server.world); err != nil {
		t.Fatal(err)
	}
	return server
}

// pluginFolder holds what the bundle unpacked to; the plugin's process is known by its executable in it.
func (s *server) pluginFolder() string { return filepath.Join(s.folder, "plugins", s.manifest.ID) }

func (s *server) stop(t *testing.T) {
	s.environment.Shutdown()
	if left := host.WaitForNoProcess(s.pluginFolder(), shutdownPatience); len(left) > 0 {
		t.Errorf("left running after the shutdown: %v", left)
	}
	if sockets := s.sockets(); len(sockets) > 0 {
		t.Errorf("left in the temporary folder: %v", sockets)
	}
	if complaints := s.world.Log.Complaints(); len(complaints) > 0 && !s.mayComplain {
		t.Errorf("the transport complained %d times: %q", len(complaints), complaints[:min(len(complaints), shownLines)])
	}
	if t.Failed() {
		t.Logf("log:\n%s", s.logText())
	}
}

// sockets are the files that the plugin left where it puts its sockets.
func (s *server) sockets() []string {
	found, _ := filepath.Glob(filepath.Join(s.temporary, "*"))
	return found
}

// shownLines bounds the log of a failed test: a burst that fails says the same thousands of times.
const shownLines = 60

func (s *server) logText() string {
	lines := s.world.Log.Lines()
	if left := len(lines) - shownLines; left > 0 {
		lines = append([]string{fmt.Sprintf("(%d lines before)", left)}, lines[left:]...)
	}
	return strings.Join(lines, "\n")
}

// request calls the plugin as the user; "" is nobody.
func (s *server) request(t *testing.T, method, path, user string) *httptest.ResponseRecorder {
	t.Helper()
	response := httptest.NewRecorder()
	s.serve(t, response, httptest.NewRequest(method, path, nil), user)
	return response
}

// serve hands a request of the user's to the plugin; "" is nobody.
func (s *server) serve(t *testing.T, response http.ResponseWriter, request *http.Request, user string) {
	t.Helper()
	if user != "" {
		request.Header.Set("Mattermost-User-Id", user)
	}
	if err := s.environment.ServeHTTP(s.manifest.ID, response, request); err != nil {
		t.Fatal(err)
	}
}

// configuration is the endpoint's answer.
type configuration struct {
	TrustedOrigin  *string             `json:"TrustedOrigin"`
	TrustedOrigins []string            `json:"trusted_origins"`
	Capabilities   map[string][]string `json:"capabilities"`
}

// configuration reads the endpoint as a user.
func (s *server) configuration(t *testing.T) configuration {
	t.Helper()
	response := s.request(t, http.MethodGet, endpoint, "anna")
	if response.Code != http.StatusOK {
		t.Fatalf("status %d: %s", response.Code, response.Body)
	}
	var answer configuration
	if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v in %q", err, response.Body)
	}
	return answer
}

// eventsSinceStart are the events that were published since the plugin was active for the first time.
func (s *server) eventsSinceStart() []host.Event { return s.world.Events()[s.startEvents:] }

// change stores other settings and tells the plugin, as saving the System Console does.
func (s *server) change(t *testing.T, settings map[string]any) {
	t.Helper()
	s.world.SetSettings(settings)
	if err := s.environment.ConfigurationChanged(s.manifest.ID); err != nil {
		t.Logf("OnConfigurationChange answered: %v", err)
	}
}
