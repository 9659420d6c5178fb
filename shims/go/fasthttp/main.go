// fasthttp: the cookies of its requests and responses.
package main

import (
	"time"

	"github.com/valyala/fasthttp"

	"cookiespec.example/shims/protocol"
)

var description = protocol.Description{
	Shim: "go-fasthttp/1",
	Impl: protocol.Implementation{
		Name:    "fasthttp",
		Version: protocol.ModuleVersion("github.com/valyala/fasthttp"),
		Source:  "https://github.com/valyala/fasthttp",
	},
	Can: []string{"parse.set-cookie", "parse.cookie", "format.set-cookie"},
	Notes: "An error of Cookie.ParseBytes is reported as a rejection. A MaxAge below zero is its way " +
		"to say Max-Age: 0. Expires is not written beside Max-Age.",
}

func parseSetCookie(asked protocol.ParseSetCookie) (parsed protocol.Parsed, _ error) {
	var cookie fasthttp.Cookie
	if err := cookie.Parse(string(asked.SetCookie)); err != nil {
		return parsed, nil
	}
	parsed.Cookie = &protocol.Cookie{
		Name:        protocol.Octets(cookie.Key()),
		Value:       protocol.Octets(cookie.Value()),
		Domain:      protocol.Optional(string(cookie.Domain())),
		Path:        protocol.Optional(string(cookie.Path())),
		Secure:      cookie.Secure(),
		HTTPOnly:    cookie.HTTPOnly(),
		SameSite:    protocol.Optional(sameSiteNames[cookie.SameSite()]),
		Partitioned: cookie.Partitioned(),
	}
	if expire := cookie.Expire(); expire != fasthttp.CookieExpireUnlimited {
		expires := expire.Unix()
		parsed.Cookie.Expires = &expires
	}
	if cookie.MaxAge() != 0 {
		maxAge := max(int64(cookie.MaxAge()), 0)
		parsed.Cookie.MaxAge = &maxAge
	}
	return parsed, nil
}

var sameSiteNames = map[fasthttp.CookieSameSite]string{
	fasthttp.CookieSameSiteDefaultMode: "Default",
	fasthttp.CookieSameSiteLaxMode:     "Lax",
	fasthttp.CookieSameSiteStrictMode:  "Strict",
	fasthttp.CookieSameSiteNoneMode:    "None",
}

func parseCookie(asked protocol.ParseCookie) (protocol.Pairs, error) {
	var header fasthttp.RequestHeader
	for _, line := range asked.Cookie {
		header.Add(fasthttp.HeaderCookie, string(line))
	}
	pairs := [][2]protocol.Octets{}
	for name, value := range header.Cookies() {
		pairs = append(pairs, [2]protocol.Octets{protocol.Octets(name), protocol.Octets(value)})
	}
	return protocol.Pairs{Pairs: pairs}, nil
}

func formatSetCookie(asked protocol.Cookie) (formatted protocol.Formatted, _ error) {
	var cookie fasthttp.Cookie
	cookie.SetKey(string(asked.Name))
	cookie.SetValue(string(asked.Value))
	if asked.Domain != nil {
		cookie.SetDomain(string(*asked.Domain))
	}
	if asked.Path != nil {
		cookie.SetPath(string(*asked.Path))
	}
	if asked.Expires != nil {
		cookie.SetExpire(time.Unix(*asked.Expires, 0))
	}
	if asked.MaxAge != nil {
		cookie.SetMaxAge(int(*asked.MaxAge))
		if *asked.MaxAge == 0 {
			cookie.SetMaxAge(-1)
		}
	}
	cookie.SetSecure(asked.Secure)
	cookie.SetHTTPOnly(asked.HTTPOnly)
	if asked.SameSite != nil {
		mode, known := sameSiteModes[*asked.SameSite]
		if !known {
			return formatted, protocol.Unsupported("same_site")
		}
		cookie.SetSameSite(mode)
	}
	if asked.Partitioned {
		cookie.SetPartitioned(true)
	}
	formatted.SetCookie = protocol.Optional(cookie.String())
	return formatted, nil
}

var sameSiteModes = map[protocol.Octets]fasthttp.CookieSameSite{
	"Lax":    fasthttp.CookieSameSiteLaxMode,
	"Strict": fasthttp.CookieSameSiteStrictMode,
	"None":   fasthttp.CookieSameSiteNoneMode,
}

func main() {
	protocol.Serve(description, map[string]protocol.Handler{
		"parse.set-cookie":  protocol.Operation(parseSetCookie),
		"parse.cookie":      protocol.Operation(parseCookie),
		"format.set-cookie": protocol.Operation(formatSetCookie),
	})
}
