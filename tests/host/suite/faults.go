package suite

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"notifymatters.test/host"
)

func burstsAreAnswered(t *testing.T, s *server) {
	s.burst(t, 300)
	// The server waits five seconds for a plugin to take a request's streams. On a machine that is busy with other
	// things 6,000 take longer; then those at the end are refused, and nothing else may happen to them.
	begin := time.Now()
	failed := s.failuresOf(t, 6000)
	took := time.Since(begin)
	if failed > 0 && took < hostAcceptPatience {
		t.Errorf("%d of 6,000 requests failed within %v", failed, took)
	}
	s.mayComplain = took >= hostAcceptPatience
	s.configuration(t)
	if memory := host.ResidentKilobytes(host.Processes(s.pluginFolder())[0]); memory > maxResidentKilobytes {
		t.Errorf("%d kB resident after 6,000 requests at once", memory)
	}
}

// hostAcceptPatience is a little less than the five seconds of go-plugin's MuxBroker.Accept (1.8.0).
const hostAcceptPatience = 4 * time.Second

// maxResidentKilobytes bounds the memory after a burst: ten megabytes for a plugin that rests at about two.
const maxResidentKilobytes = 10 << 10

func largeBodiesAreNotKept(t *testing.T, s *server) {
	const size = 20 << 20
	body := strings.NewReader(strings.Repeat("x", size))
	response := httptest.NewRecorder()
	s.serve(t, response, httptest.NewRequest(http.MethodPost, endpoint, body), "anna")
	if response.Code != http.StatusOK {
		t.Errorf("status %d", response.Code)
	}
	if memory := host.ResidentKilobytes(host.Processes(s.pluginFolder())[0]); memory > maxResidentKilobytes {
		t.Errorf("%d kB resident after a body of 20 MB that nobody reads", memory)
	}
}

func activatedAndDeactivatedAtOnce(t *testing.T, s *server) {
	for range 10 {
		s.environment.Deactivate(s.manifest.ID)
		if _, err := s.environment.Activate(s.manifest.ID); err != nil {
			t.Fatal(err)
		}
	}
	s.configuration(t)
}

func aHookAnswersWhileAnotherCallHangs(t *testing.T, s *server) {
	release := make(chan struct{})
	var first sync.Once
	hangs := make(chan struct{})
	s.world.Interfere(func(method string) error {
		isFirst := false
		if method == "GetPluginConfig" {
			first.Do(func() { isFirst = true })
		}
		if isFirst {
			close(hangs)
			<-release
		}
		return nil
	})
	s.world.SetSettings(map[string]any{"trustedorigin": "https://b.example.com"})
	var hanging sync.WaitGroup
	hanging.Go(func() { _ = s.environment.ConfigurationChanged(s.manifest.ID) })
	<-hangs
	// While the server's API does not answer that call, others are.
	s.configuration(t)
	s.world.SetSettings(map[string]any{"trustedorigin": "https://newest.example.com"})
	done := make(chan error, 1)
	go func() { done <- s.environment.ConfigurationChanged(s.manifest.ID) }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("the second call: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the second call waits for the first")
	}
	close(release)
	hanging.Wait()
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://newest.example.com"}) {
		t.Errorf("afterwards trusted_origins are %q", answer.TrustedOrigins)
	}
	if events := s.eventsSinceStart(); len(events) != 1 {
		t.Errorf("published: %+v", events)
	}
}

// hang keeps the API from saying the settings, until release is called.
func (s *server) hang() (release func()) {
	released := make(chan struct{})
	s.world.Interfere(func(method string) error {
		if method == "GetPluginConfig" {
			<-released
		}
		return nil
	})
	return func() {
		s.world.Interfere(nil)
		close(released)
	}
}

// waitForTrust waits until exactly this origin is trusted: the plugin asks again a second after the API did not
// answer, with growing pauses.
func (s *server) waitForTrust(t *testing.T, origin string) {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		answer := s.configuration(t)
		if slices.Equal(answer.TrustedOrigins, []string{origin}) {
			return
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("trusted_origins stay %q", answer.TrustedOrigins)
		}
	}
}

