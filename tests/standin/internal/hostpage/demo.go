package hostpage

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"notifymatters.test/standin/internal/mattermost"
)

// Demo is what the demo's page can ask of the stand-in: a mention, and to trust its origin or not.
type Demo struct {
	Server *mattermost.Server
	// Origin is the trusted host page's.
	Origin string
}

// Trust writes the origin into the plugin's setting, with what is granted to it, or strikes it.
func (d *Demo) Trust(trusted bool) {
	settings := map[string]any{"trustedorigin": ""}
	if trusted {
		settings = map[string]any{
			"trustedorigin": d.Origin,
			"capabilities":  `{"` + d.Origin + `": ["unread", "view", "go"]}`,
		}
	}
	d.Server.SetPluginSettings(settings)
}

func (d *Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Other pages in the same browser must not press these buttons.
	if r.Method == http.MethodPost && r.Header.Get("Origin") != d.Origin {
		http.Error(w, "only the demo's own page may ask for this", http.StatusForbidden)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /demo/trust":
	case "POST /demo/trust":
		var order struct{ Trusted bool }
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024)).Decode(&order); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		d.Trust(order.Trusted)
	case "POST /demo/mention":
		var mention mattermost.Mention
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&mention); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := d.Server.Mention(mention); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"trusted": slices.Contains(strings.Fields(d.Server.TrustedOrigin()), d.Origin),
	})
}
