package main

import (
	"encoding/gob"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"net/url"
	"reflect"
	"time"

	"notifymatters/gob-peer/describe"
)

// random makes types and values. The same seed makes the same ones in the same order.
type random struct {
	*rand.Rand
	registered map[reflect.Type]bool
	names      int
}

func newRandom(seed uint64) *random {
	return &random{rand.New(rand.NewPCG(seed, 0)), map[reflect.Type]bool{}, 0}
}

var basics = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](),
	reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint](), reflect.TypeFor[uint8](),
	reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](), reflect.TypeFor[uintptr](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[complex64](), reflect.TypeFor[complex128](),
	reflect.TypeFor[string](), reflect.TypeFor[[]byte](), reflect.TypeFor[label](), reflect.TypeFor[blob](),
}

// Types that cannot be made while running: those that contain themselves, or have methods.
var declared = []reflect.Type{
	reflect.TypeFor[node](), reflect.TypeFor[tree](), reflect.TypeFor[nest](), reflect.TypeFor[forest](),
	reflect.TypeFor[left](), reflect.TypeFor[hidden](), reflect.TypeFor[outer](), reflect.TypeFor[struct{}](),
	reflect.TypeFor[time.Time](), reflect.TypeFor[*big.Int](), reflect.TypeFor[*url.URL](),
	reflect.TypeFor[fromGob](), reflect.TypeFor[fromBinary](), reflect.TypeFor[fromText](),
}

var keys = []reflect.Type{
	reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[uint16](), reflect.TypeFor[bool](),
	reflect.TypeFor[float64](), reflect.TypeFor[complex64](), reflect.TypeFor[[2]int8](), reflect.TypeFor[pair](),
	reflect.TypeFor[label](),
}

func (r *random) pick(types []reflect.Type) reflect.Type { return types[r.IntN(len(types))] }

func (r *random) makeType(depth int) reflect.Type {
	if depth == 0 {
		return r.pick(basics)
	}
	switch r.IntN(12) {
	case 0, 1:
		return r.pick(basics)
	case 2, 3:
		return r.pick(declared)
	case 4:
		return reflect.SliceOf(r.makeType(depth - 1))
	case 5:
		return reflect.ArrayOf(r.IntN(4), r.makeType(depth-1))
	case 6:
		return reflect.MapOf(r.pick(keys), r.makeType(depth-1))
	case 7:
		return reflect.PointerTo(r.makeType(depth - 1))
	case 8:
		return reflect.TypeFor[any]()
	default:
		return r.makeStruct(depth)
	}
}

func (r *random) makeStruct(depth int) reflect.Type {
	fields := make([]reflect.StructField, r.IntN(8))
	sent := false
	for i := range fields {
		fields[i] = reflect.StructField{Name: fmt.Sprintf("%c%d", 'A'+r.IntN(26), i), Type: r.makeType(depth - 1)}
		switch r.IntN(20) {
		case 0:
			fields[i].Type = reflect.TypeFor[chan int]()
		case 1:
			fields[i].Type = reflect.TypeFor[func()]()
		default:
			sent = true
		}
	}
	if !sent {
		fields = append(fields, reflect.StructField{Name: "Z", Type: r.pick(basics)})
	}
	return reflect.StructOf(fields)
}

