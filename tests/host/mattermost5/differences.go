package mattermost5

// What is not the same in all generations stands in this file.

import (
	"context"

	"github.com/mattermost/mattermost-server/v5/plugin"
	"github.com/mattermost/mattermost-server/v5/shared/mlog"

	"notifymatters.test/host"
)

// newLogger makes a logger that writes JSON lines to standard error, which goes into the log already: this
// generation's logger cannot be given another writer.
func newLogger(*host.Log) (*mlog.Logger, error) {
	return mlog.NewLogger(&mlog.LoggerConfiguration{EnableConsole: true, ConsoleJson: true, ConsoleLevel: mlog.LevelDebug}), nil
}

func closeLogger(logger *mlog.Logger) { _ = logger.Flush(context.Background()) }

func watchHealth(plugins *plugin.Environment, on bool) { plugins.InitPluginHealthCheckJob(on) }

// ConfigurationWillBeSaved has nobody to ask: the hook began with Mattermost 8.0.
func (e *environment) ConfigurationWillBeSaved(string, map[string]any) *host.Refusal { return nil }

// preset are hooks whose answer is decoded over the argument of that place: what it leaves out stays as it was, and maps
// have the entries of both.
var preset = map[string]int{"MessageWillBePosted": 1, "MessageWillBeUpdated": 1}

// misfits are methods whose answers are of another type in this generation, which the plugin is told as an error.
var misfits = []string{"GetPlugins", "InstallPlugin"}
