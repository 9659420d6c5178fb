// Go's net/http: the cookies of its requests and responses.
package main

import (
	"net/http"
	"runtime"
	"time"

	"cookiespec.example/shims/protocol"
)

var description = protocol.Description{
	Shim: "go-nethttp/1",
	Impl: protocol.Implementation{
		Name: "net/http", Version: runtime.Version(), Source: "https://pkg.go.dev/net/http",
	},
	Claims: "rfc6265",
	Can:    []string{"parse.set-cookie", "parse.cookie", "format.set-cookie"},
	Notes: "A value in quotes is reported without them: the package keeps a flag for them. A MaxAge " +
		"below zero is its way to say Max-Age: 0. The octets that Cookie.String drops from a name " +
		"or value are gone without an error.",
}

func parseSetCookie(asked protocol.ParseSetCookie) (parsed protocol.Parsed, _ error) {
	cookie, err := http.ParseSetCookie(string(asked.SetCookie))
	if err != nil {
		return parsed, nil
	}
	parsed.Cookie = &protocol.Cookie{
		Name:        protocol.Octets(cookie.Name),
		Value:       protocol.Octets(cookie.Value),
		Domain:      protocol.Optional(cookie.Domain),
		Path:        protocol.Optional(cookie.Path),
		Secure:      cookie.Secure,
		HTTPOnly:    cookie.HttpOnly,
		SameSite:    protocol.Optional(sameSiteNames[cookie.SameSite]),
		Partitioned: cookie.Partitioned,
	}
	if !cookie.Expires.IsZero() {
		expires := cookie.Expires.Unix()
		parsed.Cookie.Expires = &expires
	}
	if cookie.MaxAge != 0 {
		maxAge := max(int64(cookie.MaxAge), 0)
		parsed.Cookie.MaxAge = &maxAge
	}
	return parsed, nil
}

var sameSiteNames = map[http.SameSite]string{
	http.SameSiteDefaultMode: "Default",
	http.SameSiteLaxMode:     "Lax",
	http.SameSiteStrictMode:  "Strict",
	http.SameSiteNoneMode:    "None",
}

func parseCookie(asked protocol.ParseCookie) (protocol.Pairs, error) {
	request := http.Request{Header: http.Header{}}
	for _, line := range asked.Cookie {
		request.Header.Add("Cookie", string(line))
	}
	pairs := [][2]protocol.Octets{}
	for _, cookie := range request.Cookies() {
		pairs = append(pairs, [2]protocol.Octets{
			protocol.Octets(cookie.Name), protocol.Octets(cookie.Value),
		})
	}
	return protocol.Pairs{Pairs: pairs}, nil
}

func formatSetCookie(asked protocol.Cookie) (formatted protocol.Formatted, _ error) {
	cookie := http.Cookie{
		Name:        string(asked.Name),
		Value:       string(asked.Value),
		Secure:      asked.Secure,
		HttpOnly:    asked.HTTPOnly,
		Partitioned: asked.Partitioned,
	}
	if asked.Domain != nil {
		cookie.Domain = string(*asked.Domain)
	}
	if asked.Path != nil {
		cookie.Path = string(*asked.Path)
	}
	if asked.Expires != nil {
		cookie.Expires = time.Unix(*asked.Expires, 0)
	}
	if asked.MaxAge != nil {
		cookie.MaxAge = int(*asked.MaxAge)
		if cookie.MaxAge == 0 {
			cookie.MaxAge = -1
		}
	}
	if asked.SameSite != nil {
		mode, known := sameSiteModes[*asked.SameSite]
		if !known {
			return formatted, protocol.Unsupported("same_site")
		}
		cookie.SameSite = mode
	}
	formatted.SetCookie = protocol.Optional(cookie.String())
	return formatted, nil
}

var sameSiteModes = map[protocol.Octets]http.SameSite{
	"Lax":    http.SameSiteLaxMode,
	"Strict": http.SameSiteStrictMode,
	"None":   http.SameSiteNoneMode,
}

func main() {
	protocol.Serve(description, map[string]protocol.Handler{
		"parse.set-cookie":  protocol.Operation(parseSetCookie),
		"parse.cookie":      protocol.Operation(parseCookie),
		"format.set-cookie": protocol.Operation(formatSetCookie),
	})
}
