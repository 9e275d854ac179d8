package suite

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"notifymatters.test/host"
)

func itActivates(t *testing.T, s *server) {
	if !s.environment.IsActive(s.manifest.ID) {
		t.Fatal("not active after the activation")
	}
	if running := host.Processes(s.pluginFolder()); len(running) != 1 {
		t.Fatalf("%d processes run, not one", len(running))
	}
}

func theWebPartIsUnpacked(t *testing.T, s *server) {
	folder := filepath.Join(s.folder, "webapp", s.manifest.ID)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), s.manifest.ID+"_") && strings.HasSuffix(entry.Name(), "_bundle.js") {
			return
		}
	}
	t.Fatalf("no script in %v", entries)
}

func aUserReadsTheConfiguration(t *testing.T, s *server) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		response := s.request(t, method, endpoint, "anna")
		if response.Code != http.StatusOK {
			t.Fatalf("%s: status %d: %s", method, response.Code, response.Body)
		}
		if kind := response.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s: Content-Type %q", method, kind)
		}
		if caching := response.Header().Get("Cache-Control"); caching != "no-store" {
			t.Errorf("%s: Cache-Control %q", method, caching)
		}
	}
	answer := s.configuration(t)
	if answer.TrustedOrigin == nil || *answer.TrustedOrigin != "https://mail.example.com" {
		t.Errorf("TrustedOrigin is %v", answer.TrustedOrigin)
	}
	if !slices.Equal(answer.TrustedOrigins, []string{"https://mail.example.com"}) {
		t.Errorf("trusted_origins are %q", answer.TrustedOrigins)
	}
}

func withoutAUserThereIsNoConfiguration(t *testing.T, s *server) {
	response := s.request(t, http.MethodGet, endpoint, "")
	if response.Code != http.StatusUnauthorized {
		t.Errorf("status %d", response.Code)
	}
	if strings.Contains(response.Body.String(), "mail.example.com") {
		t.Errorf("the answer tells the setting: %s", response.Body)
	}
}

func otherPathsAndMethodsAreRefused(t *testing.T, s *server) {
	for _, path := range []string{"/", "/api", "/api/v1/config/", "/api/v1/config/x", "/api/v2/config", "/API/V1/CONFIG"} {
		if response := s.request(t, http.MethodGet, path, "anna"); response.Code != http.StatusNotFound {
			t.Errorf("GET %s: status %d", path, response.Code)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		if response := s.request(t, method, endpoint, "anna"); response.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, response.Code)
		}
	}
}

func theHealthCheckPasses(t *testing.T, s *server) {
	before := host.Processes(s.pluginFolder())
	for range 3 {
		if err := s.environment.CheckHealth(s.manifest.ID); err != nil {
			t.Fatal(err)
		}
	}
	if after := host.Processes(s.pluginFolder()); !slices.Equal(before, after) {
		t.Errorf("a healthy plugin was restarted: %v, then %v", before, after)
	}
}

func manyRequestsAtOnce(t *testing.T, s *server) {
	s.burst(t, 2000)
	s.configuration(t)
}

// burst sends requests at once and wants a 200 for each.
func (s *server) burst(t *testing.T, count int) {
	t.Helper()
	if failed := s.failuresOf(t, count); failed > 0 {
		t.Errorf("%d of %d requests at once were not answered with 200", failed, count)
	}
}

// failuresOf sends requests at once and counts those that are not answered with 200; each must be answered.
func (s *server) failuresOf(t *testing.T, count int) int {
	t.Helper()
	var waiting sync.WaitGroup
	var failed atomic.Int64
	for range count {
		waiting.Go(func() {
			if s.request(t, http.MethodGet, endpoint, "anna").Code != http.StatusOK {
				failed.Add(1)
			}
		})
	}
	waiting.Wait()
	return int(failed.Load())
}
