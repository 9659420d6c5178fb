"""Litestar: `Request.cookies` and `Cookie`."""

import sys
from importlib.metadata import version

from litestar.connection import Request
from litestar.datastructures import Cookie

from protocol import describe, serve
from server import NOW, reads_all, scope, writes

DESCRIPTION = describe(
    "litestar",
    version("litestar"),
    "https://docs.litestar.dev/latest/usage/responses.html#setting-response-cookies",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes=(
        "Values are percent-decoded. Path and SameSite are set unless the caller says otherwise, "
        "which the shim does."
    ),
)


def write(name, value, *, path=None, samesite=None, expires=None, **attributes):
    # The library counts from now.
    expires = expires and int(expires.timestamp()) - NOW
    cookie = Cookie(name, path, value, samesite=samesite, expires=expires, **attributes)
    return cookie.to_encoded_header()[1]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(lambda lines: Request(scope(lines)).cookies.items()),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
