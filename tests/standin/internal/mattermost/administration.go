package mattermost

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"notifymatters.test/host"
)

// administrationRoutes are what the System Console calls.
func (s *Server) administrationRoutes() {
	s.mux.HandleFunc("GET /api/v4/plugins", s.installedPlugins)
	s.mux.HandleFunc("GET /api/v4/config", s.forAdmin(s.masked))
	// null, unless a variable sets something (seen in 9.8.1 and 11.6.0); then an object with those sections.
	s.mux.HandleFunc("GET /api/v4/config/environment", s.forAdmin(s.environmentSettings.load))
	// Both lay what they get over what is there; a whole configuration leaves nothing of it.
	s.mux.HandleFunc("PUT /api/v4/config", s.saveConfig)
	s.mux.HandleFunc("PUT /api/v4/config/patch", s.saveConfig)
}

func (s *Server) forAdmin(value func() map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.requireAdmin(w, r) {
			writeJSON(w, http.StatusOK, value())
		}
	}
}

// installedPlugins answers with the manifest as it was unpacked: the System Console makes its form from it.
func (s *Server) installedPlugins(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) {
		return
	}
	s.plugins.Lock()
	path := filepath.Join(s.pluginFolder(), s.plugins.manifest.ID, "plugin.json")
	s.plugins.Unlock()
	manifest, err := os.ReadFile(path)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "app.plugin.get_plugins.app_error", err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"active": []json.RawMessage{manifest}, "inactive": []any{}})
}

// saveConfig asks the plugin before it saves, as Mattermost does from 8.0 on.
func (s *Server) saveConfig(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) {
		return
	}
	patch := map[string]any{}
	if !readJSON(w, r, &patch) {
		return
	}
	s.dropClosed(patch)
	service, _ := patch["ServiceSettings"].(map[string]any)
	if url, isThere := service["SiteURL"]; isThere && url == "" && s.config.section("ServiceSettings")["SiteURL"] != "" {
		writeError(w, http.StatusBadRequest, "api.config.update_config.clear_siteurl.app_error", "Site URL cannot be cleared.")
		return
	}
	if email, _ := patch["EmailSettings"].(map[string]any); email["SMTPPassword"] == mask {
		delete(email, "SMTPPassword")
	}
	if judge, asks := s.environment.(host.ConfigurationJudge); asks {
		if refusal := judge.ConfigurationWillBeSaved(s.plugins.manifest.ID, s.config.merged(patch)); refusal != nil {
			writeError(w, refusal.StatusCode, refusal.ID, refusal.Message)
			return
		}
	}
	s.PatchConfig(patch)
	writeJSON(w, http.StatusOK, s.masked())
}

// writeRestrictable are the settings that a restricted system administrator cannot change: what is sent of them is
// dropped without a word (the tag of that name in model/config.go of 10.5 and 11.6).
var writeRestrictable = []string{"SiteURL", "FrameAncestors"}

// dropClosed takes out of a patch what the environment sets, and what ExperimentalSettings.RestrictSystemAdmin closes.
func (s *Server) dropClosed(patch map[string]any) {
	service, _ := patch["ServiceSettings"].(map[string]any)
	if s.config.section("ExperimentalSettings")["RestrictSystemAdmin"] == true {
		for _, key := range writeRestrictable {
			delete(service, key)
		}
	}
	for name, keys := range s.environmentSettings.load() {
		section, _ := patch[name].(map[string]any)
		fixed, _ := keys.(map[string]any)
		for key := range fixed {
			delete(section, key)
		}
	}
}

// SetEnvironment says which settings come from environment variables, as a tree with true at its leaves.
func (s *Server) SetEnvironment(tree map[string]any) {
	if len(tree) == 0 {
		tree = nil
	}
	s.environmentSettings.store(tree)
}

// pageAncestors are the frame-ancestors of a page: {setting} in the policy is what the configuration says.
func (s *Server) pageAncestors(policy Policy) Policy {
	setting, _ := s.config.section("ServiceSettings")["FrameAncestors"].(string)
	policy.FrameAncestors = strings.ReplaceAll(policy.FrameAncestors, "{setting}", setting)
	return policy
}
