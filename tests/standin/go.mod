module notifymatters.test/standin

go 1.26.3

require github.com/mattermost/mattermost/server/public v0.4.3 // indirect
