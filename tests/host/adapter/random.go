package adapter

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
)

// deepest bounds values whose types contain themselves.
const deepest = 6

// gone are fields of older generations that the newest, from which the SDK is generated, has no more.
var gone = []string{
	"AppError.IsOAuth", "CommandArgs.Session", "Context.IpAddress", "Context.SourcePluginId", "Manifest.RequiredConfig",
	"Post.ParentId",
}

var anyType = reflect.TypeFor[any]()

// random makes up a value of the type. What gob does not carry is not made up: below pointers nothing is zero, no list and
// no map is empty, and what lies too deep is nil.
func random(source *rand.Rand, of reflect.Type, depth int) reflect.Value {
	value := reflect.New(of).Elem()
	if depth > deepest {
		return value
	}
	switch of.Kind() {
	case reflect.String:
		value.SetString(fmt.Sprintf("é%d", source.IntN(1_000_000)))
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(1 + int64(source.IntN(100)))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		value.SetUint(1 + uint64(source.IntN(100)))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(0.5 + float64(source.IntN(100)))
	case reflect.Pointer:
		target := random(source, of.Elem(), depth+1)
		if !target.IsZero() {
			value.Set(reflect.New(of.Elem()))
			value.Elem().Set(target)
		}
	case reflect.Slice:
		for range 1 + source.IntN(3) {
			if element := random(source, of.Elem(), depth+1); !element.IsZero() {
				value.Set(reflect.Append(value, element))
			}
		}
	case reflect.Map:
		value.Set(reflect.MakeMap(of))
		for range 1 + source.IntN(3) {
			if element := random(source, of.Elem(), depth+1); !element.IsZero() {
				value.SetMapIndex(random(source, of.Key(), depth+1), element)
			}
		}
		if value.Len() == 0 {
			value.SetZero()
		}
	case reflect.Struct:
		for i := range of.NumField() {
			if of.Field(i).IsExported() && !slices.Contains(gone, of.Name()+"."+of.Field(i).Name) {
				value.Field(i).Set(random(source, of.Field(i).Type, depth+1))
			}
		}
	case reflect.Interface:
		if of == anyType {
			value.Set(random(source, dynamicTypes[source.IntN(len(dynamicTypes))], depth+1))
		}
	}
	return value
}

// dynamicTypes are what is sent where any type may come: Go's own, and those that Mattermost registers.
var dynamicTypes = []reflect.Type{
	reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[float64](), reflect.TypeFor[int64](),
	reflect.TypeFor[[]any](), reflect.TypeFor[map[string]any](),
}
