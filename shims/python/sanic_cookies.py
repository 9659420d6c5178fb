"""Sanic: `parse_cookie`, which fills `request.cookies`, and `response.cookies.add_cookie`."""

import sys

import sanic
from sanic.compat import Header
from sanic.cookies import CookieJar
from sanic.cookies.request import parse_cookie
from sanic.exceptions import ServerError

from protocol import describe, serve
from server import reads, writes

DESCRIPTION = describe(
    "sanic",
    sanic.__version__,
    "https://sanic.dev/en/guide/basics/cookies.html",
    can=["parse.cookie", "format.set-cookie"],
    blind=["order"],
    notes=(
        "Cookies of one name are reported together. Path, Secure and SameSite are set unless the "
        "caller says otherwise, which the shim does."
    ),
)


def read(line):
    return [(name, value) for name, values in parse_cookie(line).items() for value in values]


def write(name, value, *, path=None, secure=False, samesite=None, **attributes):
    jar = CookieJar(Header())
    return str(
        jar.add_cookie(name, value, path=path, secure=secure, samesite=samesite, **attributes)
    )


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(read),
        "format.set-cookie": writes(
            write, partitioned=True, rejections=(KeyError, ServerError, TypeError, ValueError)
        ),
    }
    sys.exit(serve(DESCRIPTION, operations))
