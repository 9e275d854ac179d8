package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
)

const module = "github.com/mattermost/mattermost/server/public"

// definition is what only the source says of a method: compiled code has no names of arguments and no comments.
type definition struct {
	name      string
	arguments []string
	since     string
}

// definitions are the methods of the two interfaces, in the order in which they stand there.
type definitions struct {
	version    string
	api, hooks []definition
}

func read() (*definitions, error) {
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Version}} {{.Dir}}", module).Output()
	if err != nil {
		return nil, fmt.Errorf("where is %s? %w", module, err)
	}
	version, folder, _ := strings.Cut(strings.TrimSpace(string(output)), " ")
	found := &definitions{version: version}
	for _, source := range []struct {
		file, name string
		into       *[]definition
	}{
		{"api.go", "API", &found.api},
		{"hooks.go", "Hooks", &found.hooks},
	} {
		path := filepath.Join(folder, "plugin", source.file)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		object := file.Scope.Lookup(source.name)
		if object == nil {
			return nil, fmt.Errorf("%s has no type %s", path, source.name)
		}
		list := object.Decl.(*ast.TypeSpec).Type.(*ast.InterfaceType).Methods.List
		for _, field := range list {
			*source.into = append(*source.into, describe(field))
		}
	}
	return found, nil
}

// minimum is the one line of the comments that is a fact.
var minimum = regexp.MustCompile(`Minimum server version: ([0-9]+)\.([0-9]+)`)

func describe(field *ast.Field) definition {
	described := definition{name: field.Names[0].Name}
	for _, argument := range field.Type.(*ast.FuncType).Params.List {
		for _, name := range argument.Names {
			described.arguments = append(described.arguments, name.Name)
		}
	}
	if found := minimum.FindStringSubmatch(field.Doc.Text()); found != nil {
		described.since = found[1] + "." + strings.Replace(found[2], "00", "0", 1)
	}
	return described
}

// method is a method with all that is known of it.
type method struct {
	definition
	type_ reflect.Type
}

func methods(type_ reflect.Type, definitions []definition) ([]method, error) {
	var found []method
	for _, definition := range definitions {
		compiled, known := type_.MethodByName(definition.name)
		if !known || compiled.Type.NumIn() != len(definition.arguments) {
			return nil, fmt.Errorf("%s.%s is not compiled as it is written", type_, definition.name)
		}
		found = append(found, method{definition, compiled.Type})
	}
	if len(found) != type_.NumMethod() {
		return nil, fmt.Errorf("%s has %d methods, %d were found", type_, type_.NumMethod(), len(found))
	}
	return found, nil
}
