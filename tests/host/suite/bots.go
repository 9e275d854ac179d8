package suite

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"notifymatters.test/host"
)

// postPatience is how long a plugin may take to post something.
const postPatience = time.Minute

// runBot tests an example plugin that is a bot. Before 7.1, the first with the method EnsureBotUser, it cannot be active, and
// says why.
func (s *suite) runBot(t *testing.T, executable string, run func(*testing.T, *server)) {
	server := s.prepare(t, newFolder(t), func(plugins string) (*host.Manifest, error) {
		return installExample(executable, plugins)
	})
	t.Cleanup(func() { server.stop(t) })
	_, err := server.environment.Activate(server.manifest.ID)
	generation := server.environment.Generation()
	if strings.HasPrefix(generation, "5.") || strings.HasPrefix(generation, "6.") {
		if err == nil || !strings.Contains(err.Error(), "EnsureBotUser") {
			t.Errorf("activated on %s: %v", generation, err)
		}
		return
	}
	if err != nil {
		t.Fatalf("activate: %v\nlog:\n%s", err, server.logText())
	}
	run(t, server)
}

func aBotAnswers(t *testing.T, s *server) {
	for _, message := range []string{"hello", "@parrot good morning"} {
		post := host.Post{ID: "question", ChannelID: "town-square", UserID: "anna", Message: message}
		if err := s.environment.MessagePosted(s.manifest.ID, post); err != nil {
			t.Fatal(err)
		}
	}
	answer := host.Post{ID: "post1", RootID: "question", ChannelID: "town-square", UserID: "parrot", Message: "good morning"}
	if posts := s.world.WaitForPosts(1, postPatience); len(posts) != 1 || posts[0] != answer {
		t.Errorf("posted: %+v", posts)
	}
}

func aReminderComes(t *testing.T, s *server) {
	for _, step := range []struct{ command, answer string }{
		{"/remind 2h dinner", "You will be reminded."},
		{"/remind 1s green tea", "You will be reminded."},
	} {
		if answer := s.command(t, "anna", step.command); answer != step.answer {
			t.Errorf("%s answered %q", step.command, answer)
		}
	}
	// What is due is stored, not remembered.
	s.environment.Deactivate(s.manifest.ID)
	if _, err := s.environment.Activate(s.manifest.ID); err != nil {
		t.Fatal(err)
	}
	reminder := host.Post{ID: "post1", ChannelID: "anna__reminder", UserID: "reminder", Message: "green tea"}
	if posts := s.world.WaitForPosts(1, postPatience); len(posts) != 1 || posts[0] != reminder {
		t.Errorf("posted: %+v", posts)
	}
	if keys := s.world.Keys(); len(keys) != 1 {
		t.Errorf("left in the store: %q", keys)
	}
	if answer, err := s.environment.ExecuteCommand(s.manifest.ID, "anna", "/remind tea"); err == nil ||
		!strings.Contains(err.Error(), "/remind 10m tea") {
		t.Errorf("a command without a time answered %q, %v", answer, err)
	}
}

func aPollCounts(t *testing.T, s *server) {
	if answer := s.command(t, "anna", "/poll Lunch? | Pizza | Soup"); answer != "" {
		t.Errorf("the command answered %q", answer)
	}
	for _, user := range []string{"anna", "ben"} {
		click := strings.NewReader(`{"post_id": "post1", "context": {"answer": 1}}`)
		response := httptest.NewRecorder()
		s.serve(t, response, httptest.NewRequest(http.MethodPost, "/vote", click), user)
		if body := response.Body.String(); body != `{"ephemeral_text":"You chose Soup."}` {
			t.Errorf("a click is answered with %d: %s", response.Code, body)
		}
	}
	poll := host.Post{
		ID: "post1", UserID: "poll", Message: "**Lunch?**\n- Pizza: 0\n- Soup: 2",
		Buttons: "Pizza /plugins/poll/vote map[answer:0]\nSoup /plugins/poll/vote map[answer:1]",
	}
	if posts := s.world.Posts(); len(posts) != 1 || posts[0] != poll {
		t.Errorf("posted: %+v", posts)
	}
}
