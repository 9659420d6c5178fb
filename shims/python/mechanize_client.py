"""mechanize: a `Browser`, on the network."""

import sys
from http.client import HTTPException
from importlib.metadata import version
from urllib.error import URLError

import mechanize

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "mechanize",
    version("mechanize"),
    "https://mechanize.readthedocs.io/",
    can=["navigate", "agent.clear"],
    notes="A Browser with its CookieJar. No public suffix list.",
)


class Client:
    def __init__(self, proxy, ca, _profile):
        self.browser = mechanize.Browser()
        self.browser.set_handle_robots(False)
        self.browser.set_handle_refresh(False)
        self.browser.set_proxies({"http": proxy, "https": proxy})
        self.browser.set_ca_data(cafile=ca)

    def request(self, method, uri, headers, follow):
        self.browser.set_handle_redirect(follow > 0)
        request = mechanize.Request(uri, headers=headers, method=method)
        try:
            self.browser.open(request).close()
        except mechanize.HTTPError as response:
            # A response as good as any other: a redirect that is not to be followed.
            response.close()

    def close(self):
        self.browser.close()


if __name__ == "__main__":
    refusals = (mechanize.URLError, URLError, HTTPException, ConnectionError)
    sys.exit(serve(DESCRIPTION, agent(Client, refusals)))
