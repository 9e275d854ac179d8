package main

import (
	"encoding/gob"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestTheGoldenFilesHoldTheseValues(t *testing.T) {
	for name, want := range goldenValues() {
		file, err := os.Open(filepath.Join("../../crates/gob/tests/golden", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		decoder := gob.NewDecoder(file)
		for range 2 {
			// Encoding takes what a pointer points to; decoding needs the pointer.
			target := reflect.New(reflect.TypeOf(want))
			if err := decoder.DecodeValue(target); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !reflect.DeepEqual(target.Elem().Interface(), want) {
				t.Errorf("%s is out of date; run: go run . golden ../../crates/gob/tests/golden", name)
			}
		}
	}
}
