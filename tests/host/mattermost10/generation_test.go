// Package mattermost10 runs the plugin host tests in the plugin environment of Mattermost 10.
package mattermost10

import (
	"testing"

	"notifymatters.test/host/adapter"
	"notifymatters.test/host/suite"
)

func TestMattermost10(t *testing.T) { suite.Run(t, adapter.Opener("10.5.0")) }
