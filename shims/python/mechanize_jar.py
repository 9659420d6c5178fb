"""mechanize: its `CookieJar`, which changes what http.cookiejar does."""

import http.cookiejar
import sys
from email.message import Message

import mechanize
from mechanize import _clientcookie

from protocol import Unsupported, describe, serve
from store import HIDDEN, Clock, jar, stored

DESCRIPTION = describe(
    "mechanize",
    ".".join(str(part) for part in mechanize.__version__[:3]),
    "https://mechanize.readthedocs.io/en/latest/",
    can=["jar", "clock", "dump", "secure"],
    blind=HIDDEN,
    notes="CookieJar with its default policy. No public suffix list.",
)


class Response:
    """What `extract_cookies` asks of a response."""

    def __init__(self, set_cookie):
        self.header = Message()
        for line in set_cookie:
            self.header["Set-Cookie"] = line

    def info(self):
        return self.header


class Store:
    def __init__(self):
        self.jar = mechanize.CookieJar()

    def receive(self, uri, set_cookie):
        self.jar.extract_cookies(Response(set_cookie), request(uri))

    def send(self, uri):
        sending = request(uri)
        self.jar.add_cookie_header(sending)
        return sending.get_header("Cookie")

    def dump(self):
        return [stored(cookie) for cookie in self.jar]


def request(uri):
    try:
        return mechanize.Request(uri)
    except ValueError:
        raise Unsupported("uri") from None


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, Clock(http.cookiejar, _clientcookie))}))
