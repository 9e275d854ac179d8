// Command yamux-peer is the host's end of the go-plugin crate's tests: hashicorp's own yamux, in the version that
// Mattermost 11 has.
//
//	yamux-peer SOCKET
//
// It connects to a unix socket, does what each line of its standard input says, and answers each with one line. Streams are
// known by their numbers in the order in which they were opened or accepted here, from 0.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

const (
	// patience is how long anything may take.
	patience = 10 * time.Second
	// closeTimeout is how long a stream that was closed here waits for the other end before it is reset. hashicorp's five
	// minutes are too long for a test, and this is the only way in which its end resets a stream that was accepted.
	closeTimeout = 200 * time.Millisecond
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "yamux-peer:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("usage: yamux-peer SOCKET")
	}
	connection, err := net.Dial("unix", arguments[0])
	if err != nil {
		return err
	}
	complaints := &complaints{}
	config := yamux.DefaultConfig()
	config.LogOutput = complaints
	config.StreamCloseTimeout = closeTimeout
	session, err := yamux.Client(connection, config)
	if err != nil {
		return err
	}
	peer := &peer{session: session, complaints: complaints, writing: map[int]chan string{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(peer.do(lines.Text()))
	}
	return session.Close()
}

// complaints collects what yamux logs.
type complaints struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (c *complaints) Write(p []byte) (int, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.text.Write(p)
}

func (c *complaints) all() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return strings.ReplaceAll(c.text.String(), "\n", "; ")
}

type peer struct {
	session    *yamux.Session
	complaints *complaints
	streams    []*yamux.Stream
	// writing holds what comes of writes that were begun.
	writing map[int]chan string
}

// do carries out one line: a verb, a stream's number, a count of bytes.
func (p *peer) do(line string) string {
	var verb string
	var number, count int
	_, _ = fmt.Sscan(line, &verb, &number, &count)
	switch verb {
	case "open":
		stream, err := p.session.OpenStream()
		return p.keep(stream, err)
	case "accept":
		within, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		stream, err := p.session.AcceptStreamWithContext(within)
		return p.keep(stream, err)
	case "go-away":
		return outcome(p.session.GoAway())
	case "ping":
		_, err := p.session.Ping()
		return outcome(err)
	case "streams":
		return fmt.Sprint(p.session.NumStreams())
	case "complaints":
		return p.complaints.all()
	}
	if number >= len(p.streams) {
		return "no such stream or verb"
	}
	stream := p.streams[number]
	switch verb {
	case "write":
		return write(stream, count)
	case "begin-write":
		done := make(chan string, 1)
		p.writing[number] = done
		go func() { done <- write(stream, count) }()
		return "ok"
	case "end-write":
		return <-p.writing[number]
	case "read":
		_ = stream.SetReadDeadline(time.Now().Add(patience))
		bytes := make([]byte, count)
		have, err := io.ReadFull(stream, bytes)
		for index := range have {
			if bytes[index] != byte(index%pattern) {
				return fmt.Sprintf("byte %d is another", index)
			}
		}
		return fmt.Sprint(have, " ", outcome(err))
	case "close":
		return outcome(stream.Close())
	default:
		return "no such verb"
	}
}

// pattern is after how many bytes what is written begins anew.
const pattern = 251

func write(stream *yamux.Stream, count int) string {
	bytes := make([]byte, count)
	for index := range bytes {
		bytes[index] = byte(index % pattern)
	}
	_ = stream.SetWriteDeadline(time.Now().Add(patience))
	have, err := stream.Write(bytes)
	return fmt.Sprint(have, " ", outcome(err))
}

func (p *peer) keep(stream *yamux.Stream, err error) string {
	if err != nil {
		return outcome(err)
	}
	p.streams = append(p.streams, stream)
	return fmt.Sprint(len(p.streams) - 1)
}

func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}
