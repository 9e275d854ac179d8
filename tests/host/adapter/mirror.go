package adapter

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"

	"github.com/stretchr/testify/mock"

	"github.com/mattermost/mattermost/server/public/model"
	"github.com/mattermost/mattermost/server/public/plugin"
	"github.com/mattermost/mattermost/server/public/plugin/plugintest"

	"notifymatters.test/host"
)

var (
	hooksType    = reflect.TypeFor[plugin.Hooks]()
	apiType      = reflect.TypeFor[plugin.API]()
	errorType    = reflect.TypeFor[error]()
	appErrorType = reflect.TypeFor[*model.AppError]()
	stringType   = reflect.TypeFor[string]()
	readerType   = reflect.TypeFor[io.Reader]()
)

// untried are hooks that carry streams, which have tests of their own, or belong to the plugin's life, and the one whose
// configuration does not come back.
var untried = []string{
	"OnActivate", "Implemented", "ServeHTTP", "ServeMetrics", "FileWillBeUploaded", "ConfigurationWillBeSaved",
}

// opaque are types that arrive as dynamic values, which the mirror does not give back.
func isOpaque(t reflect.Type) bool {
	return strings.HasSuffix(t.String(), "saml2.AssertionInfo")
}

// newMirrored is the API as the mirror finds it when it is activated.
func newMirrored() *plugintest.API {
	api := &plugintest.API{}
	expectNothing(api)
	return api
}

// expectNothing has the API take what hooks keep, and give nothing.
func expectNothing(api *plugintest.API) {
	api.ExpectedCalls = nil
	api.On("KVSet", mock.Anything, mock.Anything).Return(nil)
	api.On("KVGet", mock.Anything).Return([]byte(nil), nil)
}

func (e *environment) TryHooks() (tried, faults []string) {
	hooks, err := e.plugins.HooksForPlugin(host.MirrorID)
	if err != nil {
		return nil, []string{err.Error()}
	}
	defer expectNothing(e.mirrored)
	source := rand.New(rand.NewPCG(1, 2))
	for i := range hooksType.NumMethod() {
		method := hooksType.Method(i)
		if slices.Contains(untried, method.Name) {
			continue
		}
		tried = append(tried, method.Name)
		for _, isRefused := range []bool{false, true} {
			if err := e.tryHook(reflect.ValueOf(hooks).MethodByName(method.Name), method, isRefused, source); err != nil {
				faults = append(faults, fmt.Sprintf("%s, refused %v: %v", method.Name, isRefused, err))
			}
		}
	}
	for _, streaming := range []struct {
		name string
		try  func(plugin.Hooks, *rand.Rand) error
	}{{"FileWillBeUploaded", e.tryUpload}, {"ServeMetrics", e.tryMetrics}} {
		if _, isKnown := hooksType.MethodByName(streaming.name); !isKnown {
			continue
		}
		tried = append(tried, streaming.name)
		if err := streaming.try(hooks, source); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", streaming.name, err))
		}
	}
	return tried, faults
}

// refusal is what the mirror is told to refuse with.
const refusal = "not today"

// tryHook calls a hook and compares what the plugin was given, and what it answered.
func (e *environment) tryHook(hook reflect.Value, method reflect.Method, isRefused bool, source *rand.Rand) error {
	var arguments []reflect.Value
	for i := range method.Type.NumIn() {
		arguments = append(arguments, random(source, method.Type.In(i), 0))
	}
	values, failure := results(method.Type)
	var answer []reflect.Value
	for _, value := range values {
		answer = append(answer, random(source, value, 0))
	}
	if isRefused && failure == nil {
		return nil
	}
	told, text := answer, ""
	if isRefused {
		told, text = nil, refusal
		for _, value := range values {
			told = append(told, reflect.Zero(value))
		}
	}
	carried := append(slices.Clone(told), reflect.ValueOf(text))
	if len(values) == 0 {
		// The second place is the text's.
		carried = []reflect.Value{reflect.ValueOf(struct{}{}), reflect.ValueOf(text)}
	}
	recalled, err := encoded(carried)
	if err != nil {
		return err
	}
	// The call may change its arguments.
	given, err := encoded(arguments)
	if err != nil {
		return err
	}
	var kept []byte
	e.mirrored.ExpectedCalls = nil
	e.mirrored.On("KVSet", method.Name, mock.Anything).Return(nil).
		Run(func(arguments mock.Arguments) { kept = slices.Clone(arguments.Get(1).([]byte)) })
	e.mirrored.On("KVGet", method.Name).Return(recalled, nil)
	got := hook.Call(arguments)
	if kept == nil {
		return errors.New("the plugin was not called")
	}
	if err := compare(kept, given, arguments); err != nil {
		return fmt.Errorf("the plugin was given something else: %w", err)
	}
	want := reflect.New(structure(carried).Type()).Elem()
	if place, isPreset := preset[method.Name]; isPreset {
		before := reflect.New(structure(arguments).Type()).Elem()
		if err := gob.NewDecoder(bytes.NewReader(given)).DecodeValue(before); err != nil {
			return err
		}
		want.Field(0).Set(before.Field(place))
	}
	if err := gob.NewDecoder(bytes.NewReader(recalled)).DecodeValue(want); err != nil {
		return err
	}
	for i := range told {
		told[i] = want.Field(i)
	}
	return compareAnswer(got, told, text)
}

