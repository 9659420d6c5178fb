"""httpx: a `Client`, on the network."""

import ssl
import sys

import httpx

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "httpx",
    httpx.__version__,
    "https://www.python-httpx.org/",
    can=["navigate", "agent.clear", "caller-cookies"],
    notes="A Client with its Cookies, an http.cookiejar. Its option for cookies of one request is "
    "deprecated. No public suffix list.",
)


class Client:
    def __init__(self, proxy, ca, _profile):
        context = ssl.create_default_context(cafile=ca)
        self.client = httpx.Client(proxy=proxy, verify=context, trust_env=False)

    def request(self, method, uri, headers, follow, cookies=None):
        self.client.max_redirects = follow
        self.client.request(
            method, uri, headers=headers, cookies=cookies, follow_redirects=follow > 0
        )

    def close(self):
        self.client.close()


if __name__ == "__main__":
    refusals = (httpx.HTTPError, httpx.InvalidURL)
    sys.exit(serve(DESCRIPTION, agent(Client, refusals)))
