// Command generate writes the hooks, the API and the models of the mattermost-plugin crate as Rust, from the Go
// definitions of the module that go.mod pins.
//
// Names, signatures, fields and minimum versions are Mattermost's. What the documentation says in sentences is ours and
// stands in words.txt.
//
//	generate <folder>    writes below the folder as if it were that of the crates
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/mattermost/mattermost/server/public/plugin"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate <folder>")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	definitions, err := read()
	if err != nil {
		return err
	}
	words, err := readWords()
	if err != nil {
		return err
	}
	api, err := methods(reflect.TypeFor[plugin.API](), definitions.api)
	if err != nil {
		return err
	}
	hooks, err := methods(reflect.TypeFor[plugin.Hooks](), definitions.hooks)
	if err != nil {
		return err
	}
	models := newModels()
	for _, file := range []struct {
		path    string
		content string
	}{
		{"mattermost-plugin/src/api/generated.rs", writeAPI(api, models, words)},
		{"mattermost-plugin/src/hooks/generated.rs", writeHooks(hooks, models, words)},
		{"mattermost-plugin/src/model/generated.rs", models.write(words)},
		{"mattermost-plugin/src/test/generated.rs", writeTest(api, hooks)},
		{"mattermost-plugin/examples/mirror/generated.rs", writeMirror(api, hooks)},
		{"mattermost-plugin/COVERAGE.md", writeCoverage(api, hooks, definitions.version)},
		{"mattermost-plugin-derive/src/generated.rs", writeHookNames(hooks)},
	} {
		path := filepath.Join(folder, file.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(file.content), 0o644); err != nil {
			return err
		}
	}
	return words.unused()
}
