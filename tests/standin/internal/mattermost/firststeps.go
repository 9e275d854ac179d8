package mattermost

import (
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"slices"
	"strings"
	"sync"
	"time"
)

// mask is what is shown in the place of a secret, and taken back as "as it was" (model.FakeSetting).
const mask = "********************************"

// firstSteps is what a new server is given: accounts, a team, a role without a right, invitations.
type firstSteps struct {
	mutex       sync.Mutex
	accounts    []account
	permissions []string
	teams       []team
	invited     []string
	// invitationAt is when the limit of invitations has forgotten all of them.
	invitationAt time.Time
}

type team struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Type        string `json:"type"`
}

func (s *Server) firstStepsRoutes() {
	s.mux.HandleFunc("POST /api/v4/users", s.signUp)
	s.mux.HandleFunc("GET /api/v4/roles/name/system_user", s.role)
	s.mux.HandleFunc("PUT /api/v4/roles/{id}/patch", s.patchRole)
	s.mux.HandleFunc("GET /api/v4/teams/name/{name}", s.teamNamed)
	s.mux.HandleFunc("POST /api/v4/teams", s.createTeam)
	s.mux.HandleFunc("POST /api/v4/teams/{id}/invite/email", s.invite)
	s.mux.HandleFunc("POST /api/v4/email/test", s.testEmail)
	s.mux.HandleFunc("GET /api/v4/logs", s.serverLog)
}

// SetAccounts leaves nobody on the server, or everybody.
func (s *Server) SetAccounts(bare bool) {
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	if s.first.accounts = users; bare {
		s.first.accounts = nil
	}
}

// FirstSteps are the teams, everybody's rights, and the addresses that were invited.
func (s *Server) FirstSteps() map[string]any {
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	teams := []string{}
	for _, team := range s.first.teams {
		teams = append(teams, team.Name)
	}
	return map[string]any{"teams": teams, "permissions": s.first.permissions, "invited": slices.Clone(s.first.invited)}
}

func (s *Server) account(is func(account) bool) (account, bool) {
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	for _, user := range s.first.accounts {
		if is(user) {
			return user, true
		}
	}
	return account{}, false
}

func (s *Server) userNamed(name string) (account, bool) {
	return s.account(func(user account) bool { return user.Name == name })
}

func (s *Server) userWithID(id string) (account, bool) {
	return s.account(func(user account) bool { return user.ID == id })
}

