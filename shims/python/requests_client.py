"""requests: a `Session`, on the network."""

import sys

import requests
from requests.exceptions import RequestException

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "requests",
    requests.__version__,
    "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    can=["navigate", "agent.clear"],
    notes="A Session with its RequestsCookieJar, an http.cookiejar. No public suffix list.",
)


class Client:
    def __init__(self, proxy, ca, _profile):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.proxies = {"http": proxy, "https": proxy}
        self.session.verify = ca

    def request(self, method, uri, headers, follow):
        self.session.max_redirects = max(follow, 1)
        self.session.request(method, uri, headers=headers, allow_redirects=follow > 0)

    def close(self):
        self.session.close()


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, RequestException)))
