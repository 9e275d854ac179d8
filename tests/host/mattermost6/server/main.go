//go:build mattermost_server

// Command server is Mattermost 6.7.2 itself, without what its own main imports for the Enterprise Edition.
// The companion's tests run it. The tag keeps `go vet ./...` and `go test ./...` from compiling all of it.
package main

import (
	"os"

	_ "github.com/mattermost/mattermost-server/v6/app/slashcommands"
	"github.com/mattermost/mattermost-server/v6/cmd/mattermost/commands"
)

func main() {
	if err := commands.Run(os.Args[1:]); err != nil {
		os.Exit(1)
	}
}
