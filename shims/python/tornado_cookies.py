"""Tornado: `HTTPServerRequest.cookies` and `RequestHandler.set_cookie`."""

import sys

import tornado
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPInputError,
    HTTPServerRequest,
    RequestStartLine,
)
from tornado.web import Application, RequestHandler

from protocol import describe, serve
from server import reads_all, writes

DESCRIPTION = describe(
    "tornado",
    tornado.version,
    "https://www.tornadoweb.org/en/stable/web.html#cookies",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes=(
        "Several Cookie fields are joined with a comma by Tornado. A field that it refuses is "
        "reported as a request without cookies."
    ),
)


class Connection(HTTPConnection):
    """Keeps the header that a handler sends."""

    def set_close_callback(self, callback):
        pass

    def write_headers(self, _start_line, headers, _chunk=None):
        self.headers = headers


def request(headers):
    headers["Host"] = "site.example"
    start_line = RequestStartLine("GET", "/", "HTTP/1.1")
    return HTTPServerRequest(start_line=start_line, headers=headers, connection=Connection())


def read(lines):
    headers = HTTPHeaders()
    try:
        for line in lines:
            headers.parse_line(f"Cookie: {line}")
    except HTTPInputError:
        return []
    return [(name, morsel.value) for name, morsel in request(headers).cookies.items()]


APPLICATION = Application()


def write(name, value, *, path=None, **attributes):
    asking = request(HTTPHeaders())
    handler = RequestHandler(APPLICATION, asking)
    # What the application gives to a handler before it runs it.
    handler._transforms = []
    handler.set_cookie(name, value, path=path, **attributes)
    handler.flush()
    return asking.connection.headers["Set-Cookie"]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(read),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
