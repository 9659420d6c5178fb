package protocol

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Octets is a string of octets. In JSON it has one code point U+0000 to U+00FF for each.
type Octets string

// Optional is the octets of an attribute, or nil where the library says "not set" with an empty string.
func Optional(text string) *Octets {
	if text == "" {
		return nil
	}
	octets := Octets(text)
	return &octets
}

// UnmarshalJSON refuses code points beyond U+00FF.
func (o *Octets) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var octets strings.Builder
	octets.Grow(len(text))
	for _, point := range text {
		if point > 0xFF {
			return fmt.Errorf("%q is not an octet", point)
		}
		octets.WriteByte(byte(point))
	}
	*o = Octets(octets.String())
	return nil
}

// MarshalJSON writes one code point for each octet.
func (o Octets) MarshalJSON() ([]byte, error) {
	points := make([]byte, 0, 2*len(o))
	for i := range len(o) {
		points = utf8.AppendRune(points, rune(o[i]))
	}
	return json.Marshal(string(points))
}
