// Package mattermost does towards a browser what a Mattermost server does: pages with their policy, static files,
// sessions, the WebSocket, plugin requests, and the part of the REST API that this project calls.
//
// It is a test tool. The plugin itself runs in Mattermost's own plugin environment; what is around it follows the
// sources of Mattermost 6.7 (web/static.go, web/handlers.go, app/plugin_requests.go) and what was measured on 9.8 and 11.6.
package mattermost

import (
	"fmt"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"notifymatters.test/host"
	"notifymatters.test/host/adapter"
	"notifymatters.test/standin/internal/systemconsole"
)

// Options say which Mattermost it is.
type Options struct {
	// SiteURL is scheme, host and port, without the subpath.
	SiteURL string
	// Subpath is "" or begins with a slash and does not end with one.
	Subpath string
	// Generation is 9, 10 or 11: how the page notifies and in which order it loads plugins.
	Generation int
	// Bundle is the plugin that is installed and enabled at the start.
	Bundle string
	// TrustedOrigin is the plugin's setting at the start.
	TrustedOrigin string
	// Folder is where plugins are unpacked.
	Folder string
	// AlwaysLoggedIn logs a browser without a session in as DefaultUser when it asks for a page.
	AlwaysLoggedIn bool
	// React is the folder with the npm packages of the System Console, "" for a stand-in without one.
	React string
	Log   *host.Log
}

// Server is the stand-in Mattermost.
type Server struct {
	options     Options
	environment host.Environment
	world       *host.World
	page        *template.Template
	policy      guarded[Policy]
	sessions    sessions
	hub         hub
	requests    requests
	faults      faults
	config      config
	first       firstSteps
	console     *systemconsole.Console
	mux         *http.ServeMux
	// environmentSettings are those that come from environment variables.
	environmentSettings guarded[map[string]any]

	// plugins guards what happens to the one plugin: install, enable, disable.
	plugins struct {
		sync.Mutex
		manifest *host.Manifest
		// script is the path of the web part's script below the site, "" while the plugin is disabled.
		script string
	}
}

// guarded is a value that several requests read and the control interface replaces.
type guarded[T any] struct {
	mutex sync.RWMutex
	value T
}

func (g *guarded[T]) load() T {
	g.mutex.RLock()
	defer g.mutex.RUnlock()
	return g.value
}

func (g *guarded[T]) store(value T) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.value = value
}

// versions are the releases that each generation says it is.
var versions = map[int]string{9: "9.8.1", 10: "10.7.0", 11: "11.6.0"}

// New installs and enables the plugin.
func New(options Options) (*Server, error) {
	version, known := versions[options.Generation]
	if !known {
		return nil, fmt.Errorf("generation %d is none of 9, 10, 11", options.Generation)
	}
	page, err := template.ParseFS(webFiles, "web/root.html")
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, world: host.NewWorld(options.Log), page: page, mux: http.NewServeMux()}
	s.console, err = systemconsole.New(systemconsole.Options{
		Subpath: options.Subpath, Generation: options.Generation, Modules: options.React, WriteHeaders: s.writePageHeaders,
	})
	if err != nil {
		return nil, err
	}
	s.policy.store(DefaultPolicy(options.Generation))
	s.hub.up = true
	s.first.accounts = users
	s.first.permissions = []string{"create_direct_channel", "create_team", "join_public_teams"}
	s.config.init(options.SiteURL+options.Subpath, options.TrustedOrigin, options.Generation)
	s.tellPlugin()
	for _, user := range users {
		s.world.AddUser(host.User{ID: user.ID, Name: user.Name, Admin: user.Admin})
	}
	s.world.OnPublish(func(event host.Event) { s.hub.broadcast(event.Name, event.Payload, event.UserID) })
	if err := os.MkdirAll(s.pluginFolder(), 0o755); err != nil {
		return nil, err
	}
	if s.environment, err = adapter.Opener(version)(options.Folder, s.world); err != nil {
		return nil, err
	}
	s.environment.WatchHealth(true)
	if err := s.install(options.Bundle); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.EnablePlugin(); err != nil {
		s.Close()
		return nil, err
	}
	s.routes()
	return s, nil
}

func (s *Server) pluginFolder() string { return filepath.Join(s.options.Folder, "plugins") }

// SiteURL is where the Mattermost is, subpath included.
func (s *Server) SiteURL() string { return s.options.SiteURL + s.options.Subpath }

// Log is what the server and the plugin logged.
func (s *Server) Log() *host.Log { return s.options.Log }

// Close ends the plugin and all WebSocket connections.
func (s *Server) Close() {
	s.hub.setUp(false)
	s.environment.Shutdown()
}

// Owns says whether a path on the Mattermost's host belongs to Mattermost, or to a host page beside its subpath.
func (s *Server) Owns(path string) bool {
	return s.options.Subpath == "" || path == s.options.Subpath || strings.HasPrefix(path, s.options.Subpath+"/")
}

// ServeHTTP answers one request to the Mattermost.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	path := r.URL.Path
	defer func() { s.requests.add(r, path, s.userOf(r), recorder.status) }()
	if s.faults.apply(recorder, r) {
		return
	}
	if s.options.Subpath != "" {
		if path == s.options.Subpath {
			http.Redirect(recorder, r, path+"/", http.StatusFound)
			return
		}
		r.URL.Path = strings.TrimPrefix(path, s.options.Subpath)
		r.URL.RawPath = strings.TrimPrefix(r.URL.RawPath, s.options.Subpath)
	}
	s.mux.ServeHTTP(recorder, r)
}

func (s *Server) routes() {
	s.mux.HandleFunc("/plugins/{id}/", s.servePlugin)
	s.console.Register(s.mux)
	s.mux.HandleFunc("/static/plugins/", s.servePluginFile)
	s.mux.HandleFunc("/static/", s.serveOwnFile)
	s.mux.HandleFunc("/api/v4/websocket", s.serveWebSocket)
	s.restRoutes()
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusNotFound, "api.context.404.app_error", "Sorry, we could not find the page: "+r.URL.Path)
	})
	s.mux.HandleFunc("/", s.servePage)
}