// fill sets a value to something random. Where gob cannot send nil, there is none.
func (r *random) fill(value reflect.Value, depth int, nilable bool) {
	switch value.Interface().(type) {
	case time.Time:
		value.Set(reflect.ValueOf(time.Unix(r.Int64N(1<<33), r.Int64N(1e9)).UTC()))
		return
	case *big.Int:
		value.Set(reflect.ValueOf(new(big.Int).Lsh(big.NewInt(r.Int64()-1<<62), uint(r.IntN(80)))))
		return
	case *url.URL:
		value.Set(reflect.ValueOf(&url.URL{Scheme: "https", Host: "example.com", Path: "/" + r.text(), RawQuery: "q=1"}))
		return
	case fromText:
		value.Field(0).SetString(r.text())
		return
	case fromGob, fromBinary:
		reflect.NewAt(value.Field(0).Type(), value.Field(0).Addr().UnsafePointer()).Elem().SetString(r.text())
		return
	}
	zero := r.IntN(4) == 0
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if !zero {
			value.SetInt(r.int(value.Type().Bits()))
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if !zero {
			value.SetUint(uint64(r.int(value.Type().Bits())) & (math.MaxUint64 >> (64 - value.Type().Bits())))
		}
	case reflect.Float32, reflect.Float64:
		if !zero {
			value.SetFloat(r.float())
		}
	case reflect.Complex64, reflect.Complex128:
		if !zero {
			value.SetComplex(complex(r.float(), r.float()))
		}
	case reflect.String:
		if !zero {
			value.SetString(r.text())
		}
	case reflect.Slice:
		if zero {
			return
		}
		length := r.length(depth)
		value.Set(reflect.MakeSlice(value.Type(), length, length))
		for i := range length {
			r.fill(value.Index(i), depth-1, false)
		}
	case reflect.Array:
		for i := range value.Len() {
			r.fill(value.Index(i), depth-1, false)
		}
	case reflect.Map:
		if zero {
			return
		}
		value.Set(reflect.MakeMap(value.Type()))
		for range r.length(depth) {
			key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
			r.fill(key, depth-1, false)
			r.fill(element, depth-1, false)
			value.SetMapIndex(key, element)
		}
	case reflect.Pointer:
		if nilable && (zero || depth <= 0) {
			return
		}
		value.Set(reflect.New(value.Type().Elem()))
		r.fill(value.Elem(), depth-1, nilable)
	case reflect.Interface:
		if zero || depth <= 0 {
			return
		}
		value.Set(r.concrete(depth - 1))
	case reflect.Struct:
		for i := range value.NumField() {
			if field := value.Field(i); field.CanSet() {
				r.fill(field, depth-1, true)
			}
		}
	}
}

// concrete is a value for an interface, of a type that is registered.
func (r *random) concrete(depth int) reflect.Value {
	concrete := r.makeType(max(depth, 0))
	for concrete.Kind() == reflect.Interface || concrete.Kind() == reflect.Pointer {
		concrete = r.makeType(max(depth, 0))
	}
	pointer := reflect.New(concrete)
	r.fill(pointer.Elem(), depth, false)
	if !r.registered[concrete] {
		r.registered[concrete] = true
		register(concrete, r.names)
		r.names++
	}
	if r.IntN(2) == 0 {
		return pointer
	}
	return pointer.Elem()
}

func register(concrete reflect.Type, number int) {
	for _, basic := range basics {
		if basic == concrete && concrete.PkgPath() == "" {
			describe.Names[concrete] = concrete.String()
			return
		}
	}
	// Go registers slices of the basic types itself.
	if concrete.Kind() == reflect.Slice && concrete.Name() == "" {
		if element := concrete.Elem(); element.PkgPath() == "" && element.Name() != "" && element.Kind() != reflect.Interface {
			describe.Names[concrete] = concrete.String()
			return
		}
	}
	name := fmt.Sprintf("peer.T%d", number)
	gob.RegisterName(name, reflect.Zero(concrete).Interface())
	describe.Names[concrete] = name
}

func (r *random) length(depth int) int {
	switch {
	case depth <= -10:
		// A type that contains itself must end somewhere.
		return 0
	case depth <= 0:
		return r.IntN(2)
	}
	if r.IntN(300) == 0 {
		return 100 + r.IntN(100)
	}
	return r.IntN(4)
}

// int is a number whose length is as random as its value.
func (r *random) int(bits int) int64 {
	return int64(r.Uint64()) >> (64 - bits + r.IntN(bits))
}

func (r *random) float() float64 {
	switch r.IntN(8) {
	case 0:
		return math.Inf(1)
	case 1:
		return float64(float32(r.NormFloat64()))
	case 2:
		return math.Copysign(0, -1)
	default:
		return float64(r.IntN(1000)) / 8
	}
}

func (r *random) text() string {
	length := r.IntN(12)
	if r.IntN(30) == 0 {
		length = 120 + r.IntN(300)
	}
	text := make([]byte, length)
	for i := range text {
		text[i] = byte(' ' + r.IntN(95))
	}
	if r.IntN(20) == 0 {
		// Go's strings need not be UTF-8.
		return string(text) + "\xff\xc0é"
	}
	return string(text)
}
