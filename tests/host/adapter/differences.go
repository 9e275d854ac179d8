package adapter

// What is not the same in all generations stands in this file; the other files are one source for all of them.

import (
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/shared/mlog"

	"notifymatters.test/host"
)

// newLogger makes a logger that writes JSON lines into the log.
func newLogger(log *host.Log) (*mlog.Logger, error) {
	logger, err := mlog.NewLogger()
	if err != nil {
		return nil, err
	}
	return logger, mlog.AddWriterTarget(logger, log, true, mlog.LvlDebug, mlog.LvlInfo, mlog.LvlWarn, mlog.LvlError)
}

func closeLogger(logger *mlog.Logger) { _ = logger.Shutdown() }

func watchHealth(plugins *plugin.Environment, on bool) { plugins.TogglePluginHealthCheckJob(on) }

// preset are hooks whose answer is decoded over the argument of that place: what it leaves out stays as it was, and maps
// have the entries of both.
var preset = map[string]int{"MessageWillBePosted": 1, "ChannelMemberWillBeAdded": 1, "TeamMemberWillBeAdded": 1}

// misfits are methods whose answers are of another type in this generation, which the plugin is told as an error.
var misfits []string
