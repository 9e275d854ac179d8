// Package systemconsole serves a page close to the one on which Mattermost's System Console shows a plugin's settings:
// the form, the place for a custom setting, and a Save that sends the whole configuration as the page knows it.
//
// It is a test tool. What it does towards a plugin follows what was read in the web clients of Mattermost 5.39 to 11.6.
package systemconsole

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

//go:embed web
var files embed.FS

// Options say whose System Console it is.
type Options struct {
	// Subpath is the Mattermost's, "" or for example "/chat".
	Subpath string
	// Generation is 9, 10 or 11: which React the page carries, and how it saves.
	Generation int
	// Modules is the folder in which npm put this package's React, "" where there is none.
	Modules string
	// WriteHeaders sets the headers of Mattermost's pages and returns the script-src of the meta tag.
	WriteHeaders func(http.Header) string
}

// Console serves the page and its files.
type Console struct {
	options Options
	page    *template.Template
}

// New parses the page.
func New(options Options) (*Console, error) {
	page, err := template.ParseFS(files, "web/console.html")
	if err != nil {
		return nil, err
	}
	return &Console{options: options, page: page}, nil
}

// Register adds the page below /admin_console/ and its files below /static/systemconsole/.
func (c *Console) Register(mux *http.ServeMux) {
	mux.HandleFunc("/admin_console/", c.servePage)
	mux.HandleFunc("GET /static/systemconsole/{name}", c.serveFile)
}

func (c *Console) servePage(w http.ResponseWriter, _ *http.Request) {
	policy := c.options.WriteHeaders(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_ = c.page.Execute(w, map[string]any{"Policy": policy, "Base": c.options.Subpath, "Generation": c.options.Generation})
}

// react are the files of each React by the name that the page asks for: 17 up to Mattermost 10, 18 from 11 on.
func (c *Console) react(name string) (string, error) {
	packages := map[string]string{"react.js": "react", "react-dom.js": "react-dom"}
	found, known := packages[name]
	if !known {
		return "", os.ErrNotExist
	}
	if c.options.Modules == "" {
		return "", errors.New("the stand-in was started without --react: run npm ci in tests/standin/internal/systemconsole")
	}
	folder := found
	if c.options.Generation < 11 {
		folder += "17"
	}
	return filepath.Join(c.options.Modules, folder, "umd", found+".production.min.js"), nil
}

func (c *Console) serveFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "react") {
		path, err := c.react(name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		http.ServeFile(w, r, path)
		return
	}
	http.ServeFileFS(w, r, files, "web/"+name)
}
