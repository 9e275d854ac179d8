package main

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// callers is how many make requests one after the other, side by side.
const callers = 8

// load makes the requests and returns how long each took.
func load(s *subject, requests int) ([]time.Duration, error) {
	var (
		waiting   sync.WaitGroup
		next      atomic.Int64
		latencies = make([]time.Duration, requests)
		failures  = make([]error, callers)
	)
	for caller := range callers {
		waiting.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= requests {
					return
				}
				start := time.Now()
				if failures[caller] = s.request(); failures[caller] != nil {
					return
				}
				latencies[i] = time.Since(start)
			}
		})
	}
	waiting.Wait()
	return latencies, errors.Join(failures...)
}

// atOnce makes the requests without waiting for any answer in between.
func atOnce(s *subject, requests int) error {
	var waiting sync.WaitGroup
	var failed atomic.Pointer[error]
	for range requests {
		waiting.Go(func() {
			if err := s.request(); err != nil {
				failed.Store(&err)
			}
		})
	}
	waiting.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}
