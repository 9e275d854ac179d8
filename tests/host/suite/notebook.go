package suite

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// command runs a slash command as the user.
func (s *server) command(t *testing.T, user, command string) string {
	t.Helper()
	answer, err := s.environment.ExecuteCommand(s.manifest.ID, user, command)
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return answer
}

func aSlashCommandIsAnswered(t *testing.T, s *server) {
	if commands := s.world.Commands(); !slices.Equal(commands, []string{"note"}) {
		t.Errorf("registered: %q", commands)
	}
	for _, step := range []struct{ user, command, answer string }{
		{"anna", "/note buy milk", "Written."},
		{"anna", "/note   böse Zeichen <b>&", "Written."},
		{"anna", "/note", "buy milk\nböse Zeichen <b>&\n"},
		{"ben", "/note", ""},
	} {
		if answer := s.command(t, step.user, step.command); answer != step.answer {
			t.Errorf("%s of %s answered %q, not %q", step.command, step.user, answer, step.answer)
		}
	}
}

func aPageShowsTheStore(t *testing.T, s *server) {
	s.command(t, "anna", "/note <i>mine</i>")
	for user, want := range map[string]string{"anna": "&lt;i>mine&lt;/i>\n</pre>", "ben": "<pre></pre>"} {
		response := s.request(t, http.MethodGet, "/", user)
		if response.Code != http.StatusOK || !strings.Contains(response.Body.String(), want) {
			t.Errorf("%s sees %d: %s", user, response.Code, response.Body)
		}
		if kind := response.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
			t.Errorf("Content-Type %q", kind)
		}
	}
	if response := s.request(t, http.MethodGet, "/", ""); response.Code != http.StatusUnauthorized {
		t.Errorf("nobody sees %d: %s", response.Code, response.Body)
	}
}

func notesWrittenAtOnceAreKept(t *testing.T, s *server) {
	// The example tries five times: as many writers at once can each succeed.
	const writers = 5
	var waiting sync.WaitGroup
	for writer := range writers {
		waiting.Go(func() { s.command(t, "anna", fmt.Sprintf("/note from %d", writer)) })
	}
	waiting.Wait()
	lines := strings.Split(strings.TrimSpace(s.command(t, "anna", "/note")), "\n")
	slices.Sort(lines)
	if want := []string{"from 0", "from 1", "from 2", "from 3", "from 4"}; !slices.Equal(lines, want) {
		t.Errorf("kept: %q", lines)
	}
}

func aFailingStoreIsTold(t *testing.T, s *server) {
	s.world.Interfere(func(string) error { return errors.New("the database is away") })
	if answer, err := s.environment.ExecuteCommand(s.manifest.ID, "anna", "/note"); err == nil ||
		!strings.Contains(err.Error(), "Your notebook cannot be opened at the moment.") {
		t.Errorf("answered %q, %v", answer, err)
	}
	if response := s.request(t, http.MethodGet, "/", "anna"); response.Code != http.StatusBadGateway {
		t.Errorf("the page is %d: %s", response.Code, response.Body)
	}
	if !s.world.Log.WaitFor("the database is away", logPatience) {
		t.Error("the log does not name the reason")
	}
	s.world.Interfere(nil)
	if answer := s.command(t, "anna", "/note later"); answer != "Written." {
		t.Errorf("afterwards answered %q", answer)
	}
}
