package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"notifymatters/gob-peer/describe"
)

// everything has a field of each kind. The crate's test has its twin.
type everything struct {
	Flag    bool
	Small   int8
	Int     int64
	Byte    uint8
	Wide    uint64
	Float   float64
	Single  float32
	Complex complex128
	Text    string
	Raw     string
	Bytes   []byte
	List    []string
	Array   [3]uint16
	Octets  [2]byte
	Header  map[string][]string
	Numbers map[int32]point
	URL     *url.URL
	When    time.Time
	Big     *big.Int
	Pointer *string
	Point   *point
	Points  []point
	Chain   *chain
	Error   error
	Any     []any
	Empty   struct{}
}

type point struct{ X, Y int }

type chain struct {
	Value int
	Next  *chain
}

type coded struct {
	Code int64
	Err  string
}

func (c *coded) Error() string { return c.Err }

// echoed are the types that the crate's tests have as Rust types.
var echoed = map[string]reflect.Type{
	"everything": reflect.TypeFor[everything](),
	"request":    reflect.TypeFor[http.Request](),
	"header":     reflect.TypeFor[http.Header](),
}

// echo decodes each value and encodes it again; all values of a type go through one decoder and one encoder.
func echo(input io.Reader, output io.Writer) error {
	gob.RegisterName("*peer.coded", &coded{})
	type line struct {
		Type string       `json:"type"`
		Gob  describe.Hex `json:"gob"`
	}
	type ends struct {
		received, sent *bytes.Buffer
		decoder        *gob.Decoder
		encoder        *gob.Encoder
	}
	streams := map[string]*ends{}
	lines, answers := json.NewDecoder(input), json.NewEncoder(output)
	for {
		var next line
		if err := lines.Decode(&next); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		t, ok := echoed[next.Type]
		if !ok {
			return fmt.Errorf("unknown type %q", next.Type)
		}
		stream, ok := streams[next.Type]
		if !ok {
			stream = &ends{received: new(bytes.Buffer), sent: new(bytes.Buffer)}
			stream.decoder, stream.encoder = gob.NewDecoder(stream.received), gob.NewEncoder(stream.sent)
			streams[next.Type] = stream
		}
		stream.received.Write(next.Gob)
		value := reflect.New(t)
		if err := stream.decoder.DecodeValue(value); err != nil {
			return fmt.Errorf("decoding a %s: %w", next.Type, err)
		}
		stream.sent.Reset()
		if err := stream.encoder.EncodeValue(value); err != nil {
			return fmt.Errorf("encoding a %s: %w", next.Type, err)
		}
		if err := answers.Encode(describe.Hex(stream.sent.Bytes())); err != nil {
			return err
		}
	}
}
