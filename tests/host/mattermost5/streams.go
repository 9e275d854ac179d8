// Code generated from ../adapter/streams.go; DO NOT EDIT.

package mattermost5

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
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/mock"

	"github.com/mattermost/mattermost-server/v5/model"
	"github.com/mattermost/mattermost-server/v5/plugin"

	"notifymatters.test/host"
)

// streamed is the length of streams: more than a window, so that either end has to wait for the other.
const streamed = 600_000

// content is what goes through a stream.
func content(source *rand.Rand) []byte {
	content := make([]byte, streamed)
	for i := range content {
		content[i] = byte(source.IntN(256))
	}
	return content
}

var (
	contextType  = reflect.TypeFor[*plugin.Context]()
	fileInfoType = reflect.TypeFor[*model.FileInfo]()
)

// tryUpload has a file uploaded, and compares it and what replaces it.
func (e *environment) tryUpload(hooks plugin.Hooks, source *rand.Rand) error {
	for _, text := range []string{"", refusal} {
		file, replacement := content(source), content(source)
		context, info := random(source, contextType, 0), random(source, fileInfoType, 0)
		told := []reflect.Value{random(source, fileInfoType, 0), reflect.ValueOf(replacement), reflect.ValueOf(text)}
		if text != "" {
			told[0].SetZero()
		}
		recalled, err := encoded(told)
		if err != nil {
			return err
		}
		arguments := []reflect.Value{context, info, reflect.ValueOf(file)}
		given, err := encoded(arguments)
		if err != nil {
			return err
		}
		// The answer is decoded over the argument.
		want := reflect.New(structure(told).Type()).Elem()
		before, err := decoded(given, arguments)
		if err != nil {
			return err
		}
		want.Field(0).Set(before[1])
		if err := gob.NewDecoder(bytes.NewReader(recalled)).DecodeValue(want); err != nil {
			return err
		}
		var kept []byte
		e.mirrored.ExpectedCalls = nil
		e.mirrored.On("KVSet", "FileWillBeUploaded", mock.Anything).Return(nil).
			Run(func(arguments mock.Arguments) { kept = slices.Clone(arguments.Get(1).([]byte)) })
		e.mirrored.On("KVGet", "FileWillBeUploaded").Return(recalled, nil)
		var output bytes.Buffer
		got, reason := hooks.FileWillBeUploaded(context.Interface().(*plugin.Context), info.Interface().(*model.FileInfo),
			bytes.NewReader(file), &output)
		if kept == nil {
			return errors.New("the plugin was not called: " + reason)
		}
		if err := compare(kept, given, arguments); err != nil {
			return fmt.Errorf("the plugin was given something else: %w", err)
		}
		if !bytes.Equal(output.Bytes(), replacement) {
			return fmt.Errorf("%d other bytes in place of the file", output.Len())
		}
		answer := []reflect.Value{reflect.ValueOf(got), reflect.ValueOf(reason)}
		if err := compareAnswer(answer, []reflect.Value{want.Field(0)}, text); err != nil {
			return err
		}
	}
	return nil
}

// tryMetrics sends a request for metrics, which the mirror echoes.
func (e *environment) tryMetrics(hooks plugin.Hooks, source *rand.Rand) error {
	body := content(source)
	request := httptest.NewRequest(http.MethodPost, "/all?of=them", bytes.NewReader(body))
	response := httptest.NewRecorder()
	// Before 9.2 no such method.
	reflect.ValueOf(hooks).MethodByName("ServeMetrics").Call([]reflect.Value{
		reflect.ValueOf(&plugin.Context{}), reflect.ValueOf(response), reflect.ValueOf(request),
	})
	said := response.Header().Get("X-Said")
	if response.Code != http.StatusCreated || said != "POST /all?of=them" || !bytes.Equal(response.Body.Bytes(), body) {
		return fmt.Errorf("status %d, %q, %d bytes", response.Code, said, response.Body.Len())
	}
	return nil
}

// streaming is the first Mattermost in which requests to other plugins, and their responses, are streams.
const streaming = 11

// patience is how long a piece may be on its way.
const patience = time.Minute

// tryPluginHTTP has the mirror hand a request on, and compares it and its response. In a generation that streams, the
// response waits with its second piece until the first has arrived, and with the rest until the request's body comes.
func (e *environment) tryPluginHTTP(source *rand.Rand) error {
	major, err := strconv.Atoi(strings.SplitN(e.version, ".", 2)[0])
	if err != nil {
		return err
	}
	arrived := make(chan struct{})
	wait := reader(func([]byte) (int, error) {
		if major < streaming {
			return 0, io.EOF
		}
		select {
		case <-arrived:
			return 0, io.EOF
		case <-time.After(patience):
			return 0, errors.New("the first piece has not arrived")
		}
	})
	var asked string
	e.mirrored.ExpectedCalls = nil
	e.mirrored.On("PluginHTTP", mock.Anything).Return(func(request *http.Request) *http.Response {
		asked = fmt.Sprintf("%s %s %s", request.Method, request.URL, request.Header.Get("X-Asked"))
		return &http.Response{
			StatusCode: http.StatusTeapot,
			Header:     http.Header{"X-Said": {"one", "two"}},
			Body:       io.NopCloser(io.MultiReader(strings.NewReader("first"), wait, request.Body)),
		}
	})
	body := content(source)
	request := httptest.NewRequest(http.MethodPut, "/others/other/deep?x=1", bytes.NewReader(body))
	request.Header.Set("X-Asked", "yes")
	response := &arriving{httptest.NewRecorder(), sync.OnceFunc(func() { close(arrived) })}
	if err := e.ServeHTTP(host.MirrorID, response, request); err != nil {
		return err
	}
	if asked != "PUT /other/deep?x=1 yes" {
		return fmt.Errorf("the other plugin was asked %q", asked)
	}
	said := strings.Join(response.Header().Values("X-Said"), " ")
	want := append([]byte("first"), body...)
	if response.Code != http.StatusTeapot || said != "one two" || !bytes.Equal(response.Body.Bytes(), want) {
		return fmt.Errorf("status %d, %q, %d bytes", response.Code, said, response.Body.Len())
	}
	return nil
}

// arriving tells when the first bytes of a response have come.
type arriving struct {
	*httptest.ResponseRecorder
	arrived func()
}

func (a *arriving) Write(bytes []byte) (int, error) {
	a.arrived()
	return a.ResponseRecorder.Write(bytes)
}

// reader is a function as an io.Reader.
type reader func([]byte) (int, error)

func (r reader) Read(bytes []byte) (int, error) { return r(bytes) }
