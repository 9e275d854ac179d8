// Package host is what all generations of Mattermost's plugin environment have in common for our tests:
// the world around a plugin, the way into it, and what it left behind.
//
// It knows nothing of Mattermost's Go modules; each generation has a small adapter in a module of its own.
package host

import "net/http"

// Environment is Mattermost's own plugin environment of one generation, as far as the tests need it.
type Environment interface {
	// Activate starts the plugin's server part and unpacks its web part. It returns the path of the web part's
	// script below "/static/", or "" where the plugin has none.
	Activate(id string) (string, error)
	// Deactivate runs OnDeactivate and ends the process. It says whether the plugin was active.
	Deactivate(id string) bool
	// IsActive says whether the environment holds the plugin for running.
	IsActive(id string) bool
	// Remove forgets a deactivated plugin, as an upgrade does before it activates the new one.
	Remove(id string)
	// ServeHTTP hands a request to the plugin. The caller has already done what Mattermost does to its path and headers.
	ServeHTTP(id string, w http.ResponseWriter, r *http.Request) error
	// ConfigurationChanged runs the plugin's OnConfigurationChange.
	ConfigurationChanged(id string) error
	// ExecuteCommand runs a slash command of the plugin and returns the text of its answer.
	ExecuteCommand(id, user, command string) (string, error)
	// MessagePosted runs the plugin's MessageHasBeenPosted.
	MessagePosted(id string, post Post) error
	// CheckHealth is one round of the health check: three pings, then a restart of a plugin that does not answer.
	CheckHealth(id string) error
	// WatchHealth turns the server's own health check on or off: a ping to each plugin every 30 seconds.
	WatchHealth(on bool)
	// Shutdown ends all plugins.
	Shutdown()
	// Generation is the Mattermost version that the environment says it is, for example "11.6.0".
	Generation() string
}

// ConfigurationJudge is an Environment of a Mattermost that asks plugins before it saves a configuration (8.0 on).
type ConfigurationJudge interface {
	// ConfigurationWillBeSaved asks the plugin about the configuration that is about to be saved, given as the JSON of
	// parts of a model.Config. nil: it may be saved.
	ConfigurationWillBeSaved(id string, parts map[string]any) *Refusal
}

// Refusal is why something is not done, as Mattermost tells it to whoever wanted it.
type Refusal struct {
	ID, Message string
	// StatusCode is HTTP's.
	StatusCode int
}

// MirrorID is the id of the SDK's example plugin that gives back what it is given.
const MirrorID = "mirror"

// Mirror is an Environment that tries the mirror plugin with made-up values, which both ends must have in common.
type Mirror interface {
	// TryHooks calls every hook of this generation and returns the names of those that were tried, and what went wrong.
	TryHooks() (tried, faults []string)
	// TryAPI has the plugin call the methods, by Go's names, and answers; those that this generation does not have must
	// be an error that says so. It returns the names of those that the generation has, and what went wrong.
	TryAPI(methods []string) (known, faults []string)
}

// Opener makes an Environment that unpacks below dir/webapp and finds its plugins in dir/plugins.
type Opener func(dir string, world *World) (Environment, error)
