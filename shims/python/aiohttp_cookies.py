"""aiohttp: the client's `CookieJar`, the server's `Request.cookies` and `Response.set_cookie`."""

import asyncio
import sys
from http.cookies import CookieError

import aiohttp
import aiohttp.cookiejar
from aiohttp import ClientRequest, CookieJar, web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from yarl import URL

from protocol import Unsupported, describe, serve
from server import reads_all, writes
from store import Clock, jar

DESCRIPTION = describe(
    "aiohttp",
    aiohttp.__version__,
    "https://docs.aiohttp.org/en/stable/client_reference.html#cookiejar",
    can=["parse.cookie", "format.set-cookie", "jar", "clock", "secure"],
    claims="rfc6265",
    blind=["duplicates"],
    notes=(
        "CookieJar with its default options: no cookies for IP addresses. No public suffix list. "
        "A server sets the Path / unless the caller says otherwise, which the shim does."
    ),
)

LOOP = asyncio.new_event_loop()


def read(lines):
    headers = CIMultiDict(("Cookie", line) for line in lines)
    return make_mocked_request("GET", "/", headers=headers).cookies.items()


def write(name, value, *, path="", expires=None, **attributes):
    response = web.Response()
    # Expires is text to it.
    expires = expires and expires.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response.set_cookie(name, value, path=path, expires=expires, **attributes)
    return response.cookies[name].OutputString()


class Store:
    def __init__(self):
        self.jar = CookieJar(loop=LOOP)

    def receive(self, uri, set_cookie):
        lines = [field_value(line) for line in set_cookie]
        self.jar.update_cookies_from_headers(lines, url(uri))

    def send(self, uri):
        cookies = self.jar.filter_cookies(url(uri))
        request = ClientRequest("GET", url(uri), cookies=cookies, loop=LOOP)
        header = request.headers.get("Cookie")
        # It is UTF-8 again when it is written to the network.
        return header and header.encode("utf-8").decode("latin-1")


def field_value(line):
    """A field value as the client's HTTP parser hands it on: text, decoded from UTF-8."""
    return line.encode("latin-1").decode("utf-8", "surrogateescape")


def url(uri):
    try:
        return URL(uri)
    except ValueError:
        raise Unsupported("uri") from None


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(read),
        "format.set-cookie": writes(
            write, partitioned=sys.version_info >= (3, 14), rejections=(CookieError, ValueError)
        ),
        "jar": jar(Store, Clock(aiohttp.cookiejar)),
    }
    sys.exit(serve(DESCRIPTION, operations))
