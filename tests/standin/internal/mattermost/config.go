package mattermost

import (
	"maps"
	"strings"
	"sync"
)

// config is the server's configuration, as far as anything here reads it.
type config struct {
	mutex sync.Mutex
	value map[string]any
}

func (c *config) init(siteURL, trustedOrigin string, generation int) {
	service := map[string]any{
		"SiteURL": siteURL, "EnableDesktopLandingPage": true, "AllowCorsFrom": "",
		"WebsocketURL": "", "WebsocketPort": 80, "WebsocketSecurePort": 443,
		"EnablePostUsernameOverride": false, "EnablePostIconOverride": false, "EnableEmailInvitations": false,
	}
	if strings.HasPrefix(siteURL, "https:") {
		// No proxy is in front.
		service["ConnectionSecurity"] = "TLS"
	}
	if generation >= 10 {
		// It came with 10.6.1 and 10.7.0.
		service["FrameAncestors"] = ""
	}
	c.value = map[string]any{
		"ServiceSettings": service,
		"LogSettings":     map[string]any{"EnableDiagnostics": true},
		"ClusterSettings": map[string]any{"Enable": false},
		"EmailSettings": map[string]any{
			"SendEmailNotifications": false, "EnableEmailBatching": false, "EnableSMTPAuth": false,
			// As in a new server (EmailSettings.SetDefaults of 6.7).
			"FeedbackEmail": "test@example.com", "ReplyToAddress": "test@example.com",
			"SMTPServer": "localhost", "SMTPPort": "10025", "SMTPUsername": "", "SMTPPassword": "", "ConnectionSecurity": "",
		},
		"ExperimentalSettings": map[string]any{"RestrictSystemAdmin": false},
		"PluginSettings": map[string]any{
			"Enable":        true,
			"EnableUploads": true,
			// The System Console stores keys in lower case.
			"Plugins": map[string]any{pluginID: map[string]any{"trustedorigin": trustedOrigin}},
		},
	}
}

const pluginID = "notifymatters"

// merge lays a patch over the configuration: structs are merged, everything else is replaced. The settings of all
// plugins are one map, which is replaced as a whole (utils/merge.go).
func merge(into, patch map[string]any, path string) {
	for key, value := range patch {
		inner, isObject := value.(map[string]any)
		existing, has := into[key].(map[string]any)
		if isObject && has && path+key != "PluginSettings.Plugins" {
			merge(existing, inner, path+key+".")
		} else {
			into[key] = value
		}
	}
}

func (c *config) patch(patch map[string]any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.value = deepCopy(c.value)
	merge(c.value, deepCopy(patch), "")
}

// merged is what the configuration would be after the patch.
func (c *config) merged(patch map[string]any) map[string]any {
	value := deepCopy(c.snapshot())
	merge(value, deepCopy(patch), "")
	return value
}

func deepCopy(value map[string]any) map[string]any {
	copied := maps.Clone(value)
	for key, inner := range copied {
		if object, ok := inner.(map[string]any); ok {
			copied[key] = deepCopy(object)
		}
	}
	return copied
}

// snapshot may be read but not changed.
func (c *config) snapshot() map[string]any {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.value
}

func (c *config) section(path ...string) map[string]any {
	value := c.snapshot()
	for _, key := range path {
		value, _ = value[key].(map[string]any)
	}
	return value
}

// tellPlugin lays the configuration out where the plugin's API reads it.
func (s *Server) tellPlugin() {
	s.world.SetConfiguration(s.config.snapshot())
	s.world.SetSettings(s.config.section("PluginSettings", "Plugins", pluginID))
}

// PatchConfig changes the configuration and runs the plugin's hook, as a save does.
func (s *Server) PatchConfig(patch map[string]any) {
	s.config.patch(patch)
	s.tellPlugin()
	if err := s.environment.ConfigurationChanged(pluginID); err != nil && !strings.Contains(err.Error(), "not found") {
		s.options.Log.Line("OnConfigurationChange: " + err.Error())
	}
}

// SetPluginSettings replaces the plugin's settings.
func (s *Server) SetPluginSettings(settings map[string]any) {
	s.PatchConfig(map[string]any{"PluginSettings": map[string]any{"Plugins": map[string]any{pluginID: settings}}})
}

// Configuration is all of it, without masks.
func (s *Server) Configuration() map[string]any { return s.config.snapshot() }

// TrustedOrigin is the setting as stored.
func (s *Server) TrustedOrigin() string {
	setting, _ := s.config.section("PluginSettings", "Plugins", pluginID)["trustedorigin"].(string)
	return setting
}
