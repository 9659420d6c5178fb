"""Starlette, which FastAPI is made of: `Request.cookies` and `Response.set_cookie`."""

import sys

import starlette
from starlette.requests import Request
from starlette.responses import Response

from protocol import describe, serve
from server import reads_all, scope, writes

# Before Python 3.14, set_cookie refuses to write the attribute.
PARTITIONED = sys.version_info >= (3, 14)

DESCRIPTION = describe(
    "starlette",
    starlette.__version__,
    "https://www.starlette.io/requests/#cookies",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="SameSite is Lax unless the caller says otherwise, which the shim does.",
)


def write(name, value, *, path=None, samesite=None, **attributes):
    response = Response()
    response.set_cookie(name, value, path=path, samesite=samesite, **attributes)
    return response.headers["set-cookie"]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(lambda lines: Request(scope(lines)).cookies.items()),
        "format.set-cookie": writes(write, partitioned=PARTITIONED),
    }
    sys.exit(serve(DESCRIPTION, operations))
