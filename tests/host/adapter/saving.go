package adapter

import (
	"errors"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"

	"notifymatters.test/host"
)

// ConfigurationWillBeSaved does what Mattermost makes of the hook's answer (app/platform/config.go of 8.0 to 11.6).
func (e *environment) ConfigurationWillBeSaved(id string, parts map[string]any) *host.Refusal {
	hooks, err := e.plugins.HooksForPlugin(id)
	if err != nil {
		// A plugin that is not active is not asked.
		return nil
	}
	_, err = hooks.ConfigurationWillBeSaved(configuration(parts))
	var refused *model.AppError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return &host.Refusal{ID: refused.Id, Message: refused.Message, StatusCode: refused.StatusCode}
	default:
		text := "The configuration could not be saved."
		return &host.Refusal{ID: "app.save_config.plugin_hook_error", Message: text, StatusCode: http.StatusBadRequest}
	}
}
