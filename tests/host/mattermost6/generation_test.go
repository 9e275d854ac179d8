package mattermost6

import (
	"testing"

	"notifymatters.test/host/suite"
)

func TestMattermost6(t *testing.T) { suite.Run(t, Opener("6.7.2")) }
