// Package mattermost11 runs the plugin host tests in the plugin environment of Mattermost 11.
package mattermost11

import (
	"testing"

	"notifymatters.test/host/adapter"
	"notifymatters.test/host/suite"
)

func TestMattermost11(t *testing.T) { suite.Run(t, adapter.Opener("11.6.0")) }
