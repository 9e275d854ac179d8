// Command mattermost writes streams of Mattermost's own types for the gob crate's tests, each beside its description.
//
//	go run . FOLDER
package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"

	"notifymatters/gob-peer/describe"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: mattermost FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "mattermost:", err)
		os.Exit(1)
	}
}

// config is Mattermost's default configuration with the settings of a plugin, and without what is random in it.
func config() *model.Config {
	config := new(model.Config)
	config.SetDefaults()
	for _, secret := range []**string{
		&config.FileSettings.PublicLinkSalt, &config.SqlSettings.AtRestEncryptKey,
	} {
		fixed := "0123456789abcdefghijklmnopqrstuv"
		*secret = &fixed
	}
	config.PluginSettings.Plugins = map[string]map[string]any{
		"notifymatters": {"trustedorigin": "https://mail.example.com https://example.org:8443"},
		"other":         {"enabled": true, "limit": 12.5, "names": []any{"a", "b"}, "nothing": nil},
	}
	return config
}

// returns is how net/rpc carries the results of a hook or an API method.
type returns struct {
	A *model.Config
	B error
}

func values() map[string]any {
	refusal := model.NewAppError("ConfigurationWillBeSaved", "Write https://mail.example.com", nil, "", 400)
	refusal.SkipTranslation = true
	return map[string]any{
		"config":    config(),
		"app_error": &returns{B: refusal},
		"error":     &returns{B: &plugin.ErrorString{Code: 1, Err: "no such origin"}},
	}
}

func register() {
	describe.Names[reflect.TypeFor[*model.AppError]()] = "*model.AppError"
	describe.Names[reflect.TypeFor[*plugin.ErrorString]()] = "*plugin.ErrorString"
	describe.Names[reflect.TypeFor[[]any]()] = "[]interface {}"
	describe.Names[reflect.TypeFor[map[string]any]()] = "map[string]interface {}"
	for _, basic := range []any{"", true, 0.0} {
		describe.Names[reflect.TypeOf(basic)] = reflect.TypeOf(basic).String()
	}
}

func description(value any) ([]byte, error) {
	text, err := json.Marshal(describe.Value(reflect.ValueOf(value)))
	return append(text, '\n'), err
}

func write(folder string) error {
	register()
	for name, value := range values() {
		var stream bytes.Buffer
		encoder := gob.NewEncoder(&stream)
		// Twice: the second message comes without definitions.
		for range 2 {
			if err := encoder.Encode(value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		text, err := description(value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+".gob"), stream.Bytes(), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".json"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
