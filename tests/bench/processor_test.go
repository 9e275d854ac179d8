package main

import (
	"testing"
	"time"
)

func TestProcessorTimeIsUserAndSystemWhateverTheProgramIsCalled(t *testing.T) {
	stat := "17 (a) (plugin 1) S 1 17 17 0 -1 4194560 500 0 0 0 123 45 6 7 20 0 4 0 100 9000000 500"
	got, err := parseProcessorTime(stat)
	if err != nil || got != 1680*time.Millisecond {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAProcessThatIsGoneIsAnError(t *testing.T) {
	for _, stat := range []string{"", "17 (plugin) Z 1 17", "17 (p) S 1 17 17 0 -1 4194560 500 0 0 0 x 45"} {
		if got, err := parseProcessorTime(stat); err == nil {
			t.Errorf("%q gave %v", stat, got)
		}
	}
}
