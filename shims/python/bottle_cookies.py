"""Bottle: `request.cookies` and `response.set_cookie`."""

import sys

import bottle

from protocol import describe, serve
from server import environ, reads, writes

DESCRIPTION = describe(
    "bottle",
    bottle.__version__,
    "https://bottlepy.org/docs/stable/tutorial.html#cookies",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="An exception of http.cookies gets through to the application.",
)


def read(line):
    return bottle.BaseRequest(environ(line)).cookies.items()


def write(name, value, **attributes):
    # A flag that is given is set, whatever its value.
    attributes = {key: given for key, given in attributes.items() if given is not False}
    response = bottle.BaseResponse()
    response.set_cookie(name, value, **attributes)
    return next(field for key, field in response.headerlist if key == "Set-Cookie")


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(read),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
