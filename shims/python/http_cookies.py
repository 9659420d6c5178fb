"""CPython's http.cookies: the module behind most Python server frameworks."""

import platform
import sys
import time
from http.cookies import CookieError, Morsel, SimpleCookie

from protocol import Unsupported, describe, serve

# Python 3.14 knows the attribute; before, it is a syntax error.
KNOWS_PARTITIONED = Morsel().isReservedKey("partitioned")

DESCRIPTION = describe(
    "http.cookies",
    platform.python_version(),
    "https://docs.python.org/3/library/http.cookies.html",
    can=["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    blind=["duplicates", "expires", "max_age"] + ["partitioned"] * (not KNOWS_PARTITIONED),
    notes=(
        "SimpleCookie. The attributes Expires and Max-Age are kept as the text they came as. "
        "CookieError is reported as a rejection, of all the cookies of a request. An unknown "
        "attribute that has a value is a second cookie to it; the first one is reported."
    ),
)


def parse_set_cookie(asked):
    cookies = SimpleCookie()
    try:
        cookies.load(asked["set_cookie"])
    except CookieError:
        return {"cookie": None}
    morsel = next(iter(cookies.values()), None)
    if morsel is None:
        return {"cookie": None}
    cookie = {
        "name": morsel.key,
        "value": morsel.value,
        "domain": morsel["domain"] or None,
        "path": morsel["path"] or None,
        "secure": bool(morsel["secure"]),
        "http_only": bool(morsel["httponly"]),
        "same_site": morsel["samesite"] or None,
    }
    if KNOWS_PARTITIONED:
        cookie["partitioned"] = bool(morsel["partitioned"])
    return {"cookie": cookie}


def parse_cookie(asked):
    cookies = SimpleCookie()
    try:
        for line in asked["cookie"]:
            cookies.load(line)
    except CookieError:
        return {"pairs": []}
    return {"pairs": [[morsel.key, morsel.value] for morsel in cookies.values()]}


def format_set_cookie(asked):
    if asked.get("partitioned") and not KNOWS_PARTITIONED:
        raise Unsupported("partitioned")
    try:
        cookies = SimpleCookie({asked["name"]: asked["value"]})
        morsel = cookies[asked["name"]]
        for attribute, field in ATTRIBUTES.items():
            if asked.get(field) is not None:
                morsel[attribute] = asked[field]
        return {"set_cookie": morsel.OutputString()}
    except CookieError:
        return {"set_cookie": None}


ATTRIBUTES = {
    "expires": "expires",
    "max-age": "max_age",
    "domain": "domain",
    "path": "path",
    "secure": "secure",
    "httponly": "http_only",
    "samesite": "same_site",
    **({"partitioned": "partitioned"} if KNOWS_PARTITIONED else {}),
}

if __name__ == "__main__":
    # The module takes a number in `expires` as seconds from now. With a clock that stands at the
    # epoch it takes a Unix time, and the date is its own writing.
    time.time = lambda: 0
    sys.exit(
        serve(
            DESCRIPTION,
            {
                "parse.set-cookie": parse_set_cookie,
                "parse.cookie": parse_cookie,
                "format.set-cookie": format_set_cookie,
            },
        )
    )
