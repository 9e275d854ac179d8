package suite

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"notifymatters.test/host"
)

const (
	// largeBody is far more than all buffers on the way hold.
	largeBody = 20_000_000
	// maxGrowthKilobytes is what a large body may add to the memory of a plugin; kept whole it would add twenty thousand.
	maxGrowthKilobytes = 4 << 10
)

// measured is a client that keeps nothing: it counts and, where asked to, wants each byte to be the next of a pattern.
type measured struct {
	header http.Header
	status int
	count  int
	wrong  bool
	want   func(index int) byte
}

func (m *measured) Header() http.Header { return m.header }

func (m *measured) WriteHeader(status int) { m.status = status }

func (m *measured) Write(data []byte) (int, error) {
	for i, have := range data {
		m.wrong = m.wrong || have != m.want(m.count+i)
	}
	m.count += len(data)
	return len(data), nil
}

// wantMeasured wants the whole body to arrive as it should, and the plugin's memory not to grow by it.
func (s *server) wantMeasured(t *testing.T, request *http.Request, want func(index int) byte) {
	t.Helper()
	process := host.Processes(s.pluginFolder())[0]
	before := host.ResidentKilobytes(process)
	done := make(chan int)
	stop := make(chan struct{})
	go func() {
		peak := before
		for {
			select {
			case <-stop:
				done <- peak
				return
			case <-time.After(5 * time.Millisecond):
				peak = max(peak, host.ResidentKilobytes(process))
			}
		}
	}()
	// A status that nobody writes is 200.
	client := &measured{header: http.Header{}, status: http.StatusOK, want: want}
	s.serve(t, client, request, "anna")
	close(stop)
	peak := <-done
	if client.status != http.StatusOK || client.count != largeBody || client.wrong {
		t.Errorf("status %d, %d bytes, another content: %v", client.status, client.count, client.wrong)
	}
	if peak > before+maxGrowthKilobytes {
		t.Errorf("%d kB resident on the way, %d before", peak, before)
	}
}

func largeAnswersAreNotKept(t *testing.T, s *server) {
	request := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/bytes/%d", largeBody), nil)
	s.wantMeasured(t, request, func(int) byte { return 'x' })
}

func largeBodiesGoBothWays(t *testing.T, s *server) {
	pattern := func(index int) byte { return byte(index % 251) }
	body := make([]byte, largeBody)
	for i := range body {
		body[i] = pattern(i)
	}
	s.wantMeasured(t, httptest.NewRequest(http.MethodPost, "/echo", bytes.NewReader(body)), pattern)
}

// stuck is a client that reads nothing until it is released.
type stuck struct {
	*httptest.ResponseRecorder
	begun, release chan struct{}
}

func (c *stuck) Write(data []byte) (int, error) {
	select {
	case <-c.begun:
	default:
		close(c.begun)
	}
	<-c.release
	return c.ResponseRecorder.Write(data)
}

func aSlowClientHoldsUpNobody(t *testing.T, s *server) {
	slow := &stuck{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		request := httptest.NewRequest(http.MethodGet, "/bytes/1000000", nil)
		ended <- s.environment.ServeHTTP(s.manifest.ID, slow, request)
	}()
	<-slow.begun
	for range 300 {
		if response := s.request(t, http.MethodGet, "/bytes/1000", "anna"); response.Body.Len() != 1000 {
			t.Fatalf("status %d, %d bytes", response.Code, response.Body.Len())
		}
	}
	close(slow.release)
	if err := <-ended; err != nil || slow.Body.Len() != 1_000_000 {
		t.Errorf("the slow client got %d bytes, %v", slow.Body.Len(), err)
	}
}

// gone is a client that has left.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, errors.New("write: broken pipe") }

