package mattermost

import (
	"embed"
	"encoding/binary"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

//go:embed web
var webFiles embed.FS

// servePage answers every path that is nothing else with the one page, as Mattermost does.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	metaScriptSource := s.writePageHeaders(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache, max-age=31556926, public")
	if s.options.AlwaysLoggedIn && s.userOf(r) == "" {
		s.beginSession(w, r, DefaultUser)
	}
	err := s.page.Execute(w, map[string]any{
		"Policy":     metaScriptSource,
		"Base":       s.options.Subpath,
		"Generation": s.options.Generation,
	})
	if err != nil {
		s.options.Log.Line("the page: " + err.Error())
	}
}

// serveOwnFile serves the stand-in's own scripts and pictures. They are not cached: nobody renames them.
func (s *Server) serveOwnFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/static/")
	if !fs.ValidPath(name) || strings.HasSuffix(name, ".html") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, webFiles, "web/"+name)
}

// servePluginFile serves what the environment unpacked: a year's caching, nosniff, no policy and no X-Frame-Options
// (measured on 9.8 and 11.6); what is missing is not cached (web/static.go of 6.7).
func (s *Server) servePluginFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/static/plugins/")
	if strings.HasSuffix(name, "/") || !fs.ValidPath(name) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=31556926, public")
	for name, value := range s.Policy().StaticHeaders {
		w.Header().Set(name, value)
	}
	folder := http.Dir(filepath.Join(s.options.Folder, "webapp"))
	if version := s.Policy().WebAssemblyVersion; version != 0 && strings.HasSuffix(name, ".wasm") {
		serveOtherVersion(w, r, folder, name, version)
		return
	}
	http.FileServer(folder).ServeHTTP(&uncachedWhenMissing{w}, withPath(r, "/"+name))
}

// serveOtherVersion serves a WebAssembly file with another version in its head (WebAssembly, section 5.5.16).
func serveOtherVersion(w http.ResponseWriter, r *http.Request, folder http.Dir, name string, version uint32) {
	const magic = "\x00asm"
	bytes, err := os.ReadFile(filepath.Join(string(folder), filepath.FromSlash(name)))
	if err != nil || len(bytes) < len(magic)+4 {
		http.NotFound(w, r)
		return
	}
	binary.LittleEndian.PutUint32(bytes[len(magic):], version)
	w.Header().Set("Content-Type", "application/wasm")
	_, _ = w.Write(bytes)
}

// proxied adds headers to an answer as it goes out.
type proxied struct {
	http.ResponseWriter
	added map[string]string
	begun bool
}

func (p *proxied) WriteHeader(status int) {
	p.begun = true
	for name, value := range p.added {
		p.Header().Set(name, value)
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *proxied) Write(content []byte) (int, error) {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	return p.ResponseWriter.Write(content)
}

type uncachedWhenMissing struct{ http.ResponseWriter }

func (w *uncachedWhenMissing) WriteHeader(status int) {
	if status == http.StatusNotFound {
		w.Header().Set("Cache-Control", "no-cache, public")
	}
	w.ResponseWriter.WriteHeader(status)
}

func withPath(r *http.Request, path string) *http.Request {
	clone := r.Clone(r.Context())
	clone.URL.Path, clone.URL.RawPath = path, ""
	return clone
}
