package mattermost5

import (
	"testing"

	"notifymatters.test/host/suite"
)

func TestMattermost5(t *testing.T) { suite.Run(t, Opener("5.39.3")) }
