package suite

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notifymatters.test/host"
)

// The SDK's template for a new plugin, as seen from a generation's folder, and what `cargo generate` replaces in it.
const (
	template    = "../../../crates/mattermost-plugin/template"
	placeholder = "{{project-name}}"

	// templateMachine is the one machine that the template's manifest names.
	templateMachine = "linux-amd64"
)

// installTemplate does what the template's README says after the build, for a plugin with the name "hello".
func installTemplate(executable, plugins string) (*host.Manifest, error) {
	content, err := os.ReadFile(filepath.Join(template, "plugin.json"))
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(plugins, "com.example.hello")
	if err := os.MkdirAll(filepath.Join(folder, "server"), 0o755); err != nil {
		return nil, err
	}
	manifest := strings.ReplaceAll(string(content), placeholder, "hello")
	if err := os.WriteFile(filepath.Join(folder, "plugin.json"), []byte(manifest), 0o644); err != nil {
		return nil, err
	}
	if err := copyExecutable(executable, filepath.Join(folder, "server", "plugin-"+templateMachine)); err != nil {
		return nil, err
	}
	return host.ReadManifest(folder)
}

func aPluginFromTheTemplateWorks(t *testing.T, s *server) {
	if answer := s.command(t, "anna", "/hello"); answer != "Hello, anna!" {
		t.Errorf("/hello answered %q", answer)
	}
	if response := s.request(t, http.MethodGet, "/", "anna"); response.Body.String() != "Hello, anna!" {
		t.Errorf("the page is %d: %s", response.Code, response.Body)
	}
	if response := s.request(t, http.MethodGet, "/", ""); response.Code != http.StatusUnauthorized {
		t.Errorf("without a user the page is %d", response.Code)
	}
}
