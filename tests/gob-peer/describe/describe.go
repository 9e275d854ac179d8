// Package describe says in JSON what gob sends of a value, by the rules of gob's documentation.
package describe

import (
	"encoding"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Names of the types that are registered for interface values.
var Names = map[reflect.Type]string{}

// Value describes a value: a JSON array whose first element is the kind.
func Value(value reflect.Value) any {
	value = indirect(value)
	if kind, data := opaque(value); kind != "" {
		return []any{kind, data}
	}
	switch value.Kind() {
	case reflect.Bool:
		return []any{"bool", value.Bool()}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return []any{"int", strconv.FormatInt(value.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return []any{"uint", strconv.FormatUint(value.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		return []any{"float", bits(value.Float())}
	case reflect.Complex64, reflect.Complex128:
		return []any{"complex", bits(real(value.Complex())), bits(imag(value.Complex()))}
	case reflect.String:
		return []any{"string", Hex(value.String())}
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return []any{"bytes", Hex(value.Bytes())}
		}
		return describeElements(value)
	case reflect.Array:
		return describeElements(value)
	case reflect.Map:
		return describeMap(value)
	case reflect.Interface:
		if value.IsNil() {
			return []any{"interface"}
		}
		base := value.Elem().Type()
		for base.Kind() == reflect.Pointer && Names[base] == "" {
			base = base.Elem()
		}
		return []any{"interface", Names[base], Value(value.Elem())}
	case reflect.Struct:
		return describeStruct(value)
	default:
		panic(fmt.Sprintf("no description of %s", value.Type()))
	}
}

func describeElements(value reflect.Value) any {
	elements := []any{"list"}
	for i := range value.Len() {
		elements = append(elements, Value(value.Index(i)))
	}
	return elements
}

func describeMap(value reflect.Value) any {
	entries := []string{}
	for iterator := value.MapRange(); iterator.Next(); {
		entry, err := json.Marshal([]any{Value(iterator.Key()), Value(iterator.Value())})
		if err != nil {
			panic(err)
		}
		entries = append(entries, string(entry))
	}
	sort.Strings(entries)
	return []any{"map", json.RawMessage("[" + strings.Join(entries, ",") + "]")}
}

func describeStruct(value reflect.Value) any {
	fields := []any{"struct"}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if !field.IsExported() || kindBehind(field.Type) == reflect.Chan || kindBehind(field.Type) == reflect.Func {
			continue
		}
		if omitted(value.Field(i)) {
			fields = append(fields, []any{field.Name})
		} else {
			fields = append(fields, []any{field.Name, Value(value.Field(i))})
		}
	}
	return fields
}

// omitted says whether a field is left out because it is zero or points to what is.
func omitted(value reflect.Value) bool {
	if _, ok := opaqueKind(value.Type()); ok {
		return value.IsZero()
	}
	for value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return true
		}
		value = value.Elem()
		if _, ok := opaqueKind(value.Type()); ok {
			return value.IsZero()
		}
	}
	switch value.Kind() {
	case reflect.Struct, reflect.Array:
		return false
	case reflect.Slice:
		return value.Len() == 0
	case reflect.Float32, reflect.Float64:
		return value.Float() == 0
	case reflect.Complex64, reflect.Complex128:
		return value.Complex() == 0
	default:
		return value.IsZero()
	}
}

func indirect(value reflect.Value) reflect.Value {
	for value.Kind() == reflect.Pointer {
		if kind, _ := opaqueKind(value.Type().Elem()); kind != "" && value.Type().Elem().Kind() != reflect.Pointer {
			return value
		}
		value = value.Elem()
	}
	return value
}

func kindBehind(t reflect.Type) reflect.Kind {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind()
}

func opaqueKind(t reflect.Type) (string, bool) {
	for _, candidate := range []reflect.Type{t, reflect.PointerTo(t)} {
		switch {
		case candidate.Implements(reflect.TypeFor[gob.GobEncoder]()):
			return "gob encoder", true
		case candidate.Implements(reflect.TypeFor[encoding.BinaryMarshaler]()):
			return "binary marshaler", true
		}
	}
	return "", false
}

func opaque(value reflect.Value) (string, Hex) {
	kind, ok := opaqueKind(value.Type())
	if !ok {
		return "", nil
	}
	var data []byte
	var err error
	switch marshaler := value.Interface().(type) {
	case gob.GobEncoder:
		data, err = marshaler.GobEncode()
	case encoding.BinaryMarshaler:
		data, err = marshaler.MarshalBinary()
	}
	if err != nil {
		panic(err)
	}
	return kind, data
}

func bits(number float64) string {
	return strconv.FormatUint(math.Float64bits(number), 16)
}

// Hex are bytes that both sides can write into JSON without a library.
type Hex []byte

func (h Hex) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

func (h *Hex) UnmarshalText(text []byte) (err error) {
	*h, err = hex.AppendDecode(nil, text)
	return err
}
