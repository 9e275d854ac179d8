package suite

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// itServesTheWebPartsAssets asks as a browser does that is not logged in, and as somebody who wants more.
func itServesTheWebPartsAssets(t *testing.T, s *server) {
	files, err := filepath.Glob(filepath.Join(s.pluginFolder(), "assets", "*.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no compressed files in the bundle (%v)", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".gz")
		response := s.request(t, http.MethodGet, "/assets/"+name, "")
		if response.Code != http.StatusOK {
			t.Fatalf("%s: status %d: %s", name, response.Code, response.Body)
		}
		for header, want := range map[string]string{
			"Content-Type":           "text/javascript; charset=utf-8",
			"Content-Encoding":       "gzip",
			"Cache-Control":          "max-age=31556926, public",
			"X-Content-Type-Options": "nosniff",
		} {
			if got := response.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q, not %q", name, header, got, want)
			}
		}
		if got, want := unzipped(t, response.Body), unzippedFile(t, file); got != want {
			t.Errorf("%s: %d bytes, not the file's %d", name, len(got), len(want))
		}
	}
	for _, path := range []string{"/assets/", "/assets/none.js", "/assets/icon.svg", "/assets/../plugin.json", "/assets/%2e%2e/plugin.json"} {
		if response := s.request(t, http.MethodGet, path, "anna"); response.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, response.Code)
		}
	}
}

func unzippedFile(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return unzipped(t, file)
}

func unzipped(t *testing.T, compressed io.Reader) string {
	t.Helper()
	reader, err := gzip.NewReader(compressed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
