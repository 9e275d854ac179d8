package main

import (
	"bytes"
	"encoding/gob"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

// The crate's benchmark decodes the same configuration, on a stream whose types are known.

func BenchmarkConfigDecode(b *testing.B) {
	var stream, input bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	encode := func() {
		if err := encoder.Encode(config()); err != nil {
			b.Fatal(err)
		}
	}
	encode()
	decoder := gob.NewDecoder(&input)
	input.Write(stream.Bytes())
	if err := decoder.Decode(new(model.Config)); err != nil {
		b.Fatal(err)
	}
	stream.Reset()
	encode()
	b.ReportAllocs()
	for b.Loop() {
		input.Write(stream.Bytes())
		if err := decoder.Decode(new(model.Config)); err != nil {
			b.Fatal(err)
		}
	}
}
