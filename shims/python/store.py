"""What the shims of cookie stores share: the steps of a `jar` program, and its clock.

A store is made anew for each program. It has the methods `receive(uri, set_cookie)`, with a list of
field lines, and `send(uri)`, which returns the Cookie field or None; `restart()` and `dump()` where
it can do that. Its clock is the module `time` as its own modules see it.
"""

import time
from email.message import Message

from protocol import Unsupported, integer


class Clock:
    """Stands for the module `time` inside other modules."""

    def __init__(self, *modules):
        self.now = 0
        for module in modules:
            module.time = self

    def time(self):
        return self.now

    def __getattr__(self, name):
        return getattr(time, name)


def jar(new_store, clock):
    """The operation `jar`, on a new store each time."""

    def run(asked):
        clock.now = asked["now"]
        store = new_store()
        observations = {}
        for step in asked["steps"]:
            observation = perform(store, clock, step)
            # No clock stands still while a response arrives and the next request is made.
            clock.now += 0.001
            if observation is not None:
                observations[step["at"]] = observation
        return {"obs": observations}

    return run


def perform(store, clock, step):
    """Does one step, and returns what is observed."""
    do = step["do"]
    if do == "receive":
        store.receive(addressed(step), step["set_cookie"])
    elif do == "send":
        return {"header": store.send(addressed(step)) or None}
    elif do == "advance":
        clock.now += step["secs"]
    elif do == "dump" and hasattr(store, "dump"):
        return {"cookies": store.dump()}
    elif do == "restart" and hasattr(store, "restart"):
        store.restart()
    else:
        raise Unsupported("script" if do.startswith("script") else do)
    return None


def addressed(step):
    """The URI of a step. These stores only know HTTP requests, and not who makes them."""
    context = step.get("context", {})
    if context.get("api") == "script":
        raise Unsupported("script")
    if context.get("same_site") is False:
        raise Unsupported("same-site")
    return step["uri"]


class UrllibStore:
    """A store that takes requests and responses as urllib has them.

    `new_request` makes a request of a URI, or raises ValueError.
    """

    def __init__(self, jar, new_request):
        self.jar = jar
        self.new_request = new_request

    def receive(self, uri, set_cookie):
        self.jar.extract_cookies(Response(set_cookie), request(self.new_request, uri))

    def send(self, uri):
        sending = request(self.new_request, uri)
        self.jar.add_cookie_header(sending)
        return sending.get_header("Cookie")

    def dump(self):
        return [stored(cookie) for cookie in self.jar]


class Response:
    """What stores and clients look at of a response of http.client: its header."""

    def __init__(self, set_cookie):
        self.msg = Message()
        for line in set_cookie:
            self.msg["Set-Cookie"] = line

    def info(self):
        return self.msg

    def isclosed(self):
        return True


def request(new_request, uri):
    try:
        return new_request(uri)
    except ValueError:
        raise Unsupported("uri") from None


def stored(cookie):
    """A cookie of `http.cookiejar`, or of a library made of it."""
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


# What `stored` does not show.
HIDDEN = ["creation", "last_access", "http_only", "same_site", "partitioned"]
