"""urllib of the standard library: an opener with `HTTPCookieProcessor`, on the network."""

import http.client
import platform
import ssl
import sys
import urllib.error
from http.cookiejar import MozillaCookieJar
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "cpython-urllib",
    platform.python_version(),
    "https://docs.python.org/3/library/urllib.request.html#httpcookieprocessor-objects",
    can=["navigate", "agent.clear", "agent.save", "agent.load"],
    notes="http.cookiejar with DefaultCookiePolicy; a MozillaCookieJar, which saves what does not "
    "end with the session. No public suffix list.",
)


class Redirects(HTTPRedirectHandler):
    """Follows as many redirects as it is told, also to a URI that it has been to."""

    max_redirections = 0
    max_repeats = sys.maxsize

    def redirect_request(self, *arguments):
        return super().redirect_request(*arguments) if self.max_redirections else None


class Client:
    def __init__(self, proxy, ca, _profile):
        self.redirects = Redirects()
        self.jar = MozillaCookieJar()
        self.opener = build_opener(
            ProxyHandler({"http": proxy, "https": proxy}),
            HTTPSHandler(context=ssl.create_default_context(cafile=ca)),
            HTTPCookieProcessor(self.jar),
            self.redirects,
        )

    def request(self, method, uri, headers, follow):
        self.redirects.max_redirections = follow
        try:
            self.opener.open(Request(uri, headers=headers, method=method)).close()
        except urllib.error.HTTPError as response:
            # A response as good as any other: a redirect that is not to be followed.
            response.close()

    def save(self, file):
        self.jar.save(file)

    def load(self, file):
        self.jar.load(file)


if __name__ == "__main__":
    refusals = (urllib.error.URLError, http.client.HTTPException, ConnectionError)
    sys.exit(serve(DESCRIPTION, agent(Client, refusals)))
