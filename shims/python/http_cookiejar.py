"""CPython's http.cookiejar: the cookie store of urllib, and of requests on top of it."""

import http.cookiejar
import os
import platform
import sys
import tempfile
from http.cookiejar import DefaultCookiePolicy, LWPCookieJar
from urllib.request import Request

from protocol import Unsupported, describe, serve
from store import HIDDEN, Clock, jar, stored

DESCRIPTION = describe(
    "http.cookiejar",
    platform.python_version(),
    "https://docs.python.org/3/library/http.cookiejar.html",
    can=["jar", "clock", "dump", "restart", "secure"],
    blind=HIDDEN,
    notes=(
        "LWPCookieJar with DefaultCookiePolicy, which follows Netscape's and RFC 2965's rules. "
        "No public suffix list. A restart is save and load of its own file format."
    ),
)


class Response:
    """What `extract_cookies` asks of a response."""

    def __init__(self, set_cookie):
        self.fields = {"Set-Cookie": set_cookie}

    def info(self):
        return self

    def get_all(self, name, default):
        return self.fields.get(name, default)


class Store:
    def __init__(self):
        self.jar = LWPCookieJar(policy=DefaultCookiePolicy())

    def receive(self, uri, set_cookie):
        self.jar.extract_cookies(Response(set_cookie), request(uri))

    def send(self, uri):
        sending = request(uri)
        self.jar.add_cookie_header(sending)
        return sending.get_header("Cookie")

    def restart(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cookies.lwp")
            self.jar.save(path)
            self.jar = LWPCookieJar(policy=DefaultCookiePolicy())
            self.jar.load(path)

    def dump(self):
        return [stored(cookie) for cookie in self.jar]


def request(uri):
    try:
        return Request(uri)
    except ValueError:
        raise Unsupported("uri") from None


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, Clock(http.cookiejar))}))
