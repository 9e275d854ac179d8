package suite

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// aLoginInAFrameOfAnotherSite asks as a browser does that is not logged in: below a subpath, whose prefix Mattermost has taken
// from the path and left in the request's target.
func aLoginInAFrameOfAnotherSite(t *testing.T, s *server) {
	begin := func(to string, header http.Header) *http.Response {
		t.Helper()
		request := httptest.NewRequest(http.MethodGet, "/chat/plugins/notifymatters/embed"+to, nil)
		request.URL.Path = "/embed"
		request.Header = header
		response := httptest.NewRecorder()
		s.serve(t, response, request, "")
		return response.Result()
	}
	proxied := func(site string) http.Header {
		return http.Header{"X-Forwarded-Proto": {"https"}, "Sec-Fetch-Site": {site}}
	}
	for _, test := range []struct {
		to               string
		header           http.Header
		status           int
		location, cookie string
	}{
		{"?to=%2Fteam%2Fmessages%2F%40ben", proxied("cross-site"), http.StatusSeeOther, "../../team/messages/@ben", embedCookie},
		{"", proxied("cross-site"), http.StatusNoContent, "", embedCookie},
		{"?to=%2F", proxied("same-site"), http.StatusSeeOther, "../../", ""},
		{"?to=%2F%2Felsewhere.example%2Fthreads", proxied("cross-site"), http.StatusBadRequest, "", ""},
		{"?to=%2F", http.Header{"X-Forwarded-Proto": {"http"}}, http.StatusBadRequest, "", ""},
	} {
		response := begin(test.to, test.header)
		if response.StatusCode != test.status || response.Header.Get("Location") != test.location || response.Header.Get("Set-Cookie") != test.cookie {
			t.Errorf("%q, %v: %s, %v", test.to, test.header, response.Status, response.Header)
		}
		if response.StatusCode < http.StatusBadRequest && response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%q: it may be kept", test.to)
		}
	}

	// A server that serves TLS itself says so in its configuration alone, which is read at the start.
	s.environment.Deactivate(s.manifest.ID)
	s.world.SetConfiguration(map[string]any{"ServiceSettings": map[string]any{"ConnectionSecurity": "TLS"}})
	if _, err := s.environment.Activate(s.manifest.ID); err != nil {
		t.Fatal(err)
	}
	if response := begin("?to=%2F", http.Header{}); response.Header.Get("Set-Cookie") != embedCookie {
		t.Errorf("behind TLS of its own: %s, %v", response.Status, response.Header)
	}
}

// embedCookie is what a login in a frame of another site needs.
const embedCookie = "MMEMBED=1; Path=/chat; Secure; SameSite=None"
