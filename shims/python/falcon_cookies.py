"""Falcon: `Request.get_cookie_values` and `Response.set_cookie`, sent by an application."""

import sys

import falcon
from falcon import Request

from protocol import describe, serve
from server import environ, reads, writes

DESCRIPTION = describe(
    "falcon",
    falcon.__version__,
    "https://falcon.readthedocs.io/en/stable/api/cookies.html",
    can=["parse.cookie", "format.set-cookie"],
    blind=["order"],
    notes=(
        "Cookies of one name are reported together. Secure and HttpOnly are set unless the caller "
        "says otherwise, which the shim does."
    ),
)


def read(line):
    request = Request(environ(line))
    return [(name, value) for name in request.cookies for value in request.get_cookie_values(name)]


class Resource:
    """Sets one cookie."""

    def on_get(self, _request, response):
        try:
            response.set_cookie(*self.cookie, **self.attributes)
            self.failure = None
        except Exception as failure:
            self.failure = failure


RESOURCE = Resource()
APPLICATION = falcon.App()
APPLICATION.add_route("/", RESOURCE)


def write(name, value, *, secure=False, http_only=False, **attributes):
    RESOURCE.cookie = name, value
    RESOURCE.attributes = {"secure": secure, "http_only": http_only, **attributes}
    sent = []
    APPLICATION(environ(""), lambda _status, headers: sent.extend(headers))
    if RESOURCE.failure:
        raise RESOURCE.failure
    return next(field for key, field in sent if key.lower() == "set-cookie")


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads(read),
        "format.set-cookie": writes(
            write,
            partitioned=True,
            rejections=(KeyError, ValueError),
            renamed={"http_only": "http_only", "same_site": "same_site"},
        ),
    }
    sys.exit(serve(DESCRIPTION, operations))
