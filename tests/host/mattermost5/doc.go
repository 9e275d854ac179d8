// Package mattermost5 runs the plugin host tests in the plugin environment of Mattermost 5.
package mattermost5
