package main

import (
	"fmt"
	"time"

	"notifymatters.test/host"
)

// sample is the resident memory after so many requests.
type sample struct {
	Requests   int `json:"requests"`
	ResidentKB int `json:"resident_kb"`
}

// soak makes the requests with all callers and prints the plugin's memory at the start and after each interval.
func soak(s *subject, requests, every int) error {
	if every < 1 {
		return fmt.Errorf("an interval of %d requests has no end", every)
	}
	if _, err := s.environment.Activate(s.id); err != nil {
		return fmt.Errorf("activate: %w", err)
	}
	process, err := s.process()
	if err != nil {
		return err
	}
	time.Sleep(settling)
	for made := 0; ; {
		fmt.Println(encoded(sample{Requests: made, ResidentKB: host.ResidentKilobytes(process)}))
		if made >= requests {
			break
		}
		step := min(every, requests-made)
		if _, err := load(s, step); err != nil {
			return err
		}
		made += step
	}
	if now, err := s.process(); err != nil || now != process {
		return fmt.Errorf("the plugin was restarted on the way (%v)", err)
	}
	return s.end()
}
