"""Baize: `Request.cookies` and `Cookie`."""

import sys
from importlib.metadata import version

from baize.datastructures import Cookie
from baize.wsgi import Request

from protocol import describe, serve
from server import environ, reads, writes

DESCRIPTION = describe(
    "baize",
    version("baize"),
    "https://pypi.org/project/baize/",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="It has no way to leave SameSite out.",
)


def read(line):
    return Request(environ(line)).cookies.items()


def write(name, value, *, samesite="lax", **attributes):
    return bytes(Cookie(name, value, samesite=samesite.lower(), **attributes))


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(read),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
