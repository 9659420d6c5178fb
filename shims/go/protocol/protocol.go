// Package protocol is the shim protocol on stdin and stdout: one JSON object per line.
//
// A shim calls Serve with its description and one function per operation, made with Operation. The
// function returns an Unsupported error for what the library lacks; every other error, and a panic,
// is reported as an error of the library.
package protocol

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
)

const (
	version  = 1
	window   = 64
	batch    = 256
	maxLine  = 1 << 20
	language = "go"
)

// Description is what a shim says of itself and of the library under test.
type Description struct {
	Protocol int            `json:"protocol"`
	Shim     string         `json:"shim"`
	Impl     Implementation `json:"impl"`
	Can      []string       `json:"can"`
	Blind    []string       `json:"blind,omitempty"`
	Claims   string         `json:"claims,omitempty"`
	Window   int            `json:"window"`
	Batch    int            `json:"batch"`
	Notes    string         `json:"notes,omitempty"`
}

// Implementation names the library under test.
type Implementation struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Language string `json:"language"`
	Source   string `json:"source"`
}

// Unsupported says that the library has no such operation or ability.
type Unsupported string

func (need Unsupported) Error() string { return "unsupported: " + string(need) }

// Handler answers the `in` member of a request with the `ok` member of the answer.
type Handler func(in json.RawMessage) (any, error)

// Operation makes a handler of a function on the decoded request.
func Operation[In, Out any](f func(In) (Out, error)) Handler {
	return func(in json.RawMessage) (any, error) {
		var asked In
		if err := json.Unmarshal(in, &asked); err != nil {
			return nil, err
		}
		return f(asked)
	}
}

// ModuleVersion is the version of a module that this program was built with.
func ModuleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return module.Version
			}
		}
	}
	panic("the program was built without " + path)
}

type request struct {
	ID *int64          `json:"id"`
	Op *string         `json:"op"`
	In json.RawMessage `json:"in"`
}

type answer struct {
	ID          *int64   `json:"id,omitempty"`
	OK          any      `json:"ok,omitempty"`
	Unsupported *lacking `json:"unsupported,omitempty"`
	Error       *failure `json:"error,omitempty"`
}

type lacking struct {
	Need string `json:"need"`
}

type failure struct {
	Message string `json:"message"`
}

// Serve answers requests until stdin ends or `bye` arrives.
func Serve(description Description, operations map[string]Handler) {
	requests := bufio.NewReaderSize(os.Stdin, maxLine+1)
	answers := bufio.NewWriterSize(os.Stdout, 1<<16)
	// stdout carries the protocol only; what a library prints is a remark for the report.
	os.Stdout = os.Stderr

	description.Protocol, description.Window, description.Batch = version, window, batch
	description.Impl.Language = language
	operations["hello"] = Operation(description.hello)
	operations["echo"] = Operation(echo)
	operations["batch"] = Operation(func(asked struct{ Cases []request }) (any, error) {
		results := make([]answer, len(asked.Cases))
		for i, request := range asked.Cases {
			results[i] = answerTo(request, operations)
		}
		return map[string]any{"results": results}, nil
	})

	for {
		if !hasLine(requests) {
			check(answers.Flush())
		}
		line, err := requests.ReadSlice('\n')
		if err == io.EOF && len(line) == 0 {
			return
		}
		check(err)
		var request request
		if err := json.Unmarshal(line, &request); err != nil || request.ID == nil || request.Op == nil {
			fmt.Fprintf(os.Stderr, "not a request with `id` and `op`: %.200q\n", line)
			check(answers.Flush())
			os.Exit(2)
		}
		if *request.Op == "bye" {
			check(answers.Flush())
			return
		}
		check(write(answers, answerTo(request, operations)))
	}
}

// Whether a whole request has arrived: as long as there is one, answers may wait for each other.
func hasLine(requests *bufio.Reader) bool {
	arrived, err := requests.Peek(requests.Buffered())
	return err == nil && bytes.IndexByte(arrived, '\n') >= 0
}

func write(answers io.Writer, answer answer) error {
	line, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	_, err = answers.Write(append(line, '\n'))
	return err
}

func answerTo(request request, operations map[string]Handler) (reply answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			reply = answer{ID: request.ID, Error: &failure{fmt.Sprintf("panic: %v", panicked)}}
		}
	}()
	ok, err := perform(request, operations)
	var need Unsupported
	switch {
	case errors.As(err, &need):
		return answer{ID: request.ID, Unsupported: &lacking{string(need)}}
	case err != nil:
		return answer{ID: request.ID, Error: &failure{err.Error()}}
	}
	return answer{ID: request.ID, OK: ok}
}

func perform(request request, operations map[string]Handler) (any, error) {
	handler, known := operations[*request.Op]
	if !known {
		return nil, Unsupported(*request.Op)
	}
	return handler(request.In)
}

func (d Description) hello(asked struct{ Protocol []int }) (Description, error) {
	if !slices.Contains(asked.Protocol, version) {
		return d, Unsupported("protocol")
	}
	return d, nil
}

type data struct {
	Data Octets `json:"data"`
}

func echo(asked data) (data, error) { return asked, nil }

// A broken pipe to the harness, or a line beyond the protocol's limit, ends the shim.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
