package mattermost11

// What makes this Mattermost 11: go.mod asks for server/public v0.4.3, and the adapter is compiled with it.
import _ "github.com/mattermost/mattermost/server/public/plugin"
