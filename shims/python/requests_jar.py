"""requests: a `Session` whose requests end at an adapter that answers with Set-Cookie fields."""

import http.cookiejar
import sys
from io import BytesIO

import requests
from requests.adapters import BaseAdapter
from requests.exceptions import RequestException
from urllib3 import HTTPResponse

from protocol import Unsupported, describe, serve
from store import HIDDEN, Clock, Response, jar, stored

DESCRIPTION = describe(
    "requests",
    requests.__version__,
    "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    can=["jar", "clock", "dump", "secure"],
    blind=HIDDEN,
    notes="A Session with its RequestsCookieJar, an http.cookiejar. No public suffix list.",
)


class Adapter(BaseAdapter):
    """Answers at once, and keeps the request."""

    set_cookie = ()
    request = None

    def send(self, request, **_options):
        self.request = request
        response = requests.Response()
        response.status_code = 200
        response.url = request.url
        response.request = request
        response.raw = HTTPResponse(
            BytesIO(), original_response=Response(self.set_cookie)
        )
        return response

    def close(self):
        pass


class Store:
    def __init__(self):
        self.adapter = Adapter()
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount("http://", self.adapter)
        self.session.mount("https://", self.adapter)

    def get(self, uri, set_cookie):
        self.adapter.set_cookie = set_cookie
        try:
            self.session.get(uri, allow_redirects=False)
        except RequestException:
            raise Unsupported("uri") from None
        return self.adapter.request.headers

    def receive(self, uri, set_cookie):
        self.get(uri, set_cookie)

    def send(self, uri):
        return self.get(uri, ()).get("Cookie")

    def dump(self):
        return [stored(cookie) for cookie in self.session.cookies]


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, Clock(http.cookiejar))}))
