package main

import (
	"bytes"
	"encoding/gob"
	"io"
	"net/http"
	"testing"
)

// The crate's benchmark does the same with the same request, on a stream whose types are known.

func BenchmarkRequestDecode(b *testing.B) {
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	encode := func() {
		if err := encoder.Encode(request()); err != nil {
			b.Fatal(err)
		}
	}
	encode()
	var input bytes.Buffer
	decoder := gob.NewDecoder(&input)
	input.Write(stream.Bytes())
	var first http.Request
	if err := decoder.Decode(&first); err != nil {
		b.Fatal(err)
	}
	stream.Reset()
	encode()
	b.ReportAllocs()
	for b.Loop() {
		input.Write(stream.Bytes())
		var value http.Request
		if err := decoder.Decode(&value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequestEncode(b *testing.B) {
	encoder := gob.NewEncoder(io.Discard)
	value := request()
	b.ReportAllocs()
	for b.Loop() {
		if err := encoder.Encode(value); err != nil {
			b.Fatal(err)
		}
	}
}
