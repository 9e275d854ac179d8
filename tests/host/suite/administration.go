package suite

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"notifymatters.test/host"
)

func onlyAdministratorsReadTheDiagnostics(t *testing.T, s *server) {
	const path = "/api/v1/diagnostics?site=https://chat.example.com"
	for user, status := range map[string]int{"": http.StatusUnauthorized, "anna": http.StatusForbidden, "admin": http.StatusOK} {
		if response := s.request(t, http.MethodGet, path, user); response.Code != status {
			t.Errorf("%q gets %d: %s", user, response.Code, response.Body)
		}
	}
	s.request(t, http.MethodGet, endpoint+"?host=https://mail.example.com", "anna")
	s.request(t, http.MethodGet, endpoint+"?host=https://stranger.example.com", "anna")
	var report struct {
		TrustedOrigins []struct{ Origin, Relation string } `json:"trusted_origins"`
		Asked          struct {
			Answered, Refused []struct{ Origin string }
		}
	}
	response := s.request(t, http.MethodGet, path, "admin")
	if err := json.Unmarshal(response.Body.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if trusted := report.TrustedOrigins; len(trusted) != 1 || trusted[0].Relation != "same_site" {
		t.Errorf("trusted origins: %+v", trusted)
	}
	asked := report.Asked
	if len(asked.Answered) != 1 || asked.Answered[0].Origin != "https://mail.example.com" ||
		len(asked.Refused) != 1 || asked.Refused[0].Origin != "https://stranger.example.com" {
		t.Errorf("asked: %+v", asked)
	}
}

// saved is a whole configuration with this setting, as it is about to be saved.
func saved(setting any) map[string]any {
	return map[string]any{
		"ServiceSettings": map[string]any{"SiteURL": "https://chat.example.com", "EnableDesktopLandingPage": false},
		"PluginSettings": map[string]any{"Plugins": map[string]any{
			"notifymatters": map[string]any{"trustedorigin": setting}, "other": map[string]any{"a": map[string]any{"b": 1}},
		}},
	}
}

func aWrongSettingIsRefusedOnSaving(t *testing.T, s *server) {
	judge := s.environment.(host.ConfigurationJudge)
	if generation := s.environment.Generation(); strings.HasPrefix(generation, "5.") || strings.HasPrefix(generation, "6.") {
		// Before 8.0 Mattermost asks no plugin; the log names the origin.
		return
	}
	refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, saved("https://mail.example.com https://Mail.Example.com/webapp/"))
	want := host.Refusal{StatusCode: http.StatusBadRequest}
	want.Message = "https://Mail.Example.com/webapp/ has a path; an origin has none. Write https://mail.example.com instead."
	want.ID = want.Message
	if refusal == nil || *refusal != want {
		t.Errorf("refused with %+v", refusal)
	}
	for _, fine := range []any{"https://mail.example.com", "https://mail.example.com https://b.example.com", "", nil, 7, []string{"a"}} {
		if refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, saved(fine)); refusal != nil {
			t.Errorf("%v is refused with %+v", fine, refusal)
		}
	}
	if refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, map[string]any{}); refusal != nil {
		t.Errorf("a configuration without the plugin is refused with %+v", refusal)
	}
	// A stale spelling of the key that nobody can see in the System Console stops no save, whatever stands there.
	for _, shown := range []string{"", "https://mail.example.com"} {
		parts := saved(shown)
		plugins := parts["PluginSettings"].(map[string]any)["Plugins"].(map[string]any)
		plugins["notifymatters"].(map[string]any)["TrustedOrigin"] = "old.example.com"
		if refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, parts); refusal != nil {
			t.Errorf("%q beside a stale one is refused with %+v", shown, refusal)
		}
	}
	grants := saved("https://mail.example.com")
	plugins := grants["PluginSettings"].(map[string]any)["Plugins"].(map[string]any)
	for capabilities, cure := range map[string]string{
		`{"https://mail.example.com": ["go"]}`:     "",
		`{"https://Mail.example.com/": ["go"]}`:    "write https://mail.example.com",
		`{"https://stranger.example.com": ["go"]}`: "add it to the trusted origins",
		`{"https://mail.example.com": ["fly"]}`:    "there are unread, session, view, status, context, go and status.set",
		`{"https://mail.example.com" ["go"]}`:      "line 1 column 29",
	} {
		plugins["notifymatters"].(map[string]any)["capabilities"] = capabilities
		refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, grants)
		if (refusal != nil) != (cure != "") || refusal != nil && !strings.Contains(refusal.Message, cure) {
			t.Errorf("%s: %+v", capabilities, refusal)
		}
	}
	// What has been there before stops no save.
	s.change(t, map[string]any{"trustedorigin": "https://old.example.com/path"})
	for setting, refused := range map[string]bool{
		"https://old.example.com/path":                           false,
		"https://old.example.com/path https://new.example.com":   false,
		"https://old.example.com/path https://new.example.com/x": true,
	} {
		if refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, saved(setting)); (refusal != nil) != refused {
			t.Errorf("%s: %+v", setting, refusal)
		}
	}
}
