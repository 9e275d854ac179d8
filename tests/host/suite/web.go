package suite

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// webPatience is how long a web client waits for anything.
const webPatience = 10 * time.Second

// listen puts the plugin behind a web server as Mattermost has one, over TLS where it is to speak HTTP/2. Everybody is anna.
func (s *server) listen(t *testing.T, http2 bool) *httptest.Server {
	t.Helper()
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Mattermost-User-Id", "anna")
		if err := s.environment.ServeHTTP(s.manifest.ID, w, r); err != nil {
			t.Error(err)
		}
	}))
	// What it says of clients that leave is none of ours.
	web.Config.ErrorLog = nil
	if http2 {
		web.EnableHTTP2 = true
		web.StartTLS()
	} else {
		web.Start()
	}
	web.Client().Timeout = webPatience
	t.Cleanup(web.Close)
	return web
}

// send opens a connection and writes the bytes, which may be no request that Go's client would make.
func send(t *testing.T, web *httptest.Server, request []byte) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	_ = connection.SetDeadline(time.Now().Add(webPatience))
	if _, err := connection.Write(request); err != nil {
		t.Fatal(err)
	}
	return connection
}

// answer sends a request of raw bytes and reads what comes for it.
func answer(t *testing.T, web *httptest.Server, request string) (int, string) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(send(t, web, []byte(request))), nil)
	if err != nil {
		t.Fatalf("%.100q: %v", request, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%.100q: %v", request, err)
	}
	return response.StatusCode, string(body)
}

func answersEndAsHTTPWantsThem(t *testing.T, s *server) {
	for _, http2 := range []bool{false, true} {
		web := s.listen(t, http2)
		for _, test := range []struct {
			method, path string
			status, size int
		}{
			{http.MethodGet, "/bytes/100000", http.StatusOK, 100_000},
			{http.MethodGet, "/bytes/0", http.StatusOK, 0},
			{http.MethodGet, "/events", http.StatusOK, 24},
			{http.MethodHead, "/bytes/100000", http.StatusOK, 0},
			{http.MethodHead, "/config", http.StatusOK, 0},
			{http.MethodGet, "/status/204", http.StatusNoContent, 0},
			{http.MethodGet, "/body/204", http.StatusNoContent, 0},
			{http.MethodGet, "/body/304", http.StatusNotModified, 0},
			{http.MethodGet, "/body/404", http.StatusNotFound, 9},
			{http.MethodGet, "/config", http.StatusOK, 44},
		} {
			request, err := http.NewRequest(test.method, web.URL+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := web.Client().Do(request)
			if err != nil {
				t.Fatalf("%s %s: %v", test.method, test.path, err)
			}
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if err != nil || response.StatusCode != test.status || len(body) != test.size {
				t.Errorf("HTTP/2 %v, %s %s: status %d, %d bytes, %v", http2, test.method, test.path, response.StatusCode, len(body), err)
			}
			if response.ProtoMajor == 2 != http2 {
				t.Fatalf("spoken was %s", response.Proto)
			}
		}
	}
}

func anyBytesAreAnswered(t *testing.T, s *server, path string, want int) {
	web := s.listen(t, false)
	for _, request := range []string{
		"GET " + path + " HTTP/1.1\r\nHost: chat\r\nUser-Agent: \xff\xfe\r\n\r\n",
		"GET " + path + " HTTP/1.1\r\nHost: chat\r\nAccept-Language: \x80\r\n\r\n",
		"GET " + path + "?\xff=\x80&ä HTTP/1.1\r\nHost: chat\r\n\r\n",
		"GET " + path + " HTTP/1.1\r\nHost: chat\xff\r\nCookie: \xff\r\nX-Any: \xff\r\n\r\n",
		"GET http://chat.example.com" + path + " HTTP/1.1\r\nHost: chat.example.com\r\n\r\n",
		"GET http://\xff" + path + "?http://x HTTP/1.0\r\n\r\n",
	} {
		// Go's server refuses some of it by itself.
		if status, body := answer(t, web, request); status != want && !strings.HasPrefix(body, "400 Bad Request") {
			t.Errorf("%q: status %d: %s", request, status, body)
		}
	}
	if status, _ := answer(t, web, "GET "+path+"\xff HTTP/1.1\r\nHost: chat\r\n\r\n"); status != http.StatusNotFound {
		t.Errorf("another path: status %d", status)
	}
	for _, line := range s.world.Log.Lines() {
		// That it is active is a word of its own.
		if !strings.Contains(line, `"debug"`) && !strings.Contains(line, "active") {
			t.Errorf("a stranger wrote into the log: %s", line)
		}
	}
}

func whateverBytesComeTheProbeAnswers(t *testing.T, s *server) {
	anyBytesAreAnswered(t, s, "/config", http.StatusOK)
}

func whateverBytesComeItAnswers(t *testing.T, s *server) {
	anyBytesAreAnswered(t, s, endpoint, http.StatusOK)
}

func whatIsTooLargeIsRefused(t *testing.T, s *server) {
	web := s.listen(t, false)
	lines := &bytes.Buffer{}
	for line := range 24_577 {
		fmt.Fprintf(lines, "X-%d: a\r\n", line)
	}
	for request, want := range map[string]int{
		"GET /config HTTP/1.1\r\nHost: chat\r\n" + lines.String() + "\r\n":                               http.StatusRequestHeaderFieldsTooLarge,
		"GET /config?" + strings.Repeat("a", 70_000) + " HTTP/1.1\r\nHost: chat\r\n\r\n":                 http.StatusRequestURITooLong,
		"GET /config HTTP/1.1\r\nHost: chat\r\n" + "Cookie: " + strings.Repeat("a", 70_000) + "\r\n\r\n": http.StatusOK,
	} {
		if status, body := answer(t, web, request); status != want {
			t.Errorf("%.60q…: status %d, not %d: %s", request, status, want, body)
		}
	}
}

func aBodyThatFailsMidwayIsNotTakenForAWholeOne(t *testing.T, s *server) {
	web := s.listen(t, false)
	response, err := web.Client().Get(web.URL + "/panic-later")
	if err == nil {
		_, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Errorf("the client takes it for a whole one: %v", err)
	}
	// The connections of HTTP/2 are everybody's: there it only has to end.
	web = s.listen(t, true)
	if response, err := web.Client().Get(web.URL + "/panic-later"); err != nil {
		t.Error(err)
	} else if _, err := io.ReadAll(response.Body); err != nil {
		t.Log("HTTP/2 tells it as well: ", err)
	}
	if response, err := web.Client().Get(web.URL + "/config"); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("afterwards %v", err)
	}
}

func abortedUploadsHoldUpNobody(t *testing.T, s *server) {
	// More than are let in at once.
	const uploads = 120
	web := s.listen(t, false)
	for range uploads {
		head := "POST /count HTTP/1.1\r\nHost: chat\r\nContent-Length: 1000000\r\n\r\n"
		connection := send(t, web, append([]byte(head), make([]byte, 10_000)...))
		_ = connection.Close()
	}
	begin := time.Now()
	for {
		response, err := web.Client().Get(web.URL + "/cut-uploads")
		if err != nil {
			t.Fatal(err)
		}
		cut, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if string(cut) == fmt.Sprint(uploads) {
			return
		}
		if time.Since(begin) > webPatience {
			t.Fatalf("%s of %d handlers have learned that their clients left", cut, uploads)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
