"""BlackSheep: `Request.cookies` and `Cookie`."""

import sys
from datetime import timezone
from importlib.metadata import version

from blacksheep.cookies import Cookie, CookieError, CookieSameSiteMode, parse_cookie
from blacksheep.messages import Request
from blacksheep.scribe import write_response_cookie

from protocol import Unsupported, describe, integer, octets, serve
from server import reads_all, utf8, writes

DESCRIPTION = describe(
    "blacksheep",
    version("blacksheep"),
    "https://www.neoteroi.dev/blacksheep/",
    can=["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    blind=["duplicates", "partitioned"],
    notes="Names and values are percent-decoded to UTF-8, and percent-encoded.",
)


def parse_set_cookie(asked):
    try:
        cookie = parse_cookie(asked["set_cookie"].encode("latin-1"))
    except (CookieError, ValueError):
        return {"cookie": None}
    return {
        "cookie": {
            "name": octets(utf8(cookie.name)),
            "value": octets(utf8(cookie.value)),
            "expires": cookie.expires and unix(cookie.expires),
            "max_age": None if cookie.max_age == -1 else integer(cookie.max_age),
            "domain": cookie.domain and octets(utf8(cookie.domain)),
            "path": cookie.path and octets(utf8(cookie.path)),
            "secure": cookie.secure,
            "http_only": cookie.http_only,
            "same_site": SAME_SITE.get(cookie.same_site),
        }
    }


def unix(expires):
    """The library drops the time zone of a date."""
    return integer(int(expires.replace(tzinfo=timezone.utc).timestamp()))


SAME_SITE = {
    CookieSameSiteMode.STRICT: "Strict",
    CookieSameSiteMode.LAX: "Lax",
    CookieSameSiteMode.NONE: "None",
}


def read(lines):
    fields = [(b"Cookie", line.encode("latin-1")) for line in lines]
    cookies = Request("GET", b"/", fields).cookies
    return [(utf8(name), utf8(value)) for name, value in cookies.items()]


def write(name, value, *, same_site=None, **attributes):
    try:
        mode = CookieSameSiteMode[(same_site or "undefined").upper()]
    except KeyError:
        raise Unsupported("same_site") from None
    return write_response_cookie(Cookie(name, value, same_site=mode, **attributes))


if __name__ == "__main__":
    operations = {
        "parse.set-cookie": parse_set_cookie,
        "parse.cookie": reads_all(read),
        "format.set-cookie": writes(
            write,
            partitioned=False,
            rejections=(CookieError, ValueError),
            renamed={"http_only": "http_only", "same_site": "same_site"},
        ),
    }
    sys.exit(serve(DESCRIPTION, operations))
