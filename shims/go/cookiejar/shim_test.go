package cookiejar

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/publicsuffix"

	"cookiespec.example/shims/protocol"
)

var withList = flag.Bool("publicsuffix", false, "give the jar the list of x/net/publicsuffix")

// Serves on stdin and stdout, for as long as the test runs.
func TestShim(t *testing.T) {
	description := protocol.Description{
		Shim: "go-cookiejar/1",
		Impl: protocol.Implementation{
			Name: "net/http/cookiejar", Version: runtime.Version(),
			Source: "https://pkg.go.dev/net/http/cookiejar",
		},
		Claims: "rfc6265",
		Can:    []string{"jar", "clock", "secure", "public-suffix"},
		Notes: "As http.Client uses it: Response.Cookies, Jar, Request.AddCookie. No public suffix " +
			"list unless the case gives one. The clock is that of a testing/synctest bubble.",
	}
	defaultList := cookiejar.PublicSuffixList(nil)
	if *withList {
		defaultList = publicsuffix.List
		description.Impl.Name += "+publicsuffix"
		description.Notes = "As net/http/cookiejar, with a list unless the case gives one: " +
			publicsuffix.List.String()
	}
	perform := func(asked protocol.Jar) (protocol.Observations, error) {
		list := defaultList
		if given := asked.Config.PublicSuffixes; given != nil {
			rules, err := rulesOf(given)
			if err != nil {
				return protocol.Observations{}, err
			}
			list = rules
		}
		return inBubble(t, asked, list)
	}
	protocol.Serve(description, map[string]protocol.Handler{"jar": protocol.Operation(perform)})
}

// Runs the program with a clock of its own, which starts in the year 2000 and is moved by sleeping.
func inBubble(t *testing.T, asked protocol.Jar, list cookiejar.PublicSuffixList) (result protocol.Observations, err error) {
	synctest.Test(t, func(*testing.T) {
		// A panic that leaves the bubble ends the process.
		defer func() {
			if panicked := recover(); panicked != nil {
				err = fmt.Errorf("panic: %v", panicked)
			}
		}()
		if err = sleepUntil(time.Unix(asked.Now, 0)); err == nil {
			result, err = perform(asked.Steps, list)
		}
	})
	return result, err
}

func perform(steps []protocol.Step, list cookiejar.PublicSuffixList) (protocol.Observations, error) {
	observations := protocol.Observations{Obs: map[string]any{}}
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: list})
	if err != nil {
		return observations, err
	}
	for _, step := range steps {
		if err := circumstances(step); err != nil {
			return observations, err
		}
		switch step.Do {
		case "receive":
			err = receive(jar, step)
		case "send":
			observations.Obs[step.At], err = send(jar, step)
		case "advance":
			err = sleepUntil(time.Now().Add(time.Duration(step.Secs) * time.Second))
		default:
			err = protocol.Unsupported(step.Do)
		}
		if err != nil {
			return observations, err
		}
	}
	return observations, nil
}

// The jar is told a URL and nothing else.
func circumstances(step protocol.Step) error {
	switch {
	case step.Context.API == "script":
		return protocol.Unsupported("script")
	case step.Context.SameSite != nil && !*step.Context.SameSite:
		return protocol.Unsupported("same-site")
	}
	return nil
}

func receive(jar http.CookieJar, step protocol.Step) error {
	uri, err := url.Parse(string(step.URI))
	if err != nil {
		return protocol.Unsupported("uri")
	}
	response := http.Response{Header: http.Header{}}
	for _, line := range step.SetCookie {
		response.Header.Add("Set-Cookie", string(line))
	}
	jar.SetCookies(uri, response.Cookies())
	return nil
}

func send(jar http.CookieJar, step protocol.Step) (sent protocol.Sent, _ error) {
	uri, err := url.Parse(string(step.URI))
	if err != nil {
		return sent, protocol.Unsupported("uri")
	}
	request := http.Request{Header: http.Header{}}
	for _, cookie := range jar.Cookies(uri) {
		request.AddCookie(cookie)
	}
	if fields := request.Header["Cookie"]; len(fields) > 0 {
		header := protocol.Octets(fields[0])
		sent.Header = &header
	}
	return sent, nil
}

func sleepUntil(instant time.Time) error {
	time.Sleep(time.Until(instant))
	// The clock cannot go back, and ends in the year 2262.
	if !time.Now().Equal(instant) {
		return protocol.Unsupported("clock")
	}
	return nil
}
