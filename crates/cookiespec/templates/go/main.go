// The library under test behind the shim protocol. Replace what says "example".
package main

import (
	"strings"
)

// Hello describes the library.
var hello = map[string]any{
	"protocol": 1,
	"shim":     "example/1",
	"impl":     map[string]any{"name": "example", "version": "0.1.0", "language": "go", "source": ""},
	// The operations and abilities it has; each operation needs a line in operations.
	"can": []string{"parse.set-cookie"},
	// Fields that cannot be observed, such as "same_site".
	"blind":  []string{},
	"window": 64,
}

var operations = map[string]func(input map[string]any) (any, error){
	"parse.set-cookie": parseSetCookie,
}

func parseSetCookie(input map[string]any) (any, error) {
	line, err := text(input, "set_cookie")
	if err != nil {
		return nil, err
	}
	pair, _, _ := strings.Cut(line, ";")
	name, value, found := strings.Cut(pair, "=")
	if !found {
		// A rejected cookie is null, which is a result and not an error.
		return map[string]any{"cookie": nil}, nil
	}
	return map[string]any{"cookie": map[string]any{"name": octets(name), "value": octets(value)}}, nil
}

func main() {
	serve(hello, operations)
}