// signUp lets only the first account in, which becomes the administrator: EnableOpenServer is off in a new server.
func (s *Server) signUp(w http.ResponseWriter, r *http.Request) {
	var user struct{ Email, Username, Password string }
	if !readJSON(w, r, &user) {
		return
	}
	if len(user.Password) < 8 {
		writeError(w, http.StatusBadRequest, "model.user.is_valid.pwd.app_error", "Your password must contain at least 8 characters.")
		return
	}
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	if len(s.first.accounts) > 0 {
		writeError(w, http.StatusForbidden, "api.user.create_user.no_open_server", "This server does not allow open signups. Please speak with your Administrator to receive an invitation.")
		return
	}
	created := account{ID: "firstfirstfirstfirstfirstf", Name: user.Username, Email: user.Email, Password: user.Password, Admin: true, Locale: "en"}
	s.first.accounts = []account{created}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"id": %q, "username": %q}`, created.ID, created.Name)
}

func (s *Server) role(w http.ResponseWriter, r *http.Request) {
	if s.requireAdmin(w, r) {
		s.first.mutex.Lock()
		defer s.first.mutex.Unlock()
		writeJSON(w, http.StatusOK, map[string]any{"id": "systemuserrolesystemuserro", "name": "system_user", "permissions": s.first.permissions})
	}
}

func (s *Server) patchRole(w http.ResponseWriter, r *http.Request) {
	var patch struct{ Permissions []string }
	if s.requireAdmin(w, r) && readJSON(w, r, &patch) {
		s.first.mutex.Lock()
		s.first.permissions = patch.Permissions
		s.first.mutex.Unlock()
		s.role(w, r)
	}
}

func (s *Server) teamNamed(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) {
		return
	}
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	for _, team := range s.first.teams {
		if team.Name == r.PathValue("name") {
			writeJSON(w, http.StatusOK, team)
			return
		}
	}
	writeError(w, http.StatusNotFound, "app.team.get_by_name.missing.app_error", "Unable to find the existing team.")
}

func (s *Server) createTeam(w http.ResponseWriter, r *http.Request) {
	var created team
	if s.requireAdmin(w, r) && readJSON(w, r, &created) {
		s.first.mutex.Lock()
		defer s.first.mutex.Unlock()
		created.ID = "teamteamteamteamteamteamte"
		s.first.teams = append(s.first.teams, created)
		writeJSON(w, http.StatusCreated, created)
	}
}

// An invitation is paid for with three minutes of one hour; twenty more than that may be owed (app/email of 6.7 to 11.6:
// 20 an hour, a burst of 20).
const (
	invitationPause = time.Hour / 20
	invitationBurst = 20 * invitationPause
)

func (s *Server) invite(w http.ResponseWriter, r *http.Request) {
	var addresses []string
	if !s.requireAdmin(w, r) || !readJSON(w, r, &addresses) {
		return
	}
	if s.config.section("ServiceSettings")["EnableEmailInvitations"] != true {
		writeError(w, http.StatusNotImplemented, "api.team.invite_members.disabled.app_error", "Email invitations are disabled.")
		return
	}
	s.first.mutex.Lock()
	defer s.first.mutex.Unlock()
	now := time.Now()
	at := s.first.invitationAt
	if at.Before(now) {
		at = now
	}
	at = at.Add(time.Duration(len(addresses)) * invitationPause)
	if at.After(now.Add(invitationBurst + invitationPause)) {
		writeError(w, http.StatusRequestEntityTooLarge, "app.email.rate_limit_exceeded.app_error", "Invite emails rate limit exceeded.")
		return
	}
	s.first.invitationAt = at
	results := []map[string]any{}
	for _, address := range addresses {
		result := map[string]any{"email": address, "error": nil}
		if strings.HasSuffix(address, ".invalid") {
			result["error"] = map[string]any{"id": "api.team.invite_members.invalid_email.app_error", "message": "The following email addresses do not belong to an accepted domain: " + address}
		} else {
			s.first.invited = append(s.first.invited, address)
		}
		results = append(results, result)
	}
	writeJSON(w, http.StatusOK, results)
}

// testEmail sends to whoever asks, by the settings that the server has: those of the call are read and left (5.39 to 11).
func (s *Server) testEmail(w http.ResponseWriter, r *http.Request) {
	if !s.requireAdmin(w, r) || !readJSON(w, r, &map[string]any{}) {
		return
	}
	settings := s.config.section("EmailSettings")
	text := func(key string) string { return fmt.Sprint(settings[key]) }
	user, _ := s.userWithID(s.userOf(r))
	message := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: [Mattermost] Testing your email settings\r\n\r\nCongratulations!\r\n", text("FeedbackEmail"), user.Email)
	err := smtp.SendMail(net.JoinHostPort(text("SMTPServer"), text("SMTPPort")), nil, text("FeedbackEmail"), []string{user.Email}, []byte(message))
	if err != nil {
		writeError(w, http.StatusInternalServerError, "app.admin.test_email.failure", "Connection unsuccessful: "+err.Error())
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"status": "OK"})
}

// serverLog answers with the newest lines, each a text of its own.
func (s *Server) serverLog(w http.ResponseWriter, r *http.Request) {
	if s.requireAdmin(w, r) {
		writeJSON(w, http.StatusOK, s.options.Log.Lines())
	}
}

// masked is the configuration as it is shown.
func (s *Server) masked() map[string]any {
	shown := deepCopy(s.config.snapshot())
	if email, _ := shown["EmailSettings"].(map[string]any); email["SMTPPassword"] != "" {
		email["SMTPPassword"] = mask
	}
	return shown
}
