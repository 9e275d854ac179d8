package host

import (
	"testing"
	"time"
)

const timedOut = `{"level":"error","msg":"Plugin failed to ServeHTTP, muxBroker couldn't accept connection","error":"timeout waiting for accept"}`

func TestWhatAnEarlierServerWaitedForIsNoComplaintOfThisOne(t *testing.T) {
	log := NewLog(nil)
	log.Line(timedOut)
	if complaints := log.Complaints(); len(complaints) != 0 {
		t.Errorf("complaints: %q", complaints)
	}
	if lines := log.Lines(); len(lines) != 1 {
		t.Errorf("the line is lost: %q", lines)
	}
}

func TestWhatThisServerWaitedForIsAComplaint(t *testing.T) {
	log := NewLog(nil)
	log.began = time.Now().Add(-acceptTimeout)
	log.Line(timedOut)
	if complaints := log.Complaints(); len(complaints) != 1 {
		t.Errorf("complaints: %q", complaints)
	}
}
