// Package hostpage serves the pages that embed the Mattermost: the tests' recording page and the demo's webmail.
package hostpage

import (
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed web
var files embed.FS

// Names that the stand-in gives its virtual hosts. All are one site (example.localhost), so that the session's
// cookies, which browsers treat as SameSite=Lax, reach the embedded Mattermost.
const (
	ChatHost     = "chat.example.localhost"
	TrustedHost  = "mail.example.localhost"
	StrangerHost = "stranger.example.localhost"
)

// Handler serves the host pages.
type Handler struct {
	pages *template.Template
	// ChatURL is what the demo embeds.
	chatURL string
	// hostPackage serves the built host package and its examples, for pages that embed with it.
	hostPackage http.Handler
	demo        *Demo
}

// New serves the recording page, the files of the host package's folder, and the demo unless it is nil.
func New(chatURL, hostPackage string, demo *Demo) (*Handler, error) {
	pages, err := template.ParseFS(files, "web/*.html")
	if err != nil {
		return nil, err
	}
	return &Handler{
		pages:       pages,
		chatURL:     chatURL,
		hostPackage: http.StripPrefix("/notifymatters/", http.FileServer(http.Dir(hostPackage))),
		demo:        demo,
	}, nil
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// What is not to be stored is kept in no back/forward cache either.
	w.Header().Set("Cache-Control", "no-cache")
	switch {
	case strings.HasPrefix(r.URL.Path, "/notifymatters/"):
		h.hostPackage.ServeHTTP(w, r)
	case r.URL.Path == "/" && h.demo != nil:
		h.demoPage(w, r)
	case strings.HasPrefix(r.URL.Path, "/demo/") && h.demo != nil:
		h.demo.ServeHTTP(w, r)
	case r.URL.Path == "/identity.html":
		// As identity providers do.
		w.Header().Set("X-Frame-Options", "DENY")
		h.render(w, r, "identity.html", map[string]any{"Back": r.URL.Query().Get("back")})
	case strings.HasSuffix(r.URL.Path, ".html") && !strings.Contains(strings.TrimPrefix(r.URL.Path, "/"), "/"):
		h.render(w, r, strings.TrimPrefix(r.URL.Path, "/"), nil)
	case r.URL.Path == "/host.html" || strings.HasSuffix(r.URL.Path, "/host.html"):
		// Below any folder as well: grommunio's host page lies beside /chat/ on the same origin.
		h.render(w, r, "host.html", nil)
	default:
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if strings.HasSuffix(name, ".html") {
			http.NotFound(w, r)
			return
		}
		http.ServeFileFS(w, r, files, "web/"+name)
	}
}

func (h *Handler) demoPage(w http.ResponseWriter, r *http.Request) {
	host, port, _ := strings.Cut(r.Host, ":")
	name := "mail.html"
	if host != TrustedHost {
		name = "stranger.html"
	}
	h.render(w, r, name, map[string]any{
		"Chat":        h.chatURL,
		"Stranger":    "http://" + StrangerHost + ":" + port + "/",
		"StrangerOwn": StrangerHost,
		"Mail":        "http://" + TrustedHost + ":" + port,
	})
}

func (h *Handler) render(w http.ResponseWriter, r *http.Request, name string, data any) {
	if h.pages.Lookup(name) == nil {
		http.Error(w, "404 page not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if policy := r.URL.Query().Get("policy"); policy != "" {
		w.Header().Set("Content-Security-Policy", policy)
	}
	if err := h.pages.ExecuteTemplate(w, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
