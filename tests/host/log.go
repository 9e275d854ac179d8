package host

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Log collects what the server's process wrote: Mattermost's log, and what go-plugin and yamux print.
type Log struct {
	mutex   sync.Mutex
	lines   []string
	partial []byte
	tee     io.Writer
	began   time.Time
}

// acceptTimeout is how long go-plugin's broker waits for a stream (MuxBroker.Accept).
const acceptTimeout = 5 * time.Second

// acceptTimedOut is what it says then.
const acceptTimedOut = "timeout waiting for accept"

// earlier marks the lines of a server that was there before this log.
const earlier = "(of an earlier server) "

// NewLog returns an empty log. Each line is copied to tee as well, unless tee is nil.
func NewLog(tee io.Writer) *Log { return &Log{tee: tee, began: time.Now()} }

// Write takes whole or partial lines.
func (l *Log) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.partial = append(l.partial, p...)
	for {
		end := bytes.IndexByte(l.partial, '\n')
		if end < 0 {
			return len(p), nil
		}
		l.append(string(l.partial[:end]))
		l.partial = l.partial[end+1:]
	}
}

func (l *Log) append(line string) {
	// 5.39 logs to the process's standard error, which belongs to the newest log: there a server whose plugin was killed
	// says five seconds later what it waited for. What began with this log cannot have waited that long.
	if strings.Contains(line, acceptTimedOut) && time.Since(l.began) < acceptTimeout {
		line = earlier + line
	}
	l.lines = append(l.lines, line)
	if l.tee != nil {
		fmt.Fprintln(l.tee, line)
	}
}

// Line adds one line of the plugin's own.
func (l *Log) Line(line string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.append(line)
}

// Lines returns a copy of all lines so far.
func (l *Log) Lines() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return append([]string(nil), l.lines...)
}

// Matching returns the lines that contain one of the words.
func (l *Log) Matching(words ...string) []string {
	var found []string
	for _, line := range l.Lines() {
		for _, word := range words {
			if strings.Contains(line, word) {
				found = append(found, line)
				break
			}
		}
	}
	return found
}

// WaitFor waits until a line contains the word, and says whether one came in time.
func (l *Log) WaitFor(word string, patience time.Duration) bool {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if len(l.Matching(word)) > 0 {
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return len(l.Matching(word)) > 0
}

// Complaints are the lines in which the transport below Mattermost speaks of trouble.
//
// yamux writes "[WARN] yamux:" and "[ERR] yamux:" to standard error; go-plugin's broker and Mattermost's
// response-writer side log in their own words.
func (l *Log) Complaints() []string {
	found := l.Matching("[WARN]", "[ERR]", "[ERROR]", "muxBroker", "error closing client during Kill", "plugin failed to exit gracefully")
	return slices.DeleteFunc(found, func(line string) bool { return strings.HasPrefix(line, earlier) })
}

var stderr struct {
	sync.Mutex
	real *os.File
	log  *Log
}

// CaptureStandardError sends this process's standard error into the log, from now to the end of the process
// or until another log takes over.
//
// yamux takes os.Stderr at the moment when a session begins and offers go-plugin's users no other way to its
// warnings (hashicorp/go-plugin 1.8.0).
func CaptureStandardError(to *Log) error {
	stderr.Lock()
	defer stderr.Unlock()
	stderr.log = to
	if stderr.real != nil {
		return nil
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	stderr.real = os.Stderr
	os.Stderr = writer
	log.SetOutput(writer)
	go func() {
		buffer := make([]byte, 64*1024)
		for {
			n, err := reader.Read(buffer)
			if n > 0 {
				stderr.Lock()
				current := stderr.log
				stderr.Unlock()
				_, _ = current.Write(buffer[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	return nil
}
