package mattermost10

// What makes this Mattermost 10: go.mod asks for server/public v0.1.21, and the adapter is compiled with it.
import _ "github.com/mattermost/mattermost/server/public/plugin"
