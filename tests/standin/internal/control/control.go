// Package control is the tests' handle on a running stand-in: JSON over a loopback port of its own.
package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"notifymatters.test/standin/internal/mattermost"
)

// Handler answers the control interface of the server.
func Handler(server *mattermost.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /settings", command(func(settings map[string]any) error {
		server.SetPluginSettings(settings)
		return nil
	}))
	mux.Handle("POST /config", command(func(patch map[string]any) error {
		server.PatchConfig(patch)
		return nil
	}))
	mux.Handle("POST /environment", command(func(tree map[string]any) error {
		server.SetEnvironment(tree)
		return nil
	}))
	mux.Handle("POST /mention", command(server.Mention))
	mux.Handle("POST /plugin", command(func(order pluginOrder) error { return order.apply(server) }))
	mux.Handle("POST /session", command(func(order map[string]string) error {
		if order["logout"] != "all" {
			return fmt.Errorf(`want {"logout": "all"}`)
		}
		server.EndSessions()
		return nil
	}))
	mux.Handle("POST /accounts", command(func(order map[string]bool) error {
		server.SetAccounts(order["none"])
		return nil
	}))
	mux.Handle("POST /websocket", command(func(order map[string]bool) error {
		up, given := order["up"]
		if !given {
			return fmt.Errorf(`want {"up": true} or {"up": false}`)
		}
		server.SetWebSocket(up)
		return nil
	}))
	mux.Handle("POST /fault", command(func(faults []*mattermost.Fault) error {
		server.SetFaults(faults)
		return nil
	}))
	mux.HandleFunc("POST /policy", func(w http.ResponseWriter, r *http.Request) {
		// What the order leaves out stays as it is.
		policy := server.Policy()
		if err := json.NewDecoder(r.Body).Decode(&policy); err != nil {
			refuse(w, err)
			return
		}
		server.SetPolicy(policy)
		answer(w, policy)
	})
	mux.HandleFunc("GET /requests", func(w http.ResponseWriter, _ *http.Request) { answer(w, server.Requests()) })
	mux.HandleFunc("GET /config", func(w http.ResponseWriter, _ *http.Request) { answer(w, server.Configuration()) })
	mux.HandleFunc("GET /logs", func(w http.ResponseWriter, _ *http.Request) { answer(w, server.Log().Lines()) })
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		state := server.FirstSteps()
		state["websockets"], state["trusted_origin"] = server.WebSocketConnections(), server.TrustedOrigin()
		answer(w, state)
	})
	return mux
}

// pluginOrder switches the plugin, installs another bundle over it, or does to its process what may happen to one.
type pluginOrder struct {
	Enable  bool   `json:"enable"`
	Disable bool   `json:"disable"`
	Upgrade string `json:"upgrade"`
	Kill    bool   `json:"kill"`
	// CheckHealth is what the server does every 30 seconds: a dead plugin is started again.
	CheckHealth bool `json:"check_health"`
}

func (o pluginOrder) apply(server *mattermost.Server) error {
	switch {
	case o.Enable:
		return server.EnablePlugin()
	case o.Disable:
		server.DisablePlugin()
		return nil
	case o.Kill:
		return server.KillPlugin()
	case o.CheckHealth:
		return server.CheckHealth()
	case o.Upgrade != "":
		bundle, err := os.Open(o.Upgrade)
		if err != nil {
			return err
		}
		defer bundle.Close()
		return server.ReplacePlugin(bundle)
	default:
		return fmt.Errorf(`want {"enable": true}, {"disable": true}, {"kill": true}, {"check_health": true} or {"upgrade": "<bundle>"}`)
	}
}

// command decodes the order and answers {} or the error.
func command[T any](run func(T) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var order T
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&order); err != nil {
			refuse(w, err)
			return
		}
		if err := run(order); err != nil {
			refuse(w, err)
			return
		}
		answer(w, map[string]any{})
	})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
