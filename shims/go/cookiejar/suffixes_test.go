// Package cookiejar holds the shim of Go's net/http/cookiejar, which is a test: only a test may have
// a clock of its own, through testing/synctest.
package cookiejar

import (
	"encoding/json"
	"net/http/cookiejar"
	"strings"
)

// rules are a public suffix list as a case gives it, for the jar's PublicSuffixList option.
type rules map[string]bool

// The option for a JSON list of rules; null is no list at all.
func rulesOf(given json.RawMessage) (cookiejar.PublicSuffixList, error) {
	var list []string
	if err := json.Unmarshal(given, &list); err != nil || list == nil {
		return nil, err
	}
	set := rules{}
	for _, rule := range list {
		set[rule] = true
	}
	return set, nil
}

// PublicSuffix tries the candidates from the longest on, and ends with the implicit rule `*`.
func (r rules) PublicSuffix(domain string) string {
	for candidate := domain; ; {
		_, parent, found := strings.Cut(candidate, ".")
		switch {
		case r["!"+candidate]:
			return parent
		case r[candidate], !found, r["*."+parent]:
			return candidate
		}
		candidate = parent
	}
}

func (r rules) String() string { return "the rules of the case" }
