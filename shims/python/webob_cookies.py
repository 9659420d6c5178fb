"""WebOb, which Pyramid is made of: `Request.cookies` and `Response.set_cookie`."""

import sys
from importlib.metadata import version

from webob import Request, Response

from protocol import describe, serve
from server import environ, reads, utf8, writes

DESCRIPTION = describe(
    "webob",
    version("webob"),
    "https://docs.pylonsproject.org/projects/webob/en/stable/api/cookies.html",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes=(
        "Cookies are decoded as UTF-8. A Max-Age brings an Expires with it, and an Expires a "
        "Max-Age."
    ),
)


def read(line):
    return [(utf8(name), utf8(value)) for name, value in Request(environ(line)).cookies.items()]


def write(name, value, *, path=None, expires=None, **attributes):
    response = Response()
    # A moment is taken in UTC where it says nothing else.
    expires = expires and expires.replace(tzinfo=None)
    response.set_cookie(name, value, path=path, expires=expires, **attributes)
    return response.headers["Set-Cookie"]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(read),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
