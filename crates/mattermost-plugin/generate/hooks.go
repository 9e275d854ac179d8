package main

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"
)

// hooksByHand is the part of the hooks that is written by hand, with a line for each list that is generated.
//
//go:embed hooks.rs.txt
var hooksByHand string

// answersUnchanged are hooks where Go's nil refuses what happens, and not only leaves it as it is.
var answersUnchanged = map[string]string{"MessageWillBeUpdated": "new_post"}

// hook is a hook in Rust.
type hook struct {
	method
	parameters, names, types []string
	answer, wire             string
}

func (models *models) hook(m method) hook {
	h := hook{method: m}
	for i := range m.type_.NumIn() {
		t := m.type_.In(i)
		owned := models.element(t)
		if m.isNullable(i) {
			owned = "Option<" + owned + ">"
		}
		name := snake(m.arguments[i])
		if t == contextType {
			name = "context"
		}
		h.names = append(h.names, name)
		h.types = append(h.types, owned)
		h.parameters = append(h.parameters, name+": "+owned)
	}
	h.answer, h.wire = models.answer(m)
	return h
}

// answer is what a hook gives, in Rust, and the struct in which it goes.
func (models *models) answer(m method) (answer, wire string) {
	var outs []reflect.Type
	for i := range m.type_.NumOut() {
		outs = append(outs, m.type_.Out(i))
		models.build(m.type_.Out(i))
	}
	isReason := len(outs) > 0 && outs[len(outs)-1].Kind() == reflect.String
	switch {
	case len(outs) == 0:
		return "Result<(), Error>", "Nothing"
	case len(outs) == 1 && outs[0] == errorType:
		return "Result<(), Error>", "ErrorOnly"
	case len(outs) == 1 && isReason:
		return "Result<(), Error>", "ValueOnly<String>"
	case len(outs) == 1:
		owned := models.owned(outs[0])
		return "Result<" + owned + ", Error>", "ValueOnly<" + owned + ">"
	case isReason:
		owned := models.owned(outs[0])
		return "Result<" + owned + ", Error>", "ValueAndReason<" + owned + ">"
	case outs[1] == appErrorType:
		return "Result<" + models.element(outs[0]) + ", Error>", "ValueAndAppError<" + models.owned(outs[0]) + ">"
	}
	owned := models.owned(outs[0])
	return "Result<" + owned + ", Error>", "ValueAndError<" + owned + ">"
}

func writeHooks(hooks []method, models *models, words *words) string {
	methods, names, arms := &strings.Builder{}, &strings.Builder{}, &strings.Builder{}
	for _, m := range hooks {
		if byHand[m.name] != "" {
			continue
		}
		h := models.hook(m)
		name := snake(m.name)
		methods.WriteString("\n")
		document(methods, m, "Hooks", words)
		fmt.Fprintf(methods, "fn %s(&self, api: Api, %s) -> impl Future<Output = %s> + Send {\nunwritten((api, %s))\n}\n",
			name, strings.Join(h.parameters, ", "), h.answer, strings.Join(h.names, ", "))
		fmt.Fprintf(names, "pub(crate) const %s: &str = %q;\n", name, m.name)
		fmt.Fprintf(arms, "hook_names::%s if const { has::<P>(hook_names::%s) } => {\n", name, name)
		arguments := strings.Join(h.names, ", ")
		if len(h.names) == 1 {
			arguments += ","
		}
		call := fmt.Sprintf("plugin.%s(api, %s).await", name, strings.Join(h.names, ", "))
		if kept := answersUnchanged[m.name]; kept != "" {
			call = "// Nil would refuse it.\nlet unchanged = " + kept + ".clone();\nlet answer = " + call +
				";\nanswer.map(|replacement| replacement.or(Some(unchanged)))"
		}
		fmt.Fprintf(arms, "answer::<Received%d%s, %s, _, _, _>(call, move |(%s)| async move { %s });\n}\n",
			len(h.types), angled(h.types), h.wire, arguments, call)
	}
	text := strings.NewReplacer(
		"// GENERATED: header\n", generated,
		"// GENERATED: methods\n", methods.String(),
		"// GENERATED: names\n", names.String(),
		"// GENERATED: arms\n", arms.String(),
		"// GENERATED: models\n", "use crate::model::{"+strings.Join(used(methods.String()+hooksByHand, models), ", ")+"};\n",
	).Replace(hooksByHand)
	return text
}

// writeHookNames writes what the macro knows of the hooks.
func writeHookNames(hooks []method) string {
	text := &strings.Builder{}
	text.WriteString("//! The hooks: the names of the trait's methods, and Go's.\n" + generated + "\n" +
		"pub(crate) const HOOKS: &[(&str, &str)] = &[\n")
	for _, m := range hooks {
		if method, isThere := strings.CutPrefix(byHand[m.name], "`Plugin::"); isThere {
			fmt.Fprintf(text, "(%q, %q),\n", strings.TrimSuffix(method, "`"), m.name)
		} else if byHand[m.name] == "" {
			fmt.Fprintf(text, "(%q, %q),\n", snake(m.name), m.name)
		}
	}
	text.WriteString("];\n")
	return text.String()
}

func angled(types []string) string {
	if len(types) == 0 {
		return ""
	}
	return "<" + strings.Join(types, ", ") + ">"
}
