package suite

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"notifymatters.test/host"
)

// The environment's handshake, as Mattermost sets it (server/public/plugin of 5.39 to 11.6).
const (
	cookieName  = "MATTERMOST_PLUGIN"
	cookieValue = "Securely message teams, anywhere."
)

// bare starts the executable without any environment around it and connects to its socket.
type bare struct {
	process *exec.Cmd
	socket  net.Conn
	stderr  *bytes.Buffer
	folder  string
}

func (s *suite) executable(t *testing.T) string {
	t.Helper()
	folder := newFolder(t)
	manifest, err := host.Unpack(s.bundle, folder)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, manifest.ID, manifest.Server.Executables[runtime.GOOS+"-"+runtime.GOARCH])
}

func (s *suite) startBare(t *testing.T) *bare {
	t.Helper()
	return s.startBareIn(t, newFolder(t))
}

// startBareIn is startBare with the folder for the socket.
func (s *suite) startBareIn(t *testing.T, folder string) *bare {
	t.Helper()
	b := &bare{process: exec.Command(s.executable(t)), stderr: &bytes.Buffer{}, folder: folder}
	b.process.Env = append(os.Environ(), cookieName+"="+cookieValue, "PLUGIN_UNIX_SOCKET_DIR="+b.folder)
	b.process.Stderr = b.stderr
	stdout, err := b.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.process.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("no handshake: %v", err)
	}
	fields := strings.Split(strings.TrimSpace(line), "|")
	if len(fields) < 5 || fields[0] != "1" || fields[1] != "1" || fields[2] != "unix" || fields[4] != "netrpc" {
		t.Fatalf("the handshake is %q", line)
	}
	if b.socket, err = net.Dial("unix", fields[3]); err != nil {
		t.Fatal(err)
	}
	return b
}

// endsOrderly waits for the process to end by itself, with one clear line and little memory.
func (b *bare) endsOrderly(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- b.process.Wait() }()
	peak := 0
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		peak = max(peak, host.ResidentKilobytes(b.process.Process.Pid))
		select {
		case <-ended:
			if b.process.ProcessState.ExitCode() < 0 {
				t.Errorf("it did not end by itself: %v", b.process.ProcessState)
			}
			var line struct {
				Level   string `json:"@level"`
				Message string `json:"@message"`
			}
			// What is more than one line is no JSON either.
			if err := json.Unmarshal(b.stderr.Bytes(), &line); err != nil {
				t.Errorf("it ended with something else than one line of a log (%v): %q", err, b.stderr)
			}
			if line.Level != "error" || !strings.HasPrefix(line.Message, "the plugin ends: ") {
				t.Errorf("its last word was %q", b.stderr)
			}
			if left, _ := filepath.Glob(filepath.Join(b.folder, "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if peak > maxResidentKilobytes {
				t.Errorf("%d kB resident", peak)
			}
			return
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("it goes on; stderr: %s", b.stderr)
		}
	}
}

// frame is a yamux frame's header: version, kind, flags, stream, length.
func frame(kind byte, flags uint16, stream, length uint32) []byte {
	header := []byte{0, kind}
	header = binary.BigEndian.AppendUint16(header, flags)
	header = binary.BigEndian.AppendUint32(header, stream)
	return binary.BigEndian.AppendUint32(header, length)
}

const (
	kindData         = 0
	kindWindowUpdate = 1
	flagSYN          = 1
)

func (s *suite) bytesThatAreNoFrame(t *testing.T) {
	b := s.startBare(t)
	defer b.socket.Close()
	_, _ = b.socket.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
	b.endsOrderly(t)
}

func (s *suite) aFrameThatLiesAboutItsLength(t *testing.T) {
	b := s.startBare(t)
	defer b.socket.Close()
	_, _ = b.socket.Write(frame(kindWindowUpdate, flagSYN, 1, 0))
	// Four gigabytes are announced, far over the window of 256 kB.
	_, _ = b.socket.Write(frame(kindData, 0, 1, 0xffff_fff0))
	_, _ = io.CopyN(b.socket, zeros{}, 1<<20)
	b.endsOrderly(t)
}

func (s *suite) aMessageThatIsNoGob(t *testing.T) {
	for _, message := range [][]byte{
		// A length of 2^62 bytes.
		{0xf8, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3},
		// A type definition that ends in its middle, then noise.
		{0x05, 0xff, 0x81, 0x03, 0x01, 0x01, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0},
		bytes.Repeat([]byte{0x7f}, 4096),
	} {
		b := s.startBare(t)
		// The server opens three streams at once: control, stdout, stderr.
		for stream := uint32(1); stream <= 5; stream += 2 {
			_, _ = b.socket.Write(frame(kindWindowUpdate, flagSYN, stream, 0))
		}
		_, _ = b.socket.Write(frame(kindData, 0, 1, uint32(len(message))))
		_, _ = b.socket.Write(message)
		b.endsOrderly(t)
		b.socket.Close()
	}
}

func (s *suite) anotherPlaceForItsSocket(t *testing.T) {
	long := filepath.Join(newFolder(t), strings.Repeat("x", 100))
	if err := os.Mkdir(long, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"/nowhere/at/all", long} {
		b := s.startBareIn(t, folder)
		b.socket.Close()
		if err := b.process.Wait(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		if said := b.stderr.String(); !strings.Contains(said, folder) || !strings.Contains(said, `"warn"`) {
			t.Errorf("it said %q", said)
		}
	}
}

func (s *suite) withoutTheCookieItExplainsItself(t *testing.T) {
	process := exec.Command(s.executable(t))
	process.Env = []string{}
	output, err := process.CombinedOutput()
	if err == nil || process.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	if !strings.Contains(string(output), "plugin") {
		t.Errorf("it said %q", output)
	}
}

// zeros is an endless source of zero bytes.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
