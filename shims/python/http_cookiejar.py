"""CPython's http.cookiejar: the cookie store of urllib, and of requests on top of it."""

import http.cookiejar
import os
import platform
import sys
import tempfile
import time
from http.cookiejar import DefaultCookiePolicy, LWPCookieJar
from urllib.request import Request

from protocol import Unsupported, integer, serve

DESCRIPTION = {
    "shim": "python-http.cookiejar/1",
    "impl": {
        "name": "http.cookiejar",
        "version": platform.python_version(),
        "language": "python",
        "source": "https://docs.python.org/3/library/http.cookiejar.html",
    },
    "can": ["jar", "clock", "dump", "restart", "secure"],
    "blind": ["creation", "last_access", "http_only", "same_site", "partitioned"],
    "notes": (
        "LWPCookieJar with DefaultCookiePolicy, which follows Netscape's and RFC 2965's rules. "
        "No public suffix list. A restart is save and load of its own file format."
    ),
}


class Clock:
    """Stands for the module `time` inside http.cookiejar."""

    def __init__(self):
        self.now = 0

    def time(self):
        return self.now

    def __getattr__(self, name):
        return getattr(time, name)


class Response:
    """What `extract_cookies` asks of a response."""

    def __init__(self, set_cookie):
        self.fields = {"Set-Cookie": set_cookie}

    def info(self):
        return self

    def get_all(self, name, default):
        return self.fields.get(name, default)


class Jar:
    """A cookie store for the length of one case; one method for each kind of step."""

    def __init__(self, clock, now):
        self.clock = clock
        self.clock.now = now
        self.jar = LWPCookieJar(policy=DefaultCookiePolicy())

    def receive(self, step):
        self.jar.extract_cookies(Response(step["set_cookie"]), request(step))

    def send(self, step):
        sending = request(step)
        self.jar.add_cookie_header(sending)
        return {"header": sending.get_header("Cookie")}

    def advance(self, step):
        self.clock.now += step["secs"]

    def restart(self, _step):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cookies.lwp")
            self.jar.save(path)
            self.jar = LWPCookieJar(policy=DefaultCookiePolicy())
            self.jar.load(path)

    def dump(self, _step):
        return {"cookies": [stored(cookie) for cookie in self.jar]}


def jar(asked):
    store = Jar(CLOCK, asked["now"])
    steps = {
        "receive": store.receive,
        "send": store.send,
        "advance": store.advance,
        "restart": store.restart,
        "dump": store.dump,
    }
    observations = {}
    for step in asked["steps"]:
        do = steps.get(step["do"])
        if do is None:
            raise Unsupported("script" if step["do"].startswith("script") else step["do"])
        observation = do(step)
        if observation is not None:
            observations[step["at"]] = observation
    return {"obs": observations}


def request(step):
    """The request of a step. The module only knows plain HTTP requests."""
    context = step.get("context", {})
    if context.get("api") == "script":
        raise Unsupported("script")
    if context.get("same_site") is False:
        raise Unsupported("same-site")
    try:
        return Request(step["uri"])
    except ValueError:
        raise Unsupported("uri") from None


def stored(cookie):
    return {
        "name": cookie.name,
        "value": cookie.value or "",
        # The module marks a domain that is not host-only with a leading dot.
        "domain": cookie.domain.removeprefix("."),
        "host_only": not cookie.domain_specified,
        "path": cookie.path,
        "expires": None if cookie.expires is None else integer(cookie.expires),
        "secure": bool(cookie.secure),
    }


CLOCK = Clock()

if __name__ == "__main__":
    http.cookiejar.time = CLOCK
    sys.exit(serve(DESCRIPTION, {"jar": jar}))
