package host

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Processes are the ids of the running processes whose executable lies below folder. It reads /proc: Linux only.
func Processes(folder string) []int {
	var found []int
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(target, folder+string(filepath.Separator)) {
			continue
		}
		if id, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			found = append(found, id)
		}
	}
	return found
}

// WaitForNoProcess waits until no process runs from the folder, and returns those that are left.
func WaitForNoProcess(folder string, patience time.Duration) []int {
	deadline := time.Now().Add(patience)
	for {
		left := Processes(folder)
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// ResidentKilobytes is the resident memory of a process (VmRSS), 0 where it cannot be read.
func ResidentKilobytes(process int) int {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(process), "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kilobytes
		}
	}
	return 0
}
