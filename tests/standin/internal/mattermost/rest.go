package mattermost

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// maxBody bounds what a request may carry: a bundle for five platforms is far smaller.
const maxBody = 256 << 20

func (s *Server) restRoutes() {
	s.mux.HandleFunc("POST /api/v4/users/login", s.login)
	s.mux.HandleFunc("POST /api/v4/users/logout", s.logout)
	s.mux.HandleFunc("GET /api/v4/users/me", s.me)
	s.mux.HandleFunc("GET /oauth/gitlab/login", s.singleSignOn)
	s.mux.HandleFunc("GET /oauth/gitlab/complete", s.singleSignOnDone)
	s.mux.HandleFunc("PUT /api/v4/users/{id}/status", s.setStatus)
	s.mux.HandleFunc("GET /api/v4/plugins/webapp", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.enabledManifests())
	})
	s.mux.HandleFunc("GET /api/v4/plugins/statuses", s.pluginStatuses)
	s.mux.HandleFunc("POST /api/v4/plugins", s.uploadPlugin)
	s.mux.HandleFunc("POST /api/v4/plugins/{id}/enable", s.switchPlugin(true))
	s.mux.HandleFunc("POST /api/v4/plugins/{id}/disable", s.switchPlugin(false))
	s.administrationRoutes()
	s.firstStepsRoutes()
	s.mux.HandleFunc("GET /api/v4/config/client", s.clientConfig)
	s.mux.HandleFunc("GET /api/v4/system/ping", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"status": "OK"})
	})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

// writeError answers with Mattermost's error object.
func writeError(w http.ResponseWriter, status int, id, text string) {
	writeJSON(w, status, map[string]any{"id": id, "message": text, "detailed_error": "", "status_code": status})
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(into); err != nil {
		writeError(w, http.StatusBadRequest, "api.context.invalid_body_param.app_error", "Invalid or missing body.")
		return false
	}
	return true
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	var credentials struct {
		Login    string `json:"login_id"`
		Password string `json:"password"`
	}
	if !readJSON(w, r, &credentials) {
		return
	}
	user, known := s.userNamed(credentials.Login)
	if !known || credentials.Password != cmp.Or(user.Password, Password) {
		writeError(w, http.StatusUnauthorized, "api.user.login.invalid_credentials_email_username", "Enter a valid email or username and/or password.")
		return
	}
	w.Header().Set("Token", s.beginSession(w, r, user.Name))
	writeUser(w, user)
}

// setStatus tells the user's pages, as Mattermost does; the id in the body must be that of the path (read in 5.39 to 11).
func (s *Server) setStatus(w http.ResponseWriter, r *http.Request) {
	user := s.userOf(r)
	var wanted struct {
		UserID string `json:"user_id"`
		Status string `json:"status"`
	}
	if user == "" {
		writeError(w, http.StatusUnauthorized, "api.context.session_expired.app_error", "Invalid or expired session, please login again.")
		return
	}
	if !readJSON(w, r, &wanted) {
		return
	}
	if r.PathValue("id") != user || wanted.UserID != user {
		writeError(w, http.StatusBadRequest, "api.context.invalid_body_param.app_error", "Invalid or missing user_id in request body.")
		return
	}
	s.hub.broadcast("status_change", map[string]any{"user_id": user, "status": wanted.Status}, user)
	writeJSON(w, http.StatusOK, wanted)
}

func writeUser(w http.ResponseWriter, user account) {
	roles := "system_user"
	if user.Admin {
		roles += " system_admin"
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": user.ID, "username": user.Name, "nickname": user.Display, "email": user.Email, "roles": roles, "locale": user.Locale})
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	token, _ := tokenOf(r)
	s.sessions.end(token)
	http.SetCookie(w, &http.Cookie{Name: "MMAUTHTOKEN", Path: "/", Expires: time.Unix(0, 0), MaxAge: -1, HttpOnly: true})
	writeJSON(w, http.StatusOK, map[string]any{"status": "OK"})
}

func (s *Server) me(w http.ResponseWriter, r *http.Request) {
	user, known := s.userWithID(s.userOf(r))
	if !known {
		writeError(w, http.StatusUnauthorized, "api.context.session_expired.app_error", "Invalid or expired session, please login again.")
		return
	}
	writeUser(w, user)
}

func (s *Server) pluginStatuses(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) {
		return
	}
	s.plugins.Lock()
	defer s.plugins.Unlock()
	state := 0 // not running
	if s.environment.IsActive(s.plugins.manifest.ID) {
		state = 2 // running
	}
	writeJSON(w, http.StatusOK, []map[string]any{{
		"plugin_id": s.plugins.manifest.ID, "version": s.plugins.manifest.Version, "state": state, "cluster_id": "",
	}})
}

func (s *Server) uploadPlugin(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) {
		return
	}
	if s.config.section("PluginSettings")["EnableUploads"] != true {
		writeError(w, http.StatusNotImplemented, "app.plugin.upload_disabled.app_error", "Plugins and/or plugin uploads have been disabled.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	file, _, err := r.FormFile("plugin")
	if err != nil {
		writeError(w, http.StatusBadRequest, "api.plugin.upload.no_file.app_error", "Missing file in multipart/form request.")
		return
	}
	defer file.Close()
	if r.FormValue("force") != "true" {
		writeError(w, http.StatusBadRequest, "app.plugin.install_id.app_error", "Unable to install plugin. A plugin with the same ID is already installed.")
		return
	}
	if err := s.ReplacePlugin(file); err != nil {
		writeError(w, http.StatusBadRequest, "app.plugin.extract.app_error", "Unable to install the plugin: "+err.Error())
		return
	}
	s.plugins.Lock()
	defer s.plugins.Unlock()
	writeJSON(w, http.StatusCreated, map[string]any{"id": s.plugins.manifest.ID, "version": s.plugins.manifest.Version})
}

func (s *Server) switchPlugin(on bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.requireAdmin(w, r) {
			return
		}
		if r.PathValue("id") != s.plugins.manifest.ID {
			writeError(w, http.StatusNotFound, "app.plugin.not_installed.app_error", "Plugin is not installed.")
			return
		}
		if !on {
			s.DisablePlugin()
		} else if err := s.EnablePlugin(); err != nil {
			writeError(w, http.StatusInternalServerError, "app.plugin.activate.app_error", "Unable to activate the plugin: "+err.Error())
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"status": "OK"})
	}
}

func (s *Server) clientConfig(w http.ResponseWriter, _ *http.Request) {
	service := s.config.section("ServiceSettings")
	_, someone := s.account(func(account) bool { return true })
	writeJSON(w, http.StatusOK, map[string]any{
		"Version": versions[s.options.Generation], "SiteURL": service["SiteURL"], "PluginsEnabled": "true",
		"NoAccounts":               fmt.Sprint(!someone),
		"EnableDesktopLandingPage": fmt.Sprint(service["EnableDesktopLandingPage"]),
	})
}