func aClientThatLeavesEndsItsAnswer(t *testing.T, s *server) {
	begin := time.Now()
	// A terabyte: an answer that nobody ends would take hours.
	request := httptest.NewRequest(http.MethodGet, "/bytes/1000000000000", nil)
	s.serve(t, gone{httptest.NewRecorder()}, request, "anna")
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if response := s.request(t, http.MethodGet, "/bytes/1000", "anna"); response.Body.Len() != 1000 {
		t.Errorf("afterwards status %d, %d bytes", response.Code, response.Body.Len())
	}
}

// paced is a client that notes what has come each time the server is told to send it on.
type paced struct {
	*httptest.ResponseRecorder
	seen []string
}

func (c *paced) Flush() { c.seen = append(c.seen, c.Body.String()) }

func piecesAreFlushed(t *testing.T, s *server) {
	client := &paced{ResponseRecorder: httptest.NewRecorder()}
	s.serve(t, client, httptest.NewRequest(http.MethodGet, "/events", nil), "anna")
	if whole := "event 0\nevent 1\nevent 2\n"; client.Body.String() != whole {
		t.Errorf("the body is %q", client.Body)
	}
	// The server's end of the stream has had Flush since 11.0 (server/public v0.4.3, not v0.1.21).
	if !strings.HasPrefix(s.environment.Generation(), "11.") {
		if len(client.seen) != 0 {
			t.Errorf("flushed %q, although this generation does not offer it", client.seen)
		}
		return
	}
	if !slices.Contains(client.seen, "event 0\n") || !slices.Contains(client.seen, "event 0\nevent 1\n") {
		t.Errorf("flushed at %q", client.seen)
	}
}

func aHandlerPanics(t *testing.T, s *server) {
	before := host.Processes(s.pluginFolder())
	if response := s.request(t, http.MethodGet, "/panic", "anna"); response.Code != http.StatusInternalServerError {
		t.Errorf("status %d: %s", response.Code, response.Body)
	}
	if !s.world.Log.WaitFor("told to panic", logPatience) {
		t.Error("the log does not name the panic")
	}
	if response := s.request(t, http.MethodGet, "/config", "anna"); response.Code != http.StatusOK {
		t.Errorf("afterwards status %d", response.Code)
	}
	if after := host.Processes(s.pluginFolder()); !slices.Equal(before, after) {
		t.Errorf("it was restarted: %v, then %v", before, after)
	}
}

func anUnknownMethodIsAnError(t *testing.T, s *server) {
	before := host.Processes(s.pluginFolder())
	// IsEnterpriseReady came with 6.1.
	isOld := strings.HasPrefix(s.environment.Generation(), "5.")
	for range 2 {
		answer := s.request(t, http.MethodGet, "/api/enterprise", "anna").Body.String()
		switch {
		case isOld && !(strings.HasPrefix(answer, "error: ") && strings.HasSuffix(answer, "unknown_method=true")):
			t.Errorf("a method that 5.39 does not have answers %q", answer)
		case !isOld && answer != "true":
			t.Errorf("answered %q", answer)
		}
		// What it does know still works, over the same connection.
		if version := s.request(t, http.MethodGet, "/api/version", "anna").Body.String(); version != s.environment.Generation() {
			t.Errorf("the version is %q", version)
		}
	}
	if after := host.Processes(s.pluginFolder()); !slices.Equal(before, after) {
		t.Errorf("it was restarted: %v, then %v", before, after)
	}
}

func (s *suite) anErrorOfTheActivationIsTold(t *testing.T, executable string) {
	server := s.prepare(t, newFolder(t), func(plugins string) (*host.Manifest, error) {
		return installExample(executable, plugins)
	})
	defer server.stop(t)
	server.world.SetSettings(map[string]any{"fail_activation": true})
	if _, err := server.environment.Activate(server.manifest.ID); err == nil || !strings.Contains(err.Error(), "told not to start") {
		t.Errorf("activated with %v", err)
	}
	if left := host.WaitForNoProcess(filepath.Join(server.folder, "plugins"), shutdownPatience); len(left) > 0 {
		t.Errorf("left running: %v", left)
	}
}
