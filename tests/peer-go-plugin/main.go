// Command peer-go-plugin does what Notifymatters' server part does, written in Go with Mattermost's own SDK.
//
// It is no part of the product. The benchmark measures the product beside it, built and run in the same run,
// and the tests of the web part can stand on it where the product's server part is not what is being tested.
package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
)

// configuration is the setting as stored and as parsed; never changed once it is in place.
type configuration struct {
	TrustedOrigin string   `json:"TrustedOrigin"`
	Origins       []string `json:"trusted_origins"`
}

type peer struct {
	plugin.MattermostPlugin
	current atomic.Pointer[configuration]
	// assets is the folder of what the web part loads from here.
	assets string
}

// OnConfigurationChange reads the settings and tells open pages when the parsed value changed.
func (p *peer) OnConfigurationChange() error {
	next := &configuration{}
	if err := p.API.LoadPluginConfiguration(next); err != nil {
		return err
	}
	next.Origins = origins(next.TrustedOrigin)
	before := p.current.Swap(next)
	if before != nil && !slices.Equal(before.Origins, next.Origins) {
		p.API.PublishWebSocketEvent("config_changed", map[string]any{}, &model.WebsocketBroadcast{})
	}
	return nil
}

// ServeHTTP answers the configuration endpoint and hands out the web part's seldom files.
func (p *peer) ServeHTTP(_ *plugin.Context, w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/assets/"); ok {
		p.serveAsset(w, r, name)
		return
	}
	if r.URL.Path != "/api/v1/config" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("Mattermost-User-Id") == "" {
		http.Error(w, "not logged in", http.StatusUnauthorized)
		return
	}
	body, err := json.Marshal(p.current.Load())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body)
}

func (p *peer) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	file, err := os.Open(filepath.Join(p.assets, filepath.Base(name)+".gz"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Cache-Control", "max-age=31556926, public")
	_, _ = io.Copy(w, file)
}

// origins canonicalises what the browser tests use; the product's own parser does more.
func origins(setting string) []string {
	found := []string{}
	for _, word := range strings.Fields(setting) {
		parsed, err := url.Parse(word)
		if err != nil || parsed.Host == "" || (parsed.Path != "" && parsed.Path != "/") {
			continue
		}
		host := strings.ToLower(parsed.Host)
		switch parsed.Scheme {
		case "https":
			host = strings.TrimSuffix(host, ":443")
		case "http":
			host = strings.TrimSuffix(host, ":80")
		default:
			continue
		}
		found = append(found, parsed.Scheme+"://"+host)
	}
	return found
}

func main() {
	executable, err := os.Executable()
	if err != nil {
		panic(err)
	}
	bundle := filepath.Join(filepath.Dir(executable), "..", "..")
	plugin.ClientMain(&peer{assets: filepath.Join(bundle, "assets")})
}
