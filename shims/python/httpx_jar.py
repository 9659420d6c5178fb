"""httpx: a `Client` whose requests end at a transport that answers with Set-Cookie fields."""

import http.cookiejar
import sys

import httpx

from protocol import Unsupported, describe, octets, serve
from store import HIDDEN, Clock, jar, stored

DESCRIPTION = describe(
    "httpx",
    httpx.__version__,
    "https://www.python-httpx.org/quickstart/#cookies",
    can=["jar", "clock", "dump", "secure"],
    blind=HIDDEN,
    notes="A Client with its Cookies, which is an http.cookiejar. No public suffix list.",
)


class Store:
    def __init__(self):
        self.set_cookie = []
        self.client = httpx.Client(
            transport=httpx.MockTransport(self.answer), trust_env=False, verify=False
        )

    def answer(self, request):
        self.request = request
        return httpx.Response(200, headers=self.set_cookie)

    def get(self, uri, set_cookie):
        self.set_cookie = [(b"Set-Cookie", line.encode("latin-1")) for line in set_cookie]
        try:
            self.client.get(uri)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise Unsupported("uri") from None
        return dict(self.request.headers.raw)

    def receive(self, uri, set_cookie):
        self.get(uri, set_cookie)

    def send(self, uri):
        header = self.get(uri, []).get(b"Cookie")
        return header and octets(header)

    def dump(self):
        return [stored(cookie) for cookie in self.client.cookies.jar]


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, Clock(http.cookiejar))}))