// results are the types that a method gives, and apart from them the one that says why it gave none.
func results(of reflect.Type) (values []reflect.Type, failure reflect.Type) {
	for i := range of.NumOut() {
		values = append(values, of.Out(i))
	}
	if last := len(values) - 1; last >= 0 {
		switch values[last] {
		case errorType, appErrorType, stringType:
			return values[:last], values[last]
		}
	}
	return values, nil
}

// compareAnswer wants the values, or the text in the last place.
func compareAnswer(got, values []reflect.Value, text string) error {
	if len(values) > 0 {
		// An answer may never have been through gob, which makes nil and empty one.
		have, err := encoded(got[:len(values)])
		if err != nil {
			return err
		}
		want, err := encoded(values)
		if err != nil {
			return err
		}
		if err := compare(have, want, values); err != nil {
			return fmt.Errorf("answered something else: %w", err)
		}
	}
	if len(got) == len(values) {
		return nil
	}
	failure := ""
	switch last := got[len(values)].Interface().(type) {
	case string:
		failure = last
	case *model.AppError:
		if last != nil {
			failure = last.Message
		}
	case error:
		failure = last.Error()
	}
	if failure != text {
		return fmt.Errorf("failed with %q in place of %q", failure, text)
	}
	return nil
}

func (e *environment) TryAPI(methods []string) (known, faults []string) {
	defer expectNothing(e.mirrored)
	source := rand.New(rand.NewPCG(3, 4))
	for _, name := range methods {
		method, isKnown := apiType.MethodByName(name)
		if !isKnown {
			if answer, err := e.callAPI(name, nil); err != nil || !strings.Contains(answer.failure, "can't find method Plugin."+name) {
				faults = append(faults, fmt.Sprintf("%s is unknown here and answered %v, %v", name, answer, err))
			}
			continue
		}
		if slices.Contains(misfits, name) {
			continue
		}
		known = append(known, name)
		if name == "PluginHTTP" {
			if err := e.tryPluginHTTP(source); err != nil {
				faults = append(faults, fmt.Sprintf("%s: %v", name, err))
			}
			continue
		}
		for _, isRefused := range []bool{false, true} {
			if err := e.tryAPI(method, isRefused, source); err != nil {
				faults = append(faults, fmt.Sprintf("%s, refused %v: %v", name, isRefused, err))
			}
		}
	}
	return known, faults
}

// tryAPI has a method called and compares what the API was given, and what the plugin was answered.
func (e *environment) tryAPI(method reflect.Method, isRefused bool, source *rand.Rand) error {
	var arguments []reflect.Value
	for i := range method.Type.NumIn() {
		if of := method.Type.In(i); of != readerType {
			arguments = append(arguments, random(source, of, 0))
			continue
		}
		// The mirror makes a stream of it.
		arguments = append(arguments, reflect.ValueOf(content(source)))
	}
	values, failure := results(method.Type)
	if failure == stringType {
		values, failure = append(values, stringType), nil
	}
	if isRefused && failure == nil {
		return nil
	}
	var answer []reflect.Value
	var returned []any
	for _, value := range values {
		made := random(source, value, 0)
		answer, returned = append(answer, made), append(returned, made.Interface())
	}
	switch {
	case failure == nil:
	case !isRefused:
		returned = append(returned, nil)
	// UploadData is answered without a look at whether gob knows the error, and the API's stream ends if not (v0.4.3).
	case failure == appErrorType, method.Name == "UploadData":
		returned = append(returned, &model.AppError{Id: "id", Message: refusal})
	default:
		returned = append(returned, errors.New(refusal))
	}
	called := make(chan mock.Arguments, 1)
	var anything []any
	for range flat(method.Type, arguments) {
		anything = append(anything, mock.Anything)
	}
	e.mirrored.ExpectedCalls = nil
	e.mirrored.On(method.Name, anything...).Return(returned...).
		Run(func(arguments mock.Arguments) {
			for i, argument := range arguments {
				if stream, isStream := argument.(io.Reader); isStream {
					arguments[i], _ = io.ReadAll(stream)
				}
			}
			called <- arguments
		})
	body, err := encoded(arguments)
	if err != nil {
		return err
	}
	if len(arguments) == 0 {
		body = nil
	}
	response, err := e.callAPI(method.Name, body)
	if err != nil {
		return err
	}
	select {
	case got := <-called:
		wanted, err := decoded(body, arguments)
		if err != nil {
			return err
		}
		for i, want := range flat(method.Type, wanted) {
			if err := difference(reflect.ValueOf(got[i]), reflect.ValueOf(want)); err != nil {
				return fmt.Errorf("called with something else: argument %d%w", i, err)
			}
		}
	default:
		return fmt.Errorf("it was not called: %s", response.failure)
	}
	if isRefused {
		if response.failure != refusal {
			return fmt.Errorf("failed with %q", response.failure)
		}
		return nil
	}
	if response.failure != "" {
		return errors.New(response.failure)
	}
	if len(answer) > 1 {
		answer = []reflect.Value{structure(answer)}
	}
	wanted, err := encoded(answer)
	if err != nil {
		return err
	}
	return compare(response.value, wanted, answer)
}

