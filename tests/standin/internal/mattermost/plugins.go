package mattermost

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"notifymatters.test/host"
)

func (s *Server) install(bundle string) error {
	file, err := os.Open(bundle)
	if err != nil {
		return err
	}
	defer file.Close()
	s.plugins.Lock()
	defer s.plugins.Unlock()
	return s.unpack(file)
}

func (s *Server) unpack(bundle io.Reader) error {
	manifest, err := host.UnpackFrom(bundle, s.pluginFolder())
	if err != nil {
		return err
	}
	s.plugins.manifest = manifest
	return nil
}

// EnablePlugin activates the plugin and tells the pages.
func (s *Server) EnablePlugin() error {
	s.plugins.Lock()
	defer s.plugins.Unlock()
	return s.enable()
}

func (s *Server) enable() error {
	if s.plugins.script != "" {
		return nil
	}
	path, err := s.environment.Activate(s.plugins.manifest.ID)
	if err != nil {
		return err
	}
	// The manifest says /static/<id>/…; the page asks for /static/plugins/<id>/… (seen in 5.39 to 11.6).
	s.plugins.script = strings.Replace(path, "/static/", "/static/plugins/", 1)
	s.hub.broadcast("plugin_enabled", map[string]any{"manifest": s.clientManifest()}, "")
	s.hub.broadcast("plugin_statuses_changed", nil, "")
	return nil
}

// DisablePlugin deactivates the plugin and tells the pages.
func (s *Server) DisablePlugin() {
	s.plugins.Lock()
	defer s.plugins.Unlock()
	if s.plugins.script == "" {
		return
	}
	gone := s.clientManifest()
	s.environment.Deactivate(s.plugins.manifest.ID)
	s.plugins.script = ""
	s.hub.broadcast("plugin_disabled", map[string]any{"manifest": gone}, "")
	s.hub.broadcast("plugin_statuses_changed", nil, "")
}

// KillPlugin kills the plugin's process with -9, as a machine that is out of memory does. Nobody is told.
func (s *Server) KillPlugin() error {
	folder := filepath.Join(s.pluginFolder(), s.plugins.manifest.ID)
	for _, process := range host.Processes(folder) {
		if err := syscall.Kill(process, syscall.SIGKILL); err != nil {
			return err
		}
	}
	if left := host.WaitForNoProcess(folder, time.Second); len(left) > 0 {
		return fmt.Errorf("%v live on", left)
	}
	return nil
}

// CheckHealth starts a plugin again that does not answer.
func (s *Server) CheckHealth() error { return s.environment.CheckHealth(s.plugins.manifest.ID) }

// ReplacePlugin installs another bundle over the plugin, as an upload with force does: a running plugin is
// deactivated without a word to the pages, then they are told of the new one (app/plugin_install.go of 6.7).
func (s *Server) ReplacePlugin(bundle io.Reader) error {
	s.plugins.Lock()
	defer s.plugins.Unlock()
	id, wasEnabled := s.plugins.manifest.ID, s.plugins.script != ""
	s.environment.Deactivate(id)
	s.environment.Remove(id)
	s.plugins.script = ""
	if err := s.unpack(bundle); err != nil {
		return err
	}
	if wasEnabled {
		return s.enable()
	}
	return nil
}

// clientManifest is what pages are told of a plugin.
func (s *Server) clientManifest() map[string]any {
	return map[string]any{
		"id":      s.plugins.manifest.ID,
		"version": s.plugins.manifest.Version,
		"webapp":  map[string]any{"bundle_path": s.plugins.script},
	}
}

// enabledManifests are the plugins that pages load.
func (s *Server) enabledManifests() []map[string]any {
	s.plugins.Lock()
	defer s.plugins.Unlock()
	if s.plugins.script == "" {
		return []map[string]any{}
	}
	return []map[string]any{s.clientManifest()}
}

// servePlugin hands a request to the plugin as Mattermost does (app/plugin_requests.go of 6.7): the path without
// subpath and prefix, the user's id in a header that outsiders cannot set, the session taken out of the cookies.
func (s *Server) servePlugin(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	user := s.userOf(r)
	forwarded := withPath(r, strings.TrimPrefix(r.URL.Path, "/plugins/"+id))
	for _, header := range []string{"Mattermost-User-Id", "Mattermost-Plugin-ID", "Authorization", "Referer", "Cookie"} {
		forwarded.Header.Del(header)
	}
	for _, cookie := range r.Cookies() {
		if cookie.Name != "MMAUTHTOKEN" {
			forwarded.AddCookie(cookie)
		}
	}
	if user != "" {
		forwarded.Header.Set("Mattermost-User-Id", user)
	}
	if strings.HasPrefix(forwarded.URL.Path, "/assets/") {
		w = &proxied{ResponseWriter: w, added: s.Policy().StaticHeaders}
	}
	if err := s.environment.ServeHTTP(id, w, forwarded); err != nil {
		http.NotFound(w, r)
	}
}
