package main

import (
	"fmt"
	"strings"
)

// writeTest writes what the test kit knows of hooks and methods: their names, and what goes in and comes out.
func writeTest(api, hooks []method) string {
	models := newModels()
	methods, calls := &strings.Builder{}, &strings.Builder{}
	for _, m := range api {
		if byHand[m.name] != "" {
			continue
		}
		result := models.result(m)
		// Dynamic values cannot be sent among others.
		if strings.Contains(result.value, "gob::Value") {
			continue
		}
		var arguments []string
		for i := range m.type_.NumIn() {
			owned := strings.Replace(models.element(m.type_.In(i)), "Vec<Option<Interface>>", "Vec<Interface>", 1)
			if m.isNullable(i) {
				owned = "Option<" + owned + ">"
			}
			arguments = append(arguments, owned)
		}
		fmt.Fprintf(methods, "%s %q (Received%d: %s) -> %s, %s;\n",
			m.name, methodName(m.name), len(arguments), strings.Join(arguments, ", "), result.value, result.wire)
	}
	for _, m := range hooks {
		if byHand[m.name] != "" {
			continue
		}
		h := models.hook(m)
		arguments := strings.Join(h.types, ", ")
		if strings.Contains(arguments, "gob::Value") {
			continue
		}
		answer := strings.TrimSuffix(strings.TrimPrefix(h.answer, "Result<"), ", Error>")
		fmt.Fprintf(calls, "%s %q (Received%d: %s) -> %s, %s;\n", m.name, snake(m.name), len(h.types), arguments, answer, h.wire)
	}
	header := func(body, wire string) string {
		return "use std::collections::BTreeMap;\n\nuse gob::Interface;\n\nuse crate::model::{" +
			strings.Join(used(body, models), ", ") + "};\nuse crate::wire::{" + wire + "};\n\n"
	}
	return "//! The hooks that a test can call, and the methods that it can answer.\n" + generated +
		"\n/// The methods of the API, by Go's names.\npub mod api {\n" +
		header(methods.String(), "AppErrorOnly, ErrorOnly, Nothing, Received0, Received1, Received2, Received3, Received4, "+
			"TwoValuesAndAppError, ValueAndAppError, ValueAndError, ValueOnly") +
		"super::super::wire::methods! {\n" + methods.String() + "}\n}\n" +
		"\n/// The hooks, by Go's names.\npub mod hooks {\n" +
		strings.Replace(strings.Replace(header(calls.String(), "ErrorOnly, Nothing, Received0, Received1, Received2, Received3, Received4, "+
			"ValueAndAppError, ValueAndError, ValueAndReason, ValueOnly"), "use std::collections::BTreeMap;\n\n", "", 1), "use gob::Interface;\n\n", "", 1) +
		"super::super::wire::hooks! {\n" + calls.String() + "}\n}\n"
}