// flat are the arguments as the mock is given them: of the last of a variadic method each one.
func flat(method reflect.Type, arguments []reflect.Value) (flat []any) {
	for i, argument := range arguments {
		if method.IsVariadic() && i == len(arguments)-1 {
			for j := range argument.Len() {
				flat = append(flat, argument.Index(j).Interface())
			}
			continue
		}
		flat = append(flat, argument.Interface())
	}
	return flat
}

// answered is what came of a call of the API: a gob with the value in its field A, or why there is none.
type answered struct {
	value   []byte
	failure string
}

// callAPI has the mirror call a method.
func (e *environment) callAPI(method string, body []byte) (answered, error) {
	request := httptest.NewRequest(http.MethodPost, "/api/"+method, bytes.NewReader(body))
	response := httptest.NewRecorder()
	if err := e.ServeHTTP(host.MirrorID, response, request); err != nil {
		return answered{}, err
	}
	if response.Code != http.StatusOK {
		return answered{}, fmt.Errorf("status %d: %s", response.Code, response.Body)
	}
	var failed struct{ B string }
	if err := gob.NewDecoder(bytes.NewReader(response.Body.Bytes())).Decode(&failed); err != nil {
		return answered{}, err
	}
	return answered{response.Body.Bytes(), failed.B}, nil
}

// structure is a struct with the values as its fields A, B ….
func structure(values []reflect.Value) reflect.Value {
	var fields []reflect.StructField
	for i, value := range values {
		fields = append(fields, reflect.StructField{Name: string(rune('A' + i)), Type: value.Type()})
	}
	structure := reflect.New(reflect.StructOf(fields)).Elem()
	for i, value := range values {
		structure.Field(i).Set(value)
	}
	return structure
}

func encoded(values []reflect.Value) ([]byte, error) {
	var stream bytes.Buffer
	if len(values) == 0 {
		return nil, nil
	}
	err := gob.NewEncoder(&stream).EncodeValue(structure(values))
	return stream.Bytes(), err
}

// decoded are the values of a gob, of the types of others.
func decoded(stream []byte, like []reflect.Value) ([]reflect.Value, error) {
	if len(like) == 0 {
		return nil, nil
	}
	carrier := reflect.New(structure(like).Type()).Elem()
	if err := gob.NewDecoder(bytes.NewReader(stream)).DecodeValue(carrier); err != nil {
		return nil, err
	}
	var values []reflect.Value
	for i := range like {
		values = append(values, carrier.Field(i))
	}
	return values, nil
}

// compare wants a gob to hold what another holds, which Go has written.
func compare(stream, wanted []byte, like []reflect.Value) error {
	got, err := decoded(stream, like)
	if err != nil {
		return err
	}
	want, err := decoded(wanted, like)
	if err != nil {
		return err
	}
	for i, value := range want {
		if isOpaque(value.Type()) {
			continue
		}
		if err := difference(got[i], value); err != nil {
			return fmt.Errorf("value %d%w", i, err)
		}
	}
	return nil
}

// difference says where two values of a type differ: in which field, and by what.
func difference(got, want reflect.Value) error {
	if !got.IsValid() || !want.IsValid() || got.Type() != want.Type() {
		if got.IsValid() == want.IsValid() && !got.IsValid() {
			return nil
		}
		return fmt.Errorf(" is %v in place of %v", got, want)
	}
	switch want.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !got.IsNil() && !want.IsNil() {
			return difference(got.Elem(), want.Elem())
		}
	case reflect.Struct:
		for i := range want.NumField() {
			field := want.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			if err := difference(got.Field(i), want.Field(i)); err != nil {
				return fmt.Errorf(".%s%w", field.Name, err)
			}
		}
		return nil
	case reflect.Slice:
		for i := range min(got.Len(), want.Len()) {
			if err := difference(got.Index(i), want.Index(i)); err != nil {
				return fmt.Errorf("[%d]%w", i, err)
			}
		}
		if got.Len() == want.Len() {
			return nil
		}
	case reflect.Map:
		for _, key := range want.MapKeys() {
			if err := difference(got.MapIndex(key), want.MapIndex(key)); err != nil {
				return fmt.Errorf("[%v]%w", key, err)
			}
		}
		if got.Len() == want.Len() {
			return nil
		}
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		return fmt.Errorf(" is %v in place of %v", got, want)
	}
	return nil
}
