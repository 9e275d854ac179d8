package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Older generations have other module paths, and Go has no way to compile one source against both. So their
// adapters are copies of ../adapter with other imports; `UPDATE=1 go test .` in this folder writes them.
var copies = map[string]string{
	"mattermost6": "github.com/mattermost/mattermost-server/v6",
	"mattermost5": "github.com/mattermost/mattermost-server/v5",
}

const originalModule = "github.com/mattermost/mattermost/server/public"

func TestTheAdaptersOfOlderGenerationsAreCopiesOfTheOne(t *testing.T) {
	for folder, module := range copies {
		for _, file := range []string{"environment.go", "api.go", "mirror.go", "streams.go", "random.go"} {
			original, err := os.ReadFile(filepath.Join("adapter", file))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(string(original), originalModule, module)
			// The doc comment belongs to the original.
			_, want, _ = strings.Cut(want, "package adapter\n")
			want = "// Code generated from ../adapter/" + file + "; DO NOT EDIT.\n\npackage " + folder + "\n" + want
			path := filepath.Join(folder, file)
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if have, err := os.ReadFile(path); err != nil || string(have) != want {
				t.Errorf("%s differs from its original: run `UPDATE=1 go test .` in tests/host (%v)", path, err)
			}
		}
	}
}
