// Package mattermost9 runs the plugin host tests in the plugin environment of Mattermost 9.
package mattermost9

import (
	"testing"

	"notifymatters.test/host/adapter"
	"notifymatters.test/host/suite"
)

func TestMattermost9(t *testing.T) { suite.Run(t, adapter.Opener("9.8.1")) }
