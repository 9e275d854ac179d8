package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The crate's own test compares each description with the stream beside it.
func TestTheDescriptionsAreOfTheseValues(t *testing.T) {
	register()
	for name, value := range values() {
		want, err := description(value)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../../../crates/gob/tests/golden", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is out of date; run: go run . ../../../crates/gob/tests/golden", name)
		}
	}
}
