package main

import (
	"fmt"
	"time"

	"notifymatters.test/host"
)

const (
	// activations is how often a plugin is activated: one alone would measure chance.
	activations = 9
	// warmUp is how many requests come before those that count.
	warmUp = 200
	// settling is how long a plugin is left alone before it counts as idle.
	settling = time.Second
)

// figures is what one run found out about one plugin.
type figures struct {
	// ActivationMs is the median, in milliseconds.
	ActivationMs float64 `json:"activation_ms"`
	// IdleKB, LoadedKB and BurstKB are resident memory: settled after the activation, right after the requests of the
	// callers, and right after the burst.
	IdleKB   int `json:"idle_kb"`
	LoadedKB int `json:"loaded_kb"`
	BurstKB  int `json:"burst_kb"`
	// Refused is how many requests of the burst the machine was too busy for.
	Refused int `json:"refused"`
	// RequestsPerSecond and P99Ms are what the callers saw.
	RequestsPerSecond float64 `json:"requests_per_second"`
	P99Ms             float64 `json:"p99_ms"`
	// ProcessorUs is the plugin's own processor time for a request, in microseconds, user and system.
	ProcessorUs float64 `json:"processor_us"`
}

func printFigures(s *subject, requests, burst int) error {
	found, err := measure(s, requests, burst)
	if err != nil {
		return err
	}
	if err := s.end(); err != nil {
		return err
	}
	fmt.Println(encoded(found))
	return nil
}

func measure(s *subject, requests, burst int) (*figures, error) {
	activation, err := activate(s)
	if err != nil {
		return nil, fmt.Errorf("activate: %w", err)
	}
	process, err := s.process()
	if err != nil {
		return nil, err
	}
	time.Sleep(settling)
	found := &figures{ActivationMs: milliseconds(activation), IdleKB: host.ResidentKilobytes(process)}

	if _, err := load(s, warmUp); err != nil {
		return nil, err
	}
	before, err := processorTime(process)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	latencies, err := load(s, requests)
	if err != nil {
		return nil, err
	}
	elapsed := time.Since(start)
	found.LoadedKB = host.ResidentKilobytes(process)
	after, err := processorTime(process)
	if err != nil {
		return nil, err
	}
	found.RequestsPerSecond = float64(requests) / elapsed.Seconds()
	found.P99Ms = milliseconds(percentile(latencies, 99))
	found.ProcessorUs = (after - before).Seconds() * 1e6 / float64(requests)

	if found.Refused, err = atOnce(s, burst); err != nil {
		return nil, fmt.Errorf("burst: %w", err)
	}
	s.mayComplain = found.Refused > 0
	found.BurstKB = host.ResidentKilobytes(process)
	if now, err := s.process(); err != nil || now != process {
		return nil, fmt.Errorf("the plugin was restarted on the way (%v)", err)
	}
	return found, nil
}

// activate activates the plugin several times and leaves it active; it returns the median.
func activate(s *subject) (time.Duration, error) {
	var taken []time.Duration
	for i := range activations {
		if i > 0 && !s.environment.Deactivate(s.id) {
			return 0, fmt.Errorf("it was not active")
		}
		start := time.Now()
		if _, err := s.environment.Activate(s.id); err != nil {
			return 0, err
		}
		taken = append(taken, time.Since(start))
	}
	return percentile(taken, 50), nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
