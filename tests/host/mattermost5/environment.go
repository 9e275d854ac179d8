// Code generated from ../adapter/environment.go; DO NOT EDIT.

package mattermost5

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/mattermost/mattermost-server/v5/model"
	"github.com/mattermost/mattermost-server/v5/plugin"
	"github.com/mattermost/mattermost-server/v5/plugin/plugintest"
	"github.com/mattermost/mattermost-server/v5/shared/mlog"

	"notifymatters.test/host"
)

type environment struct {
	plugins *plugin.Environment
	logger  *mlog.Logger
	version string
	// mirrored is the API of the plugin that mirrors.
	mirrored *plugintest.API
}

// Opener returns the host.Opener of the generation that says it is of this Mattermost version.
func Opener(version string) host.Opener {
	return func(dir string, world *host.World) (host.Environment, error) {
		return open(dir, version, world)
	}
}

func open(dir, version string, world *host.World) (host.Environment, error) {
	// The manifest's min_server_version is compared with this global.
	model.CurrentVersion = version
	if err := host.CaptureStandardError(world.Log); err != nil {
		return nil, err
	}
	logger, err := newLogger(world.Log)
	if err != nil {
		return nil, err
	}
	pluginDir, webappDir := filepath.Join(dir, "plugins"), filepath.Join(dir, "webapp")
	for _, folder := range []string{pluginDir, webappDir} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	mirrored := newMirrored()
	newAPI := func(manifest *model.Manifest) plugin.API {
		if manifest.Id == host.MirrorID {
			return mirrored
		}
		return &api{manifest: manifest, world: world}
	}
	plugins, err := plugin.NewEnvironment(newAPI, nil, pluginDir, webappDir, logger, nil)
	if err != nil {
		return nil, err
	}
	return &environment{plugins: plugins, logger: logger, version: version, mirrored: mirrored}, nil
}

func (e *environment) Generation() string { return e.version }

func (e *environment) Activate(id string) (string, error) {
	manifest, activated, err := e.plugins.Activate(id)
	if err != nil {
		return "", err
	}
	if !activated {
		return "", fmt.Errorf("%s is active already", id)
	}
	if !manifest.HasWebapp() {
		return "", nil
	}
	return manifest.ClientManifest().Webapp.BundlePath, nil
}

func (e *environment) Deactivate(id string) bool { return e.plugins.Deactivate(id) }

func (e *environment) IsActive(id string) bool { return e.plugins.IsActive(id) }

func (e *environment) Remove(id string) { e.plugins.RemovePlugin(id) }

func (e *environment) ServeHTTP(id string, w http.ResponseWriter, r *http.Request) error {
	hooks, err := e.plugins.HooksForPlugin(id)
	if err != nil {
		return err
	}
	hooks.ServeHTTP(&plugin.Context{
		RequestId: model.NewId(), UserAgent: r.UserAgent(), AcceptLanguage: r.Header.Get("Accept-Language"),
	}, w, r)
	return nil
}

func (e *environment) ConfigurationChanged(id string) error {
	hooks, err := e.plugins.HooksForPlugin(id)
	if err != nil {
		return err
	}
	return hooks.OnConfigurationChange()
}

func (e *environment) ExecuteCommand(id, user, command string) (string, error) {
	hooks, err := e.plugins.HooksForPlugin(id)
	if err != nil {
		return "", err
	}
	response, failure := hooks.ExecuteCommand(&plugin.Context{}, &model.CommandArgs{Command: command, UserId: user})
	if failure != nil {
		return "", failure
	}
	return response.Text, nil
}

func (e *environment) MessagePosted(id string, post host.Post) error {
	hooks, err := e.plugins.HooksForPlugin(id)
	if err != nil {
		return err
	}
	hooks.MessageHasBeenPosted(&plugin.Context{}, &model.Post{
		Id: post.ID, RootId: post.RootID, ChannelId: post.ChannelID, UserId: post.UserID, Message: post.Message,
	})
	return nil
}

func (e *environment) CheckHealth(id string) error {
	if err := e.plugins.PerformHealthCheck(id); err != nil {
		// What the environment's own job does every 30 seconds to a plugin that does not answer.
		return e.plugins.RestartPlugin(id)
	}
	return nil
}

func (e *environment) WatchHealth(on bool) { watchHealth(e.plugins, on) }

func (e *environment) Shutdown() {
	e.plugins.Shutdown()
	closeLogger(e.logger)
}

// configuration returns a whole model.Config with the given parts laid over the defaults.
func configuration(parts map[string]any) *model.Config {
	config := &model.Config{}
	config.SetDefaults()
	if encoded, err := json.Marshal(parts); err == nil {
		_ = json.Unmarshal(encoded, config)
	}
	return config
}
