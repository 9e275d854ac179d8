package mattermost

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Request is one that the Mattermost was sent.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	User   string `json:"user"`
	Status int    `json:"status"`
	// Milliseconds since the first of January 1970.
	At int64 `json:"at"`
}

type requests struct {
	mutex sync.Mutex
	seen  []Request
}

func (q *requests) add(r *http.Request, path, user string, status int) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.seen = append(q.seen, Request{Method: r.Method, Path: path, User: user, Status: status, At: time.Now().UnixMilli()})
}

// Requests returns all requests so far.
func (s *Server) Requests() []Request {
	s.requests.mutex.Lock()
	defer s.requests.mutex.Unlock()
	return append([]Request{}, s.requests.seen...)
}

// statusRecorder keeps the status for the record; it lets a WebSocket through.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (w *statusRecorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Hijack is what the WebSocket upgrade asks for.
func (w *statusRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.status = http.StatusSwitchingProtocols
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap gives http.ResponseController its way to Flush.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Fault makes requests below a path fail or wait.
type Fault struct {
	// Path is a prefix of the path, subpath included; with a $ at its end it is the whole path.
	Path string `json:"path"`
	// Status answers at once; 0 lets the request through after the delay.
	Status int `json:"status"`
	// Cut closes the connection in the middle of the answer; where there is none at all, browsers repeat the request.
	Cut         bool   `json:"cut"`
	DelayMillis int    `json:"delay_ms"`
	Body        string `json:"body"`
	ContentType string `json:"content_type"`
	// Times bounds how many requests it befalls; 0 means all.
	Times int `json:"times"`
}

type faults struct {
	mutex sync.Mutex
	list  []*Fault
}

// SetFaults replaces the faults.
func (s *Server) SetFaults(list []*Fault) {
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	s.faults.list = list
}

// take finds the fault for a path and counts it.
func (f *faults) take(path string) (Fault, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for i, fault := range f.list {
		exact, isExact := strings.CutSuffix(fault.Path, "$")
		if isExact && path != exact || !isExact && !strings.HasPrefix(path, fault.Path) {
			continue
		}
		if fault.Times == 1 {
			f.list = append(f.list[:i:i], f.list[i+1:]...)
		} else if fault.Times > 1 {
			fault.Times--
		}
		return *fault, true
	}
	return Fault{}, false
}

// apply says whether the fault has answered the request.
func (f *faults) apply(w http.ResponseWriter, r *http.Request) bool {
	fault, found := f.take(r.URL.Path)
	if !found {
		return false
	}
	select {
	case <-time.After(time.Duration(fault.DelayMillis) * time.Millisecond):
	case <-r.Context().Done():
		return true
	}
	if fault.Cut {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte("{"))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if fault.Status == 0 {
		return false
	}
	if fault.ContentType != "" {
		w.Header().Set("Content-Type", fault.ContentType)
	}
	w.WriteHeader(fault.Status)
	_, _ = w.Write([]byte(fault.Body))
	return true
}
