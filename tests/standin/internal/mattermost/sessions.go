package mattermost

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// account is somebody who can log in.
type account struct {
	ID, Name, Display string
	Admin             bool
	Email             string
	// Password is Password where it is empty.
	Password string
	// Locale is the language of the user's Mattermost.
	Locale string
}

// Password is everybody's who was there at the start.
const Password = "standin"

// DefaultUser is who the tests and the demo are logged in as.
const DefaultUser = "anna"

// users have ids of 26 characters, as Mattermost's do.
var users = []account{
	{ID: "annaannaannaannaannaannaan", Name: "anna", Email: "anna@example.com", Display: "Anna", Locale: "en"},
	{ID: "benbenbenbenbenbenbenbenbe", Name: "ben", Email: "ben@example.com", Display: "Ben", Locale: "en"},
	{ID: "adminadminadminadminadmina", Name: "admin", Email: "admin@example.com", Display: "Admin", Admin: true, Locale: "en"},
	{ID: "heikeheikeheikeheikeheikeh", Name: "heike", Email: "heike@example.com", Display: "Heike", Admin: true, Locale: "de"},
}

type session struct {
	userID string
	csrf   string
}

type sessions struct {
	mutex   sync.Mutex
	byToken map[string]session
}

func (s *sessions) begin(userID string) (string, session) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.byToken == nil {
		s.byToken = map[string]session{}
	}
	token, begun := rand.Text(), session{userID: userID, csrf: rand.Text()}
	s.byToken[token] = begun
	return token, begun
}

func (s *sessions) find(token string) (session, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found, ok := s.byToken[token]
	return found, ok
}

func (s *sessions) end(token string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.byToken, token)
}

// EndSessions logs everybody out, without telling the pages.
func (s *Server) EndSessions() {
	s.sessions.mutex.Lock()
	defer s.sessions.mutex.Unlock()
	s.sessions.byToken = nil
}

// beginSession logs somebody in and sets the three cookies: Mattermost gives them no SameSite attribute, except over https
// where the login carries the cookie MMEMBED (app/login.go of 11.1).
func (s *Server) beginSession(w http.ResponseWriter, r *http.Request, name string) string {
	user, _ := s.userNamed(name)
	token, begun := s.sessions.begin(user.ID)
	path := s.options.Subpath
	if path == "" {
		path = "/"
	}
	secure, sameSite := isHTTPS(r), http.SameSite(0)
	if embedded, err := r.Cookie("MMEMBED"); err == nil && embedded.Value == "1" && secure {
		sameSite = http.SameSiteNoneMode
	}
	for _, cookie := range []http.Cookie{
		{Name: "MMAUTHTOKEN", Value: token, HttpOnly: true},
		{Name: "MMUSERID", Value: begun.userID},
		{Name: "MMCSRF", Value: begun.csrf},
	} {
		cookie.Path, cookie.Secure, cookie.SameSite = path, secure, sameSite
		http.SetCookie(w, &cookie)
	}
	return token
}

// isHTTPS says whether a request came by https, as Mattermost decides it (GetProtocol in app/login.go).
func isHTTPS(r *http.Request) bool {
	return r.Header.Get("X-Forwarded-Proto") == "https" || r.TLS != nil
}

// singleSignOn sends the browser to the pages of an identity provider, which send it back to singleSignOnDone.
func (s *Server) singleSignOn(w http.ResponseWriter, r *http.Request) {
	provider := strings.Replace(s.options.SiteURL, "://chat.", "://identity.", 1)
	http.Redirect(w, r, provider+"/identity.html?back="+url.QueryEscape(s.SiteURL()+"/oauth/gitlab/complete"), http.StatusFound)
}

func (s *Server) singleSignOnDone(w http.ResponseWriter, r *http.Request) {
	s.beginSession(w, r, DefaultUser)
	http.Redirect(w, r, s.SiteURL()+"/", http.StatusFound)
}

// tokenOf finds the session token where Mattermost looks for it, and says whether it came as a cookie.
func tokenOf(r *http.Request) (token string, cookie bool) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Token") {
		return value, false
	}
	if found, err := r.Cookie("MMAUTHTOKEN"); err == nil {
		return found.Value, true
	}
	return "", false
}

// userOf is the id of the user who makes the request; "" for nobody.
//
// A request with the session in a cookie and a method other than GET counts only with the session's CSRF token.
func (s *Server) userOf(r *http.Request) string {
	token, cookie := tokenOf(r)
	found, known := s.sessions.find(token)
	if !known {
		return ""
	}
	if cookie && r.Method != http.MethodGet && r.Header.Get("X-CSRF-Token") != found.csrf {
		return ""
	}
	return found.userID
}

func (s *Server) requireAdmin(w http.ResponseWriter, r *http.Request) bool {
	user, known := s.userWithID(s.userOf(r))
	if !known {
		writeError(w, http.StatusUnauthorized, "api.context.session_expired.app_error", "Invalid or expired session, please login again.")
		return false
	}
	if !user.Admin {
		writeError(w, http.StatusForbidden, "api.context.permissions.app_error", "You do not have the appropriate permissions.")
		return false
	}
	return true
}
