package main

import (
	"bytes"
	"encoding/gob"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
)

// request is like one that a Mattermost server hands to a plugin, with the headers of a browser.
func request() *http.Request {
	return &http.Request{
		Method:     http.MethodGet,
		URL:        &url.URL{Path: "/api/v1/config", RawQuery: "at=1"},
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header: http.Header{
			"Accept":             {"*/*"},
			"Accept-Encoding":    {"gzip, deflate, br, zstd"},
			"Accept-Language":    {"de,en-US;q=0.7,en;q=0.3"},
			"Cache-Control":      {"no-cache"},
			"Connection":         {"keep-alive"},
			"Mattermost-User-Id": {"fy3pwt6yxbnjdjxq7dwf8ynsoe"},
			"Referer":            {"https://chat.example.com/team/channels/town-square"},
			"Sec-Fetch-Dest":     {"empty"},
			"Sec-Fetch-Mode":     {"cors"},
			"Sec-Fetch-Site":     {"same-origin"},
			"User-Agent":         {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
			"X-Forwarded-For":    {"192.0.2.7", "198.51.100.1"},
			"X-Requested-With":   {"XMLHttpRequest"},
		},
		Host:       "chat.example.com",
		RemoteAddr: "192.0.2.7:40312",
		RequestURI: "/plugins/notifymatters/api/v1/config?at=1",
	}
}

// goldenValues are what the crate's tests and its benchmark read, by the names of their files.
func goldenValues() map[string]any {
	return map[string]any{
		"request.gob": request(),
		"header.gob":  request().Header,
		"url.gob":     &url.URL{Scheme: "https", Host: "example.com", Path: "/a b", Fragment: "f"},
	}
}

func writeGolden(folder string) error {
	for name, value := range goldenValues() {
		var stream bytes.Buffer
		encoder := gob.NewEncoder(&stream)
		// Twice: the second message comes without definitions.
		for range 2 {
			if err := encoder.Encode(value); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(folder, name), stream.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
