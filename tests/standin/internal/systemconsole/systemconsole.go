// Package systemconsole serves a page close to the one on which Mattermost's System Console shows a plugin's settings:
// the form, the place for a custom setting, and a Save that sends the whole configuration as the page knows it.
//
// It is a test tool. What it does towards a plugin follows what was read in the web clients of Mattermost 5.39 to 11.6.
package systemconsole

import (
	"embed"
	"html/template"
	"net/http"
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

func (c *Console) servePage(w http.ResponseWriter, r *http.Request) {
	policy := c.options.WriteHeaders(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_ = c.page.Execute(w, map[string]any{
		"Policy": policy, "Base": c.options.Subpath, "Generation": c.options.Generation, "React": c.react(r.URL.Query().Get("react")),
	})
}

// reacts are the npm packages' suffixes by React's version.
var reacts = map[string]string{"16": "16", "17": "17", "18": ""}

// react is the version that the page carries: 17 up to Mattermost 10, 18 from 11 on, unless it is asked for another.
// The one of 5.39 is 16.
func (c *Console) react(asked string) string {
	switch _, known := reacts[asked]; {
	case known:
		return asked
	case c.options.Generation < 11:
		return "17"
	default:
		return "18"
	}
}

func (c *Console) serveFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	for _, file := range []string{"react", "react-dom"} {
		suffix, known := reacts[strings.TrimSuffix(strings.TrimPrefix(name, file), ".js")]
		if !known {
			continue
		}
		if c.options.Modules == "" {
			http.Error(w, "the stand-in was started without --react: run npm ci in tests/standin/internal/systemconsole", http.StatusNotFound)
			return
		}
		// The form for development: it says what a part of the page does wrong.
		http.ServeFile(w, r, filepath.Join(c.options.Modules, file+suffix, "umd", file+".development.js"))
		return
	}
	http.ServeFileFS(w, r, files, "web/"+name)
}
