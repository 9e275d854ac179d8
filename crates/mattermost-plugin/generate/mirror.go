package main

import (
	"fmt"
	"slices"
	"strings"
)

// arities name the structs that carry so many values.
var arities = []string{"Zero", "One", "Two", "Three", "Four"}

// letters name the fields of the structs that carry arguments.
const letters = "abcd"

// writeMirror writes the plugin that keeps what its hooks are given, and calls what it is told to: for the tests.
func writeMirror(api, hooks []method) string {
	models := newModels()
	body := &strings.Builder{}
	body.WriteString("\n#[mattermost_plugin::hooks]\nimpl Plugin for Mirror {\n" +
		"fn router(self: Arc<Self>, api: Api) -> impl HttpService {\nrouter(api)\n}\n\n" +
		"fn metrics_router(self: Arc<Self>, _: Api) -> impl HttpService {\nmetrics()\n}\n\n" +
		"async fn file_will_be_uploaded(&self, api: Api, context: Context, info: FileInfo, file: UploadedFile, " +
		"replacement: FileReplacement) -> Result<Option<FileInfo>, Error> {\nupload(&api, (context, info), file, replacement).await\n}\n")
	for _, m := range hooks {
		if byHand[m.name] != "" {
			continue
		}
		h := models.hook(m)
		values := slices.Clone(h.names)
		for i, t := range h.types {
			if t == "gob::Value" {
				// Dynamic values cannot be sent among others.
				h.parameters[i], values[i] = "_: gob::Value", "()"
			}
		}
		fmt.Fprintf(body, "\nasync fn %s(&self, api: Api, %s) -> %s {\nmirror(&api, %q, %s).await\n}\n",
			snake(m.name), strings.Join(h.parameters, ", "), h.answer, m.name, carried(values))
	}
	body.WriteString("}\n\n/// Calls a method of the API with the arguments that `body` holds.\n" +
		"pub(crate) async fn call(api: &Api, method: &str, body: &[u8]) -> Result<Vec<u8>, Error> {\nmatch method {\n")
	for _, m := range api {
		if byHand[m.name] != "" || strings.Contains(models.result(m).value, "gob::Value") {
			continue
		}
		var types, arguments []string
		for i := range m.type_.NumIn() {
			borrowed := models.borrowed(m.type_.In(i), m.isNullable(i))
			owned := strings.Replace(models.element(m.type_.In(i)), "Vec<Option<Interface>>", "Vec<Interface>", 1)
			argument := string(letters[i])
			switch {
			case m.isNullable(i):
				owned, argument = "Option<"+owned+">", argument+".as_ref()"
			case strings.HasPrefix(borrowed, "&"):
				argument = "&" + argument
			}
			types = append(types, owned)
			arguments = append(arguments, argument)
		}
		fields := strings.Join(strings.Split(letters[:len(types)], ""), ", ")
		call := fmt.Sprintf("api.%s(%s).await", methodName(m.name), strings.Join(arguments, ", "))
		if strings.HasPrefix(models.result(m).value, "(") && models.result(m).value != "()" {
			call += ".map(|(a, b)| Two { a, b })"
		}
		turbofish := ""
		if len(types) > 0 {
			turbofish = "::" + angled(types)
		}
		fmt.Fprintf(body, "%q => {\nlet %s%s { %s } = read(body)?;\nwritten(%s)\n}\n", m.name, arities[len(types)], turbofish, fields, call)
	}
	body.WriteString("_ => Err(Error::new(format!(\"no method {method}\"))),\n}\n}\n")
	header := "//! Every hook and every API method once.\n" + generated +
		"\nuse std::collections::BTreeMap;\nuse std::sync::Arc;\n\nuse gob::Interface;\n" +
		"use mattermost_plugin::{Api, Error, FileReplacement, HttpService, Payload, Plugin, UploadedFile};\n" +
		"use mattermost_plugin::model::{" + strings.Join(slices.DeleteFunc(used(body.String(), models), func(name string) bool { return name == "Payload" }), ", ") + "};\n\n" +
		"use super::carried::{" + strings.Join(arities, ", ") + ", read, written};\nuse super::{Mirror, metrics, mirror, router, upload};\n"
	return header + body.String()
}

// carried is the struct that carries values.
func carried(values []string) string {
	var fields []string
	for i, value := range values {
		fields = append(fields, string(letters[i])+": "+value)
	}
	return arities[len(values)] + " { " + strings.Join(fields, ", ") + " }"
}
