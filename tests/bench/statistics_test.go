package main

import (
	"testing"
	"time"
)

func TestAPercentileIsTheNearestRank(t *testing.T) {
	hundred := make([]time.Duration, 0, 100)
	for i := 100; i > 0; i-- {
		hundred = append(hundred, time.Duration(i))
	}
	for _, test := range []struct {
		values  []time.Duration
		percent float64
		want    time.Duration
	}{
		{hundred, 99, 99},
		{hundred, 100, 100},
		{hundred, 50, 50},
		{hundred, 0, 1},
		{[]time.Duration{7}, 99, 7},
		{[]time.Duration{3, 1, 2}, 50, 2},
		{nil, 99, 0},
	} {
		if got := percentile(test.values, test.percent); got != test.want {
			t.Errorf("p%v of %d values is %d, not %d", test.percent, len(test.values), got, test.want)
		}
	}
}
