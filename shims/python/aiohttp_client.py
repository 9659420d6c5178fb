"""aiohttp: a `ClientSession`, on the network."""

import asyncio
import ssl
import sys

import aiohttp

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "aiohttp",
    aiohttp.__version__,
    "https://docs.aiohttp.org/en/stable/client_advanced.html#cookie-jar",
    can=["navigate", "agent.clear", "agent.save", "agent.load", "caller-cookies"],
    notes="A ClientSession with its CookieJar, which keeps no cookies of IP addresses. "
    "No public suffix list.",
)

LOOP = asyncio.new_event_loop()


class Client:
    def __init__(self, proxy, ca, _profile):
        self.proxy = proxy
        self.context = ssl.create_default_context(cafile=ca)
        self.session = LOOP.run_until_complete(self.open())

    async def open(self):
        return aiohttp.ClientSession()

    def request(self, method, uri, headers, follow, cookies=None):
        LOOP.run_until_complete(self.exchange(method, uri, headers, follow, cookies))

    async def exchange(self, method, uri, headers, follow, cookies):
        async with self.session.request(
            method,
            uri,
            headers=headers,
            cookies=cookies,
            proxy=self.proxy,
            ssl=self.context,
            allow_redirects=follow > 0,
            max_redirects=follow + 1,
        ) as response:
            await response.read()

    def save(self, file):
        self.session.cookie_jar.save(file)

    def load(self, file):
        self.session.cookie_jar.load(file)

    def close(self):
        LOOP.run_until_complete(self.session.close())


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, aiohttp.ClientError)))
