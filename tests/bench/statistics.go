package main

import (
	"math"
	"slices"
	"time"
)

// percentile is the smallest value that at least that many percent of the values do not exceed (nearest rank).
// It sorts the values; of none it is 0.
func percentile(values []time.Duration, percent float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	rank := int(math.Ceil(percent / 100 * float64(len(values))))
	return values[min(max(rank, 1), len(values))-1]
}
