"""mechanize: its `CookieJar`, which changes what http.cookiejar does."""

import http.cookiejar
import sys

import mechanize
from mechanize import _clientcookie

from protocol import describe, serve
from store import HIDDEN, Clock, UrllibStore, jar

DESCRIPTION = describe(
    "mechanize",
    ".".join(str(part) for part in mechanize.__version__[:3]),
    "https://mechanize.readthedocs.io/en/latest/",
    can=["jar", "clock", "dump", "secure"],
    blind=HIDDEN,
    notes="CookieJar with its default policy. No public suffix list.",
)


def new_store():
    return UrllibStore(mechanize.CookieJar(), mechanize.Request)


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(new_store, Clock(http.cookiejar, _clientcookie))}))
