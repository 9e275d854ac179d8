package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor times in /proc: USER_HZ, 100 on every platform that Linux offers to programs (proc(5)).
const tick = 10 * time.Millisecond

// processorTime is what a process has used so far, user and system, its ended threads included.
func processorTime(process int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0, err
	}
	return parseProcessorTime(string(stat))
}

// parseProcessorTime reads fields 14 and 15 of /proc/<pid>/stat (proc(5)). The second field is the program's name in
// parentheses and may hold anything, parentheses and blanks too.
func parseProcessorTime(stat string) (time.Duration, error) {
	end := strings.LastIndexByte(stat, ')')
	fields := strings.Fields(stat[end+1:])
	const user, system = 14 - 3, 15 - 3
	if end < 0 || len(fields) <= system {
		return 0, fmt.Errorf("/proc/<pid>/stat has too few fields: %q", stat)
	}
	var sum time.Duration
	for _, field := range []int{user, system} {
		ticks, err := strconv.ParseInt(fields[field], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/<pid>/stat: %w", err)
		}
		sum += time.Duration(ticks) * tick
	}
	return sum, nil
}
