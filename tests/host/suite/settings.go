package suite

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"notifymatters.test/host"
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
	events := s.eventsSinceStart()
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
	if events := s.eventsSinceStart(); len(events) != 0 {
		t.Errorf("published: %+v", events)
	}
}

func aChangedGrantIsServedAndAnnounced(t *testing.T, s *server) {
	const trusted = "https://mail.example.com https://b.example.com"
	s.change(t, map[string]any{"trustedorigin": trusted})
	for capabilities, want := range map[string][]string{
		`{"https://mail.example.com": ["go", "unread"], "https://stranger.example.com": ["go"]}`: {"unread", "go"},
		`{"https://mail.example.com": []}`: {},
		`no JSON`:                          {},
		"":                                 {"unread", "session", "view"},
	} {
		s.change(t, map[string]any{"trustedorigin": trusted, "capabilities": "{}"})
		before := len(s.world.Events())
		s.change(t, map[string]any{"trustedorigin": trusted, "capabilities": capabilities})
		granted := s.configuration(t).Capabilities
		if !slices.Equal(granted["https://mail.example.com"], want) || len(granted) != 2 {
			t.Errorf("%s grants %q", capabilities, granted)
		}
		events := s.world.Events()[before:]
		if meansTheSame := capabilities == ""; (len(events) == 0) != meansTheSame {
			t.Errorf("after %q: %+v", capabilities, events)
		}
	}
	for _, named := range []string{"https://stranger.example.com, which is no trusted origin", "is no JSON (expected"} {
		if !s.world.Log.WaitFor(named, logPatience) {
			t.Errorf("the log does not say %q", named)
		}
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

func ofTwoSpellingsTheConsolesCounts(t *testing.T, s *server) {
	// The key was written by hand; then a save in the System Console, which writes it in lower case, left it there.
	s.change(t, map[string]any{"TrustedOrigin": "https://struck.example.com", "trustedorigin": "https://kept.example.com"})
	for range 20 {
		if err := s.environment.ConfigurationChanged(s.manifest.ID); err != nil {
			t.Fatal(err)
		}
		if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://kept.example.com"}) {
			t.Fatalf("trusted_origins are %q", answer.TrustedOrigins)
		}
	}
	if events := s.eventsSinceStart(); len(events) != 1 {
		t.Errorf("published: %+v", events)
	}
	const warning = "remove TrustedOrigin from PluginSettings.Plugins.notifymatters"
	if !s.world.Log.WaitFor(warning, logPatience) {
		t.Error("the log does not name the stale one")
	}
	if lines := s.world.Log.Matching(warning); len(lines) != 1 {
		t.Errorf("named %d times: %q", len(lines), lines)
	}
	// What the System Console emptied stays empty.
	s.change(t, map[string]any{"TrustedOrigin": "https://struck.example.com", "trustedorigin": ""})
	if answer := s.configuration(t); len(answer.TrustedOrigins) != 0 {
		t.Errorf("emptied, trusted_origins are %q", answer.TrustedOrigins)
	}
	// A hand-written key alone counts, although the System Console shows an empty field.
	s.change(t, map[string]any{"TrustedOrigin": "https://mail.example.com"})
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("written by hand, trusted_origins are %q", answer.TrustedOrigins)
	}
	if !s.world.Log.WaitFor("rename it to trustedorigin", logPatience) {
		t.Error("the log does not say why the System Console shows an empty field")
	}
}

func aChangeWhileItWasDeadIsAnnounced(t *testing.T, s *server) {
	s.mayComplain = true
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com https://struck.example.com"})
	running := host.Processes(s.pluginFolder())
	if len(running) != 1 {
		t.Fatalf("%d processes run, not one", len(running))
	}
	if err := syscall.Kill(running[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	host.WaitForNoProcess(s.pluginFolder(), shutdownPatience)
	// Nobody is there to read it, or to tell the pages.
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com"})
	before := len(s.world.Events())
	if err := s.environment.CheckHealth(s.manifest.ID); err != nil {
		t.Fatalf("restart: %v", err)
	}
	if events := s.world.Events()[before:]; len(events) != 1 || events[0].Name != announced {
		t.Errorf("the start published: %+v", events)
	}
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("trusted_origins are %q", answer.TrustedOrigins)
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
		s.change(t, map[string]any{"trustedorigin": value, "capabilities": value})
		s.configuration(t)
	}
	s.change(t, map[string]any{"trustedorigin": "https://mail.example.com"})
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("afterwards trusted_origins are %q", answer.TrustedOrigins)
	}
}
