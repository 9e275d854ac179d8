package main

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	"notifymatters/gob-peer/describe"
)

// stream is what one encoder sent, with a description of each value.
type stream struct {
	Gob    describe.Hex `json:"gob"`
	Values []any        `json:"values"`
	// What Go's own decoder makes of the values.
	decoded []reflect.Value
}

const (
	typeDepth  = 4
	valueDepth = 5
)

// makeStream fills a stream with values of one to three types, some of them more than once.
func makeStream(r *random) (stream, error) {
	result := stream{Values: []any{}}
	var output bytes.Buffer
	encoder := gob.NewEncoder(&output)
	for range 1 + r.IntN(3) {
		t := r.makeType(typeDepth)
		for t.Kind() == reflect.Interface {
			// At top level an interface is what it holds.
			t = r.makeType(typeDepth)
		}
		for range 1 + r.IntN(3) {
			value := reflect.New(t)
			r.fill(value.Elem(), valueDepth, false)
			if !encodable(value) {
				continue
			}
			if err := encoder.EncodeValue(value); err != nil {
				return result, fmt.Errorf("encoding %s: %w", t, err)
			}
			result.Values = append(result.Values, describe.Value(value))
			result.decoded = append(result.decoded, reflect.New(t))
		}
	}
	result.Gob = output.Bytes()
	decoder := gob.NewDecoder(bytes.NewReader(result.Gob))
	for _, value := range result.decoded {
		if err := decoder.DecodeValue(value); err != nil {
			return result, fmt.Errorf("decoding %s: %w", value.Type(), err)
		}
	}
	return result, nil
}

// encodable tries a value on an encoder of its own: one that failed has forgotten types that it counts as sent.
// Pointers to pointers to marshalers make Go's encoder panic, and so do some that it cannot address.
func encodable(value reflect.Value) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return gob.NewEncoder(io.Discard).EncodeValue(value) == nil
}

func makeStreams(seed uint64, count int, output io.Writer) error {
	r := newRandom(seed)
	encoder := json.NewEncoder(output)
	for i := range count {
		stream, err := makeStream(r)
		if err != nil {
			return fmt.Errorf("stream %d: %w", i, err)
		}
		if err := encoder.Encode(stream); err != nil {
			return err
		}
	}
	return nil
}

// checkStreams decodes what the crate made of each stream and compares it with what Go made of the original.
func checkStreams(seed uint64, count int, input io.Reader, output io.Writer) error {
	r := newRandom(seed)
	lines := json.NewDecoder(bufio.NewReader(input))
	compared := 0
	for i := range count {
		expected, err := makeStream(r)
		if err != nil {
			return fmt.Errorf("stream %d: %w", i, err)
		}
		var received describe.Hex
		if err := lines.Decode(&received); err != nil {
			return fmt.Errorf("stream %d: reading: %w", i, err)
		}
		decoder := gob.NewDecoder(bytes.NewReader(received))
		for j, want := range expected.decoded {
			got := reflect.New(want.Type().Elem())
			if err := decoder.DecodeValue(got); err != nil {
				return fmt.Errorf("stream %d, value %d of type %s: %w", i, j, want.Type().Elem(), err)
			}
			if !reflect.DeepEqual(got.Interface(), want.Interface()) {
				return fmt.Errorf("stream %d, value %d of type %s:\n got %+v\nwant %+v", i, j, want.Type().Elem(), got.Elem(), want.Elem())
			}
			compared++
		}
		if err := decoder.DecodeValue(reflect.Value{}); err != io.EOF {
			return fmt.Errorf("stream %d: something follows the last value: %v", i, err)
		}
	}
	_, err := fmt.Fprintln(output, compared)
	return err
}
