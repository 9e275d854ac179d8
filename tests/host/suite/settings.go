package suite

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// announced is the event that open pages listen for.
const announced = "custom_notifymatters_config_changed"

// logPatience is how long the environment may take to write what the plugin logged.
const logPatience = 3 * time.Second

func aChangedSettingIsServedAndAnnounced(t *testing.T, s *server) {
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com/ https://B.example.com:443"})
	answer := s.configuration(t)
	if want := []string{"https://mail.example.com", "https://b.example.com"}; !slices.Equal(answer.TrustedOrigins, want) {
		t.Errorf("trusted_origins are %q", answer.TrustedOrigins)
	}
	if *answer.TrustedOrigin != "https://mail.example.com/ https://B.example.com:443" {
		t.Errorf("TrustedOrigin is %q, not what was stored", *answer.TrustedOrigin)
	}
	events := s.world.Events()
	if len(events) != 1 || events[0].Name != announced || events[0].UserID != "" || len(events[0].Payload) != 0 {
		t.Errorf("published: %+v", events)
	}
}

func aSettingThatMeansTheSameIsNotAnnounced(t *testing.T, s *server) {
	for _, same := range []string{"https://mail.example.com/", "  https://MAIL.example.com ", "https://mail.example.com:443"} {
		s.change(t, map[string]any{"trustedorigin": same})
		if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
			t.Errorf("%q became %q", same, answer.TrustedOrigins)
		}
	}
	if events := s.world.Events(); len(events) != 0 {
		t.Errorf("published: %+v", events)
	}
}

func settingsStoredByTheOldPluginWork(t *testing.T, s *server) {
	// The old plugin stored several origins with single spaces between them; servers write the key in lower case,
	// configurations edited by hand may have it as the manifest does.
	for _, key := range []string{"trustedorigin", "TrustedOrigin"} {
		s.change(t, map[string]any{key: "https://mail.example.com/ https://b.example.com"})
		if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com", "https://b.example.com"}) {
			t.Errorf("%s: trusted_origins are %q", key, answer.TrustedOrigins)
		}
	}
	s.change(t, map[string]any{})
	if answer := s.configuration(t); len(answer.TrustedOrigins) != 0 || answer.TrustedOrigins == nil {
		t.Errorf("with no setting trusted_origins are %q, not an empty list", answer.TrustedOrigins)
	}
}

func aMalformedOriginIsNamedInTheLog(t *testing.T, s *server) {
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com/webapp https://good.example.com"})
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://good.example.com"}) {
		t.Errorf("trusted_origins are %q", answer.TrustedOrigins)
	}
	if !s.world.Log.WaitFor("mail.example.com/webapp", logPatience) {
		t.Error("the log does not name the origin")
	}
}

func strangeSettingsDoNoHarm(t *testing.T, s *server) {
	huge := strings.Repeat("https://a.example.com/path ", 40_000)
	for _, value := range []any{nil, 7, true, []string{"https://a.example.com"}, map[string]any{"a": 1}, huge, "\x00\ufffd"} {
		s.change(t, map[string]any{"trustedorigin": value})
		s.configuration(t)
	}
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com"})
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("afterwards trusted_origins are %q", answer.TrustedOrigins)
	}
}
