package mattermost9

// What makes this Mattermost 9: go.mod asks for server/public v0.1.0, and the adapter is compiled with it.
import _ "github.com/mattermost/mattermost/server/public/plugin"
