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

// hostPatience is a little less than the five seconds that the server waits for a plugin to take a request's streams
// (go-plugin 1.8.0, MuxBroker.Accept). On a machine that is too busy to answer a burst within it, the last are refused.
const hostPatience = 4 * time.Second

// atOnce makes the requests without waiting for any answer in between, and returns how many were refused for want of time.
func atOnce(s *subject, requests int) (int, error) {
	var waiting sync.WaitGroup
	var refused atomic.Int64
	var failed atomic.Pointer[error]
	start := time.Now()
	for range requests {
		waiting.Go(func() {
			if err := s.request(); err != nil {
				refused.Add(1)
				failed.Store(&err)
			}
		})
	}
	waiting.Wait()
	if err := failed.Load(); err != nil && time.Since(start) < hostPatience {
		return 0, *err
	}
	return int(refused.Load()), nil
}
