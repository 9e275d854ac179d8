package suite

import (
	"os"
	"regexp"
	"testing"

	"notifymatters.test/host"
)

// coverage lists the hooks and methods that the SDK has, as seen from a generation's folder.
const coverage = "../../../crates/mattermost-plugin/COVERAGE.md"

// What the oldest generation has, 5.39: a test that tries nothing finds nothing.
const (
	fewestHooks   = 19
	fewestMethods = 159
)

func everyHookArrivesWhole(t *testing.T, s *server) {
	tried, faults := s.environment.(host.Mirror).TryHooks()
	for _, fault := range faults {
		t.Error(fault)
	}
	if len(tried) < fewestHooks {
		t.Errorf("tried only %v", tried)
	}
	t.Logf("%d hooks", len(tried))
}

func everyMethodArrivesWhole(t *testing.T, s *server) {
	text, err := os.ReadFile(coverage)
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	for _, row := range regexp.MustCompile("(?m)^\\| \\[`(\\w+)`\\].* \\| `Api::(\\w+)` \\|").FindAllSubmatch(text, -1) {
		switch rust := string(row[2]); rust {
		// Their answers do not come back: a type of the plugin's own, and the configuration as a dynamic value.
		case "load_plugin_configuration", "config", "unsanitized_config":
		default:
			methods = append(methods, string(row[1]))
		}
	}
	known, faults := s.environment.(host.Mirror).TryAPI(methods)
	for _, fault := range faults {
		t.Error(fault)
	}
	if len(known) < fewestMethods {
		t.Errorf("tried only %v", known)
	}
	t.Logf("%d of %d methods", len(known), len(methods))
}
