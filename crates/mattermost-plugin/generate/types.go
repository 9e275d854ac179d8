package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	saml2 "github.com/mattermost/gosaml2"
	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/shared/mlog"
)

var (
	appErrorType = reflect.TypeFor[*model.AppError]()
	errorType    = reflect.TypeFor[error]()
	contextType  = reflect.TypeFor[*plugin.Context]()
	anyType      = reflect.TypeFor[any]()
)

// special are types with a Rust type that is written by hand, or with none: the configuration and SAML's assertions are
// for looking at single values, and larger than everything else together.
var special = map[reflect.Type]string{
	reflect.TypeFor[model.AppError]():      "AppError",
	reflect.TypeFor[plugin.Context]():      "Context",
	reflect.TypeFor[model.Config]():        "gob::Value",
	reflect.TypeFor[saml2.AssertionInfo](): "gob::Value",
	reflect.TypeFor[time.Time]():           "gob::GobEncoded",
}

// renamed are types whose names say too little without their package.
var renamed = map[reflect.Type]string{reflect.TypeFor[mlog.Level](): "LogLevel"}

// owned is the Rust type of a value; the structs in it are made known to the models.
func (m *models) owned(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "String"
	case reflect.Bool:
		return "bool"
	case reflect.Int:
		return "i64"
	case reflect.Uint:
		return "u64"
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "i" + strings.TrimPrefix(t.Kind().String(), "int")
	case reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "u" + strings.TrimPrefix(t.Kind().String(), "uint")
	case reflect.Uint8:
		// On its own it is a number like the others; the gob crate keeps u8 for bytes.
		return "u16"
	case reflect.Float32, reflect.Float64:
		return "f" + strings.TrimPrefix(t.Kind().String(), "float")
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "Vec<u8>"
		}
		return "Vec<" + m.element(t.Elem()) + ">"
	case reflect.Map:
		if t.Elem() == anyType {
			return "Payload"
		}
		return "BTreeMap<" + m.owned(t.Key()) + ", " + m.element(t.Elem()) + ">"
	case reflect.Pointer:
		return "Option<" + m.owned(t.Elem()) + ">"
	case reflect.Struct:
		return m.structure(t)
	case reflect.Interface:
		if t == anyType {
			return "Option<Interface>"
		}
	}
	panic(fmt.Sprintf("no Rust type for %s", t))
}

// element is the type of what a list or map holds: gob has no nil there, except among interface values.
func (m *models) element(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return m.owned(t.Elem())
	}
	return m.owned(t)
}

// borrowed is the Rust type of an argument that is sent.
func (m *models) borrowed(t reflect.Type, isNullable bool) string {
	owned := m.element(t)
	switch {
	case isNullable:
		return "Option<&" + owned + ">"
	case owned == "String":
		return "&str"
	case strings.HasPrefix(owned, "Vec<"):
		return "&[" + strings.TrimSuffix(strings.TrimPrefix(owned, "Vec<"), ">") + "]"
	case isScalar(t):
		return owned
	}
	return "&" + owned
}

func isScalar(t reflect.Type) bool {
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64
}

// isSent says whether a field goes through gob at all.
func isSent(field reflect.StructField) bool {
	kind := field.Type.Kind()
	return field.IsExported() && kind != reflect.Func && kind != reflect.Chan
}

// contains says whether a value of a type can hold one of another, through a pointer alone: such a field takes a Box.
func contains(t, wanted reflect.Type, seen map[reflect.Type]bool) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == wanted {
		return true
	}
	if _, isSpecial := special[t]; isSpecial || t.Kind() != reflect.Struct || seen[t] {
		return false
	}
	seen[t] = true
	for i := range t.NumField() {
		if field := t.Field(i); isSent(field) && contains(field.Type, wanted, seen) {
			return true
		}
	}
	return false
}
