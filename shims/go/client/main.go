// Go's net/http client with net/http/cookiejar, on the network.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"runtime"

	"cookiespec.example/shims/protocol"
)

var description = protocol.Description{
	Shim: "go-client/1",
	Impl: protocol.Implementation{
		Name: "net/http", Version: runtime.Version(), Source: "https://pkg.go.dev/net/http#Client",
	},
	Can:   []string{"navigate", "agent.clear", "caller-cookies"},
	Notes: "A Client with a cookiejar.Jar. No public suffix list.",
}

type start struct {
	Proxy string `json:"proxy"`
	CA    string `json:"ca"`
}

type started struct {
	Redirects int `json:"redirects"`
}

type navigation struct {
	URI     string      `json:"uri"`
	Method  string      `json:"method"`
	Headers [][2]string `json:"headers"`
	Cookies [][2]string `json:"cookies"`
	Follow  int         `json:"follow"`
}

type navigated struct {
	Refused string `json:"refused,omitempty"`
}

// client is the one that is running.
var client *http.Client

func begin(asked start) (started, error) {
	proxy, err := url.Parse(asked.Proxy)
	if err != nil {
		return started{}, err
	}
	pem, err := os.ReadFile(asked.CA)
	if err != nil {
		return started{}, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return started{}, fmt.Errorf("%s holds no certificate", asked.CA)
	}
	client = &http.Client{Transport: &http.Transport{
		// Unlike ProxyFromEnvironment, this is the proxy of localhost as well.
		Proxy:           http.ProxyURL(proxy),
		TLSClientConfig: &tls.Config{RootCAs: authorities},
	}}
	_, err = clear(struct{}{})
	return started{}, err
}

func clear(struct{}) (struct{}, error) {
	jar, err := cookiejar.New(nil)
	client.Jar = jar
	return struct{}{}, err
}

func navigate(asked navigation) (navigated, error) {
	request, err := http.NewRequest(asked.Method, asked.URI, nil)
	if err != nil {
		return navigated{Refused: err.Error()}, nil
	}
	for _, field := range asked.Headers {
		request.Header.Add(field[0], field[1])
	}
	for _, cookie := range asked.Cookies {
		request.AddCookie(&http.Cookie{Name: cookie[0], Value: cookie[1]})
	}
	client.CheckRedirect = func(_ *http.Request, via []*http.Request) error {
		if len(via) > asked.Follow {
			return http.ErrUseLastResponse
		}
		return nil
	}
	response, err := client.Do(request)
	if refused := (*url.Error)(nil); errors.As(err, &refused) {
		return navigated{Refused: err.Error()}, nil
	}
	if err != nil {
		return navigated{}, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return navigated{}, err
}

func main() {
	protocol.Serve(description, map[string]protocol.Handler{
		"agent.start": protocol.Operation(begin),
		"agent.clear": protocol.Operation(clear),
		"navigate":    protocol.Operation(navigate),
	})
}
