"""What the shims of server frameworks share: reading Cookie and writing Set-Cookie fields."""

from datetime import datetime, timezone
from http.cookies import CookieError
from wsgiref.util import setup_testing_defaults

import time_machine

from protocol import Unsupported, octets

# Frameworks add an Expires of their own to a Max-Age. With a clock that stands still, what they
# write depends on nothing but the question.
NOW = 1795478400
# In the middle of a second, as real clocks are: some cut fractions off.
time_machine.travel(NOW + 0.5, tick=False).start()


def reads(parse):
    """`parse.cookie`, by a function from one field line to pairs."""

    def parse_cookie(asked):
        return answer(pair for line in asked["cookie"] for pair in parse(line))

    return parse_cookie


def reads_all(parse):
    """`parse.cookie`, by a function from all the field lines of a request to pairs."""
    return lambda asked: answer(parse(asked["cookie"]))


def answer(pairs):
    return {"pairs": [[octets(name), octets(value)] for name, value in pairs]}


def utf8(text):
    """The octets of text that a library has decoded as UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def environ(cookie):
    """A WSGI request with this Cookie field."""
    variables = {"HTTP_COOKIE": cookie}
    setup_testing_defaults(variables)
    return variables


def scope(lines):
    """An ASGI request with these Cookie fields."""
    return {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"cookie", line.encode("latin-1")) for line in lines],
    }


def writes(write, *, partitioned, rejections=(CookieError, ValueError), renamed=()):
    """`format.set-cookie`, by a function of the name, the value and the attributes asked for.

    The attributes are keyword arguments, called as most frameworks call them; `renamed` has the
    others. Those that were not asked for are left out; Expires is a datetime.
    """
    names = {**KEYWORDS, **dict(renamed)}

    def format_set_cookie(asked):
        if asked.get("partitioned") and not partitioned:
            raise Unsupported("partitioned")
        attributes = {
            names[field]: moment(value) if field == "expires" else value
            for field, value in asked.items()
            if field in names and value is not None and (partitioned or field != "partitioned")
        }
        try:
            line = write(asked["name"], asked["value"], **attributes)
        except rejections:
            line = None
        return {"set_cookie": None if line is None else octets(line)}

    return format_set_cookie


def moment(unix):
    try:
        return datetime.fromtimestamp(unix, timezone.utc)
    except ValueError:
        raise Unsupported("expires") from None


KEYWORDS = {
    "max_age": "max_age",
    "expires": "expires",
    "domain": "domain",
    "path": "path",
    "secure": "secure",
    "http_only": "httponly",
    "same_site": "samesite",
    "partitioned": "partitioned",
}
