"""Twisted: `Request.received_cookies` and `Request.addCookie`."""

import sys

import twisted
from twisted.web.http import Request, datetimeToString

from protocol import describe, serve
from server import reads_all, writes

DESCRIPTION = describe(
    "twisted",
    twisted.__version__,
    "https://docs.twisted.org/en/stable/web/howto/web-in-60/session-basics.html",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="Expires and Max-Age are text to it; the date is written with its own datetimeToString.",
)


class Channel:
    """What a request asks of its connection."""

    site = None
    transport = None

    def getPeer(self):
        return None

    def getHost(self):
        return None


def read(lines):
    request = Request(Channel(), False)
    request.requestHeaders.setRawHeaders("Cookie", [line.encode("latin-1") for line in lines])
    request.parseCookies()
    return request.received_cookies.items()


def write(name, value, *, max_age=None, expires=None, sameSite=None, **attributes):
    # It takes text as UTF-8 and octets as they are.
    given = {
        key: field.encode("latin-1") if isinstance(field, str) else field
        for key, field in {"k": name, "v": value, **attributes}.items()
    }
    if max_age is not None:
        given["max_age"] = str(max_age)
    if expires is not None:
        given["expires"] = datetimeToString(expires.timestamp())
    request = Request(Channel(), False)
    request.addCookie(sameSite=sameSite, **given)
    return request.cookies[0]


if __name__ == "__main__":
    operations = {
        "parse.cookie": reads_all(read),
        "format.set-cookie": writes(
            write,
            partitioned=False,
            rejections=ValueError,
            renamed={"http_only": "httpOnly", "same_site": "sameSite"},
        ),
    }
    sys.exit(serve(DESCRIPTION, operations))
