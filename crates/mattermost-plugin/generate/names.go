package main

import (
	"slices"
	"strings"
	"unicode"
)

// wordsInNames are spelt in Go as if they were several.
var wordsInNames = strings.NewReplacer("OAuth", "Oauth", "IDs", "Ids", "URLs", "Urls", "SAML", "Saml", "WebSocket", "WebSocket")

// keywords cannot be names in Rust.
var keywords = []string{"as", "async", "await", "box", "const", "enum", "fn", "for", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "self", "static", "struct", "super", "trait", "type", "use", "where", "while", "yield"}

// snake is Go's name as Rust writes it: RequestURI becomes request_uri.
func snake(name string) string {
	runes := []rune(wordsInNames.Replace(name))
	var snake strings.Builder
	for i, r := range runes {
		isWord := i > 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if isWord {
			snake.WriteByte('_')
		}
		snake.WriteRune(unicode.ToLower(r))
	}
	if slices.Contains(keywords, snake.String()) {
		snake.WriteByte('_')
	}
	return snake.String()
}

// pascal is what the gob crate makes of a field's name.
func pascal(name string) string {
	var pascal strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			pascal.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return pascal.String()
}

// methodName is the Rust name of an API method: a call that only asks has no `get` before it.
func methodName(name string) string { return snake(strings.TrimPrefix(name, "Get")) }

// reference links to Mattermost's own documentation of a name.
func reference(folder, name string) string {
	return "https://pkg.go.dev/" + module + "/" + folder + "#" + name
}
