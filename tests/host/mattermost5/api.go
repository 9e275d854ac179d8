// Code generated from ../adapter/api.go; DO NOT EDIT.

package mattermost5

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost-server/v5/model"
	"github.com/mattermost/mattermost-server/v5/plugin"

	"notifymatters.test/host"
)

// api is what the plugin can call. The embedded interface is nil: a method that is missing here ends the test
// with its name in the trace.
type api struct {
	plugin.API
	manifest *model.Manifest
	world    *host.World
}

func (a *api) LoadPluginConfiguration(destination any) error {
	if err := a.world.Enter("LoadPluginConfiguration"); err != nil {
		return err
	}
	defaults := map[string]any{}
	if a.manifest.SettingsSchema != nil {
		for _, setting := range a.manifest.SettingsSchema.Settings {
			defaults[setting.Key] = setting.Default
		}
	}
	encoded, err := json.Marshal(a.world.PluginConfiguration(defaults))
	if err != nil {
		return err
	}
	return json.Unmarshal(encoded, destination)
}

// GetPluginConfig answers late with what was stored when it was asked.
func (a *api) GetPluginConfig() map[string]any {
	settings := a.world.Settings()
	_ = a.world.Enter("GetPluginConfig")
	return settings
}

func (a *api) PublishWebSocketEvent(event string, payload map[string]any, broadcast *model.WebsocketBroadcast) {
	_ = a.world.Enter("PublishWebSocketEvent")
	user := ""
	if broadcast != nil {
		user = broadcast.UserId
	}
	a.world.Publish(a.manifest.Id, event, payload, user)
}

func (a *api) GetServerVersion() string {
	_ = a.world.Enter("GetServerVersion")
	return model.CurrentVersion
}

// IsEnterpriseReady is no method of the API before 6.1: there it is never called.
func (a *api) IsEnterpriseReady() bool {
	_ = a.world.Enter("IsEnterpriseReady")
	return true
}

func (a *api) GetConfig() *model.Config {
	_ = a.world.Enter("GetConfig")
	return configuration(a.world.Configuration())
}

func (a *api) GetUnsanitizedConfig() *model.Config { return a.GetConfig() }

func (a *api) GetUser(id string) (*model.User, *model.AppError) {
	if err := a.world.Enter("GetUser"); err != nil {
		return nil, model.NewAppError("GetUser", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	user, known := a.world.User(id)
	if !known {
		return nil, model.NewAppError("GetUser", "app.user.missing_account.const", nil, "", http.StatusNotFound)
	}
	return &model.User{Id: user.ID, Username: user.Name}, nil
}

func (a *api) HasPermissionTo(id string, permission *model.Permission) bool {
	_ = a.world.Enter("HasPermissionTo")
	user, known := a.world.User(id)
	return known && user.Admin && permission.Id == "manage_system"
}

func (a *api) KVSet(key string, value []byte) *model.AppError {
	if err := a.world.Enter("KVSet"); err != nil {
		return model.NewAppError("KVSet", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	a.world.SetValue(key, value)
	return nil
}

func (a *api) KVSetWithOptions(key string, value []byte, options model.PluginKVSetOptions) (bool, *model.AppError) {
	if err := a.world.Enter("KVSetWithOptions"); err != nil {
		return false, model.NewAppError("KVSetWithOptions", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	if options.Atomic {
		return a.world.ReplaceValue(key, options.OldValue, value), nil
	}
	a.world.SetValue(key, value)
	return true, nil
}

func (a *api) KVGet(key string) ([]byte, *model.AppError) {
	if err := a.world.Enter("KVGet"); err != nil {
		return nil, model.NewAppError("KVGet", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	return a.world.Value(key), nil
}

func (a *api) KVDelete(key string) *model.AppError { return a.KVSet(key, nil) }

func (a *api) KVCompareAndDelete(key string, old []byte) (bool, *model.AppError) {
	if err := a.world.Enter("KVCompareAndDelete"); err != nil {
		return false, model.NewAppError("KVCompareAndDelete", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	return a.world.ReplaceValue(key, old, nil), nil
}

func (a *api) KVCompareAndSet(key string, old, value []byte) (bool, *model.AppError) {
	return a.KVSetWithOptions(key, value, model.PluginKVSetOptions{Atomic: true, OldValue: old})
}

func (a *api) KVList(page, perPage int) ([]string, *model.AppError) {
	if err := a.world.Enter("KVList"); err != nil {
		return nil, model.NewAppError("KVList", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	keys := a.world.Keys()
	first := min(page*perPage, len(keys))
	return keys[first:min(first+perPage, len(keys))], nil
}

// EnsureBotUser is no method of the API before 7.1: there it is never called. A bot's id is its name.
func (a *api) EnsureBotUser(bot *model.Bot) (string, error) {
	return bot.Username, a.world.Enter("EnsureBotUser")
}

func (a *api) GetDirectChannel(one, other string) (*model.Channel, *model.AppError) {
	_ = a.world.Enter("GetDirectChannel")
	return &model.Channel{Id: one + "__" + other}, nil
}

func (a *api) CreatePost(post *model.Post) (*model.Post, *model.AppError) {
	if err := a.world.Enter("CreatePost"); err != nil {
		return nil, model.NewAppError("CreatePost", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	post.Id = a.world.AddPost(plain(post))
	return post, nil
}

func (a *api) UpdatePost(post *model.Post) (*model.Post, *model.AppError) {
	if err := a.world.Enter("UpdatePost"); err != nil {
		return nil, model.NewAppError("UpdatePost", "standin.error", nil, err.Error(), http.StatusInternalServerError)
	}
	a.world.ReplacePost(plain(post))
	return post, nil
}

func plain(post *model.Post) host.Post {
	var buttons []string
	for _, attachment := range post.Attachments() {
		for _, action := range attachment.Actions {
			buttons = append(buttons, fmt.Sprint(action.Name, " ", action.Integration.URL, " ", action.Integration.Context))
		}
	}
	return host.Post{
		ID: post.Id, RootID: post.RootId, ChannelID: post.ChannelId, UserID: post.UserId, Message: post.Message,
		Buttons: strings.Join(buttons, "\n"),
	}
}

func (a *api) RegisterCommand(command *model.Command) error {
	if err := a.world.Enter("RegisterCommand"); err != nil {
		return err
	}
	// As servers do (app.RegisterPluginCommand).
	if command.AutocompleteData != nil {
		if err := command.AutocompleteData.IsValid(); err != nil {
			return err
		}
	}
	return a.world.AddCommand(command.Trigger)
}

func (a *api) UnregisterCommand(string, string) error { return a.world.Enter("UnregisterCommand") }

func (a *api) LogDebug(message string, pairs ...any) { a.log("debug", message, pairs) }

func (a *api) LogInfo(message string, pairs ...any) { a.log("info", message, pairs) }

func (a *api) LogWarn(message string, pairs ...any) { a.log("warn", message, pairs) }

func (a *api) LogError(message string, pairs ...any) { a.log("error", message, pairs) }

func (a *api) log(level, message string, pairs []any) {
	_ = a.world.Enter("Log")
	a.world.LogPlugin(a.manifest.Id, level, message, pairs)
}
