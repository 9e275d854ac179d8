package main

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
)

// models are the structs that hooks and API carry.
type models struct {
	structures []reflect.Type
	// isBuilt are those that a plugin makes: it has to be able to write all their fields.
	isBuilt map[reflect.Type]bool
}

func newModels() *models { return &models{isBuilt: map[reflect.Type]bool{}} }

// structure makes a struct and all that it is made of known, and is its name.
func (m *models) structure(t reflect.Type) string {
	if name, isSpecial := special[t]; isSpecial {
		return name
	}
	if !slices.Contains(m.structures, t) {
		m.structures = append(m.structures, t)
		for i := range t.NumField() {
			if field := t.Field(i); isSent(field) {
				m.owned(field.Type)
			}
		}
	}
	return modelName(t)
}

func modelName(t reflect.Type) string {
	if name, isRenamed := renamed[t]; isRenamed {
		return name
	}
	return t.Name()
}

// build notes that a plugin makes values of the type.
func (m *models) build(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		m.build(t.Elem())
	case reflect.Struct:
		if _, isSpecial := special[t]; isSpecial || m.isBuilt[t] {
			return
		}
		m.isBuilt[t] = true
		for i := range t.NumField() {
			if field := t.Field(i); isSent(field) {
				m.build(field.Type)
			}
		}
	}
}

func (m *models) write(words *words) string {
	slices.SortFunc(m.structures, func(a, b reflect.Type) int { return strings.Compare(modelName(a), modelName(b)) })
	body := &strings.Builder{}
	for i, t := range m.structures {
		if i > 0 && modelName(t) == modelName(m.structures[i-1]) {
			panic("two structs are called " + modelName(t))
		}
		m.writeStructure(body, t, words)
	}
	header := "//! Mattermost's data, as hooks and API carry it.\n" + generated +
		"\nuse std::collections::BTreeMap;\n\nuse gob::{Gob, Interface};\n\nuse super::{AppError, Payload};\n"
	return header + body.String()
}

func (m *models) writeStructure(to *strings.Builder, t reflect.Type, words *words) {
	name, goName := modelName(t), path.Base(t.PkgPath())+"."+t.Name()
	if path.Base(t.PkgPath()) == "v2" {
		goName = "mlog." + t.Name()
	}
	if sentence := words.of(name); sentence != "" {
		fmt.Fprintf(to, "\n/// %s (`%s`).\n", strings.TrimSuffix(sentence, "."), goName)
	} else {
		fmt.Fprintf(to, "\n/// `%s`.\n", goName)
	}
	if t.PkgPath() == module+"/model" {
		fmt.Fprintf(to, "///\n/// [Its fields in Go](%s)\n", reference("model", t.Name()))
	}
	to.WriteString("#[derive(Debug, Default, Clone, PartialEq, Gob)]\n")
	if name != t.Name() {
		fmt.Fprintf(to, "#[gob(name = %q)]\n", t.Name())
	}
	if !m.isBuilt[t] {
		to.WriteString("#[non_exhaustive]\n")
	}
	fmt.Fprintf(to, "pub struct %s {\n", name)
	for i := range t.NumField() {
		field := t.Field(i)
		if !isSent(field) {
			continue
		}
		owned := m.owned(field.Type)
		if field.Type.Kind() == reflect.Pointer && contains(field.Type, t, map[reflect.Type]bool{}) {
			owned = "Option<Box<" + strings.TrimPrefix(owned, "Option<") + ">"
		}
		sentence := words.of(name + "." + field.Name)
		if sentence == "" && strings.HasSuffix(field.Name, "At") && owned == "i64" {
			sentence = "Milliseconds since 1970."
		}
		if sentence == "" {
			sentence = fmt.Sprintf("Go's field `%s` of type `%s`.", field.Name, goType(field.Type))
		}
		fmt.Fprintf(to, "/// %s\n", sentence)
		var attributes []string
		snaked := snake(field.Name)
		if pascal(snaked) != field.Name {
			attributes = append(attributes, fmt.Sprintf("name = %q", field.Name))
		}
		if owned == "String" {
			attributes = append(attributes, "lossy")
		}
		if attributes != nil {
			fmt.Fprintf(to, "#[gob(%s)]\n", strings.Join(attributes, ", "))
		}
		fmt.Fprintf(to, "pub %s: %s,\n", snaked, owned)
	}
	to.WriteString("}\n")
}

// goType is a type as Go's documentation writes it.
func goType(t reflect.Type) string {
	return strings.NewReplacer("interface {}", "any", "[]uint8", "[]byte").Replace(t.String())
}
