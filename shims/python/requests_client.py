"""requests: a `Session`, on the network."""

import pickle
import sys

import requests
from requests.exceptions import RequestException

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "requests",
    requests.__version__,
    "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    can=[
        "navigate",
        "agent.clear",
        "agent.save",
        "agent.load",
        "agent.clone",
        "caller-cookies",
    ],
    notes="A Session with its RequestsCookieJar, an http.cookiejar, which is saved by pickle and "
    "copied by its copy(). No public suffix list.",
)


class Client:
    def __init__(self, proxy, ca, _profile):
        self.proxy, self.ca = proxy, ca
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.proxies = {"http": proxy, "https": proxy}
        self.session.verify = ca

    def request(self, method, uri, headers, follow, cookies=None):
        self.session.max_redirects = max(follow, 1)
        self.session.request(
            method, uri, headers=headers, cookies=cookies, allow_redirects=follow > 0
        )

    def save(self, file):
        with open(file, "wb") as saved:
            pickle.dump(self.session.cookies, saved)

    def load(self, file):
        with open(file, "rb") as saved:
            self.session.cookies = pickle.load(saved)

    def clone(self):
        copy = Client(self.proxy, self.ca, None)
        copy.session.cookies = self.session.cookies.copy()
        return copy

    def close(self):
        self.session.close()


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, RequestException)))
