package mattermost

import (
	"net/http"
	"strings"
)

// Policy is what the server's answers allow. Empty strings leave a header or the meta tag out.
type Policy struct {
	// ScriptSource is the script-src of the header.
	ScriptSource string `json:"script_src"`
	// MetaScriptSource is the script-src of the page's meta tag.
	MetaScriptSource string `json:"meta_script_src"`
	// FrameAncestors and XFrameOptions say who may embed the page; {setting} is ServiceSettings.FrameAncestors.
	FrameAncestors string `json:"frame_ancestors"`
	XFrameOptions  string `json:"x_frame_options"`
	// StaticHeaders are added to plugins' static files and to the assets that the plugin hands out, as a proxy in front of
	// Mattermost may do.
	StaticHeaders map[string]string `json:"static_headers"`
	// WebAssemblyVersion, unless it is zero, is what WebAssembly files say of themselves. To a browser that knows version 1
	// alone another one is what today's WebAssembly is to a browser that is too old: an error of compilation.
	WebAssemblyVersion uint32 `json:"webassembly_version"`
}

// DefaultPolicy is Mattermost's own.
//
// Header and meta tag both say script-src 'self' and nothing of WebAssembly. Up to 9.x two hosts of third parties
// stand in it as well (seen in 6.7 and 9.8), from 10.x on 'self' alone (seen in 11.6). X-Frame-Options is sent beside
// frame-ancestors, and browsers ignore it then.
//
// The stand-in lets every loopback page embed it, as FrameAncestors in ServiceSettings or a proxy would.
func DefaultPolicy(generation int) Policy {
	policy := Policy{
		ScriptSource:     "'self'",
		MetaScriptSource: "'self'",
		FrameAncestors:   "'self' http://*.localhost:*",
		XFrameOptions:    "SAMEORIGIN",
	}
	if generation < 10 {
		policy.ScriptSource = "'self' cdn.rudderlabs.com"
		policy.MetaScriptSource = "'self' cdn.rudderlabs.com/ js.stripe.com/v3"
	}
	return policy
}

// Policy returns the policy in force.
func (s *Server) Policy() Policy { return s.policy.load() }

// SetPolicy replaces the policy for all answers to come.
func (s *Server) SetPolicy(policy Policy) { s.policy.store(policy) }

// writePageHeaders sets the headers of Mattermost's own pages and returns the script-src of their meta tag.
func (s *Server) writePageHeaders(header http.Header) string {
	policy := s.pageAncestors(s.Policy())
	policy.writePageHeaders(header)
	return policy.MetaScriptSource
}

func (p Policy) writePageHeaders(header http.Header) {
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Permissions-Policy", "")
	if p.XFrameOptions != "" {
		header.Set("X-Frame-Options", p.XFrameOptions)
	}
	var directives []string
	if p.FrameAncestors != "" {
		directives = append(directives, "frame-ancestors "+p.FrameAncestors)
	}
	if p.ScriptSource != "" {
		directives = append(directives, "script-src "+p.ScriptSource)
	}
	if len(directives) > 0 {
		header.Set("Content-Security-Policy", strings.Join(directives, "; "))
	}
}