func anAPIThatDoesNotAnswerIsAskedAgain(t *testing.T, s *server) {
	release := s.hang()
	s.world.SetSettings(map[string]any{"trustedorigin": "https://b.example.com"})
	if err := s.environment.ConfigurationChanged(s.manifest.ID); err == nil {
		t.Error("the hook says that the settings were read")
	}
	if answer := s.configuration(t); !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("trusted_origins are %q", answer.TrustedOrigins)
	}
	release()
	s.waitForTrust(t, "https://b.example.com")
	if events := s.eventsSinceStart(); len(events) != 1 {
		t.Errorf("published: %+v", events)
	}
}

func settingsUnreadAtTheStart(t *testing.T, s *server) {
	s.environment.Deactivate(s.manifest.ID)
	before := len(s.world.Events())
	release := s.hang()
	if _, err := s.environment.Activate(s.manifest.ID); err != nil {
		t.Fatal(err)
	}
	if answer := s.configuration(t); len(answer.TrustedOrigins) != 0 {
		t.Errorf("unread, trusted_origins are %q", answer.TrustedOrigins)
	}
	// Whoever saves something else must not be stopped by what may have been there for years.
	if judge, asks := s.environment.(host.ConfigurationJudge); asks {
		if refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, saved("old.example.com")); refusal != nil {
			t.Errorf("refused with %+v", refusal)
		}
	}
	release()
	s.waitForTrust(t, "https://mail.example.com")
	if events := s.world.Events()[before:]; len(events) != 1 {
		t.Errorf("published: %+v", events)
	}
}

func theServersAPIIsSlow(t *testing.T, s *server) {
	s.world.Interfere(func(string) error {
		time.Sleep(500 * time.Millisecond)
		return nil
	})
	s.change(t, map[string]any{"trustedorigin": "https://b.example.com"})
	s.burst(t, 100)
	if events := s.eventsSinceStart(); len(events) != 1 {
		t.Errorf("published: %+v", events)
	}
}

func itStopsWhileTheServersAPINeverAnswers(t *testing.T, s *server) {
	// A plugin that is stopped in the middle of a call is cut off, and the transport says so.
	s.mayComplain = true
	release := make(chan struct{})
	hangs := make(chan struct{})
	var once sync.Once
	s.world.Interfere(func(string) error {
		once.Do(func() { close(hangs) })
		<-release
		return nil
	})
	var hanging sync.WaitGroup
	hanging.Go(func() { _ = s.environment.ConfigurationChanged(s.manifest.ID) })
	<-hangs
	stopped := make(chan struct{})
	go func() {
		s.environment.Deactivate(s.manifest.ID)
		close(stopped)
	}()
	if left := host.WaitForNoProcess(s.pluginFolder(), shutdownPatience); len(left) > 0 {
		t.Errorf("left running: %v", left)
	}
	close(release)
	<-stopped
	hanging.Wait()
}

// nested is a value with so many maps in each other.
func nested(maps int) any {
	var value any = "deep"
	for range maps {
		value = map[string]any{"in": value}
	}
	return value
}

func deeplyNestedSettingsDoNoHarm(t *testing.T, s *server) {
	judge, ok := s.environment.(host.ConfigurationJudge)
	if !ok {
		t.Skip("this Mattermost does not ask plugins")
	}
	before := host.Processes(s.pluginFolder())
	plugins := map[string]any{"another": map[string]any{"setting": nested(60)}}
	for range 2 {
		refusal := judge.ConfigurationWillBeSaved(s.manifest.ID, map[string]any{"PluginSettings": map[string]any{"Plugins": plugins}})
		if refusal != nil {
			t.Errorf("refused: %+v", refusal)
		}
		s.configuration(t)
	}
	if after := host.Processes(s.pluginFolder()); !slices.Equal(before, after) {
		t.Errorf("it was restarted: %v, then %v", before, after)
	}
}

func anAnswerNestedTooDeeplyIsAnError(t *testing.T, s *server) {
	plugins := map[string]any{"another": map[string]any{"setting": nested(60)}}
	s.world.SetConfiguration(map[string]any{"PluginSettings": map[string]any{"Plugins": plugins}})
	answer := s.request(t, http.MethodGet, "/api/config", "anna").Body.String()
	if !strings.HasPrefix(answer, "error: gob: ") || !strings.Contains(answer, "nested deeper") || strings.Contains(answer, "gob: gob:") {
		t.Errorf("answered %q", answer)
	}
	if version := s.request(t, http.MethodGet, "/api/version", "anna").Body.String(); version != s.environment.Generation() {
		t.Errorf("afterwards the version is %q", version)
	}
}
