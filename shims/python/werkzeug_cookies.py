"""Werkzeug, which Flask and Quart are made of: `Request.cookies` and `dump_cookie`."""

import sys
from importlib.metadata import version

from werkzeug.datastructures import Headers
from werkzeug.http import dump_cookie
from werkzeug.sansio.request import Request

from protocol import describe, serve
from server import reads_all, utf8, writes

DESCRIPTION = describe(
    "werkzeug",
    version("werkzeug"),
    "https://werkzeug.palletsprojects.com/en/stable/wrappers/",
    can=["parse.cookie", "format.set-cookie"],
    blind=["order"],
    notes="Cookies are decoded as UTF-8. Those of one name are reported together.",
)


def read(lines):
    headers = Headers([("Cookie", line) for line in lines])
    request = Request("GET", "http", None, "", "/", b"", headers, None)
    return [(utf8(name), utf8(value)) for name, value in request.cookies.items(multi=True)]


def write(name, value, *, path=None, **attributes):
    return dump_cookie(name, value, path=path, **attributes)


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(read),
        "format.set-cookie": writes(write, partitioned=True),
    }
    sys.exit(serve(DESCRIPTION, operations))
