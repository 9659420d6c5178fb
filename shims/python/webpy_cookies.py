"""web.py: `parse_cookies`, which fills `web.cookies()`, and `setcookie`."""

import sys

import web
from web.webapi import parse_cookies

from protocol import Unsupported, describe, serve
from server import NOW, reads, writes

DESCRIPTION = describe(
    "web.py",
    web.__version__,
    "https://webpy.org/docs/0.3/api#web.webapi",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="Values are percent-decoded. It has no Max-Age, and no way to leave Path out.",
)


def write(name, value, *, max_age=None, expires=None, **attributes):
    if max_age is not None:
        raise Unsupported("max_age")
    # The library counts from now.
    expires = "" if expires is None else int(expires.timestamp()) - NOW
    web.ctx.headers = []
    web.ctx.homepath = ""
    web.setcookie(name, value, expires=expires, **attributes)
    return dict(web.ctx.headers)["Set-Cookie"]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(lambda line: parse_cookies(line).items()),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
