package suite

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"notifymatters.test/host"
)

const (
	// shutdownPatience is how long go-plugin waits for an orderly end before it kills (1.8.0: two seconds), and some.
	shutdownPatience = 3 * time.Second
	// orphanPatience is how long a plugin may outlive its server.
	orphanPatience = time.Second
	// victimVariable makes this test binary a server that is going to be killed; its value is the folder to work in.
	victimVariable = "NOTIFYMATTERS_VICTIM_FOLDER"
	// readyFile is what the victim creates once its plugin is active.
	readyFile = "ready"
)

func killedItIsRestarted(t *testing.T, s *server) {
	s.mayComplain = true
	running := host.Processes(s.pluginFolder())
	if len(running) != 1 {
		t.Fatalf("%d processes run, not one", len(running))
	}
	if err := syscall.Kill(running[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	host.WaitForNoProcess(s.pluginFolder(), shutdownPatience)
	if response := s.request(t, http.MethodGet, endpoint, "anna"); response.Code < 500 {
		t.Errorf("a dead plugin answered %d", response.Code)
	}
	if err := s.environment.CheckHealth(s.manifest.ID); err != nil {
		t.Fatalf("restart: %v", err)
	}
	s.configuration(t)
	if after := host.Processes(s.pluginFolder()); len(after) != 1 || after[0] == running[0] {
		t.Errorf("before the kill %v ran, afterwards %v", running, after)
	}
}

func deactivatedAndActivatedAgain(t *testing.T, s *server) {
	for range 3 {
		if !s.environment.Deactivate(s.manifest.ID) {
			t.Fatal("it was not active")
		}
		if left := host.WaitForNoProcess(s.pluginFolder(), shutdownPatience); len(left) > 0 {
			t.Fatalf("left running: %v", left)
		}
		if _, err := s.environment.Activate(s.manifest.ID); err != nil {
			t.Fatal(err)
		}
		s.configuration(t)
	}
	// Nobody told open pages what changed while the plugin was not active.
	if events := s.eventsSinceStart(); len(events) != 3 {
		t.Errorf("three starts published: %+v", events)
	}
}

func stoppedItLeavesNothing(t *testing.T, s *server) {
	begin := time.Now()
	s.environment.Deactivate(s.manifest.ID)
	if left := host.WaitForNoProcess(s.pluginFolder(), 0); len(left) > 0 {
		t.Errorf("left running: %v", left)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("the end took %v: it was killed, not ended", took)
	}
	if sockets := s.sockets(); len(sockets) > 0 {
		t.Errorf("left behind: %v", sockets)
	}
}

// silentServer is a plugin that nobody speaks to for a while.
type silentServer struct {
	*server
	since time.Time
}

func (s *suite) beginSilence(t *testing.T) *silentServer {
	if testing.Short() {
		return nil
	}
	server := s.start(t)
	server.configuration(t)
	return &silentServer{server, time.Now()}
}

func (s *silentServer) end(t *testing.T) {
	if s == nil {
		t.Skip("takes 90 seconds")
	}
	time.Sleep(time.Until(s.since.Add(silence)))
	s.configuration(t)
	s.burst(t, 50)
}

// itEndsWithTheServer kills a server's process; its plugin must see the connection end.
func (s *suite) itEndsWithTheServer(t *testing.T) {
	folder := newFolder(t)
	victim := exec.Command(os.Args[0], "-test.run=^"+s.test+"$")
	victim.Env = append(os.Environ(), victimVariable+"="+folder)
	victim.Stderr = os.Stderr
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = victim.Process.Kill()
		_ = victim.Wait()
	}()
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(folder, readyFile)); err == nil {
			break
		}
		if time.Since(begin) > 30*time.Second {
			t.Fatal("the server did not become ready")
		}
	}
	if running := host.Processes(folder); len(running) != 1 {
		t.Fatalf("%d processes run, not one", len(running))
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if left := host.WaitForNoProcess(folder, orphanPatience); len(left) > 0 {
		for _, process := range left {
			_ = syscall.Kill(process, syscall.SIGKILL)
		}
		t.Errorf("orphaned: %v", left)
	}
	if sockets, _ := filepath.Glob(filepath.Join(folder, "tmp", "*")); len(sockets) > 0 {
		t.Errorf("left behind: %v", sockets)
	}
}

// beVictim is the other side of itEndsWithTheServer.
func (s *suite) beVictim(t *testing.T, folder string) {
	server := s.prepare(t, folder, s.unpack)
	if _, err := server.environment.Activate(server.manifest.ID); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, readyFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	server.environment.Shutdown()
}
