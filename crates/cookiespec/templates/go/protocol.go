package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type request struct {
	ID *uint64 `json:"id"`
	Op string  `json:"op"`
	In any     `json:"in"`
}

// serve answers requests until stdin ends or bye arrives.
func serve(hello any, operations map[string]func(map[string]any) (any, error)) {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriter(os.Stdout)
	// stdout carries the protocol only; what a library prints is a remark for the report.
	os.Stdout = os.Stderr
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var message request
		if err := json.Unmarshal(line, &message); err != nil || message.ID == nil {
			fmt.Fprintf(os.Stderr, "not a request with id and op: %.200q\n", line)
			os.Exit(2)
		}
		if message.Op == "bye" {
			return
		}
		reply := answer(message, hello, operations)
		reply["id"] = *message.ID
		encoder.Encode(reply)
		// Everything that has arrived is answered before the next write.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func answer(message request, hello any, operations map[string]func(map[string]any) (any, error)) (reply map[string]any) {
	defer func() {
		if panicked := recover(); panicked != nil {
			reply = map[string]any{"error": map[string]any{"message": fmt.Sprint(panicked)}}
		}
	}()
	switch message.Op {
	case "hello":
		return map[string]any{"ok": hello}
	case "echo":
		return map[string]any{"ok": message.In}
	}
	operation, found := operations[message.Op]
	if !found {
		return map[string]any{"unsupported": map[string]any{"need": message.Op}}
	}
	input, isObject := message.In.(map[string]any)
	if !isObject {
		return map[string]any{"error": map[string]any{"message": "in is not an object"}}
	}
	ok, err := operation(input)
	if err != nil {
		return map[string]any{"error": map[string]any{"message": err.Error()}}
	}
	return map[string]any{"ok": ok}
}

// text is a member that must be a string of octets, one byte for each.
func text(input map[string]any, name string) (string, error) {
	points, isString := input[name].(string)
	if !isString {
		return "", fmt.Errorf("%s is not a string", name)
	}
	octets := make([]byte, 0, len(points))
	for _, point := range points {
		if point > 0xFF {
			return "", fmt.Errorf("%q is not an octet", point)
		}
		octets = append(octets, byte(point))
	}
	return string(octets), nil
}

// octets is a string of bytes as the protocol wants it: one code point for each.
func octets(text string) string {
	points := make([]rune, len(text))
	for index := 0; index < len(text); index++ {
		points[index] = rune(text[index])
	}
	return string(points)
}
