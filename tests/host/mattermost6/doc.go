// Package mattermost6 runs the plugin host tests in the plugin environment of Mattermost 6.
package mattermost6
