"""CPython's http.cookiejar: the cookie store of urllib, and of requests on top of it."""

import http.cookiejar
import os
import platform
import sys
import tempfile
from http.cookiejar import DefaultCookiePolicy, LWPCookieJar
from urllib.request import Request

from protocol import describe, serve
from store import HIDDEN, Clock, UrllibStore, jar

DESCRIPTION = describe(
    "http.cookiejar",
    platform.python_version(),
    "https://docs.python.org/3/library/http.cookiejar.html",
    can=["jar", "clock", "dump", "restart", "secure"],
    blind=HIDDEN,
    notes=(
        "LWPCookieJar with DefaultCookiePolicy, which follows Netscape's and RFC 2965's rules. "
        "No public suffix list. A restart is save and load of its own file format."
    ),
)


class Store(UrllibStore):
    def __init__(self):
        super().__init__(LWPCookieJar(policy=DefaultCookiePolicy()), Request)

    def restart(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cookies.lwp")
            self.jar.save(path)
            self.jar = LWPCookieJar(policy=DefaultCookiePolicy())
            self.jar.load(path)


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, Clock(http.cookiejar))}))
