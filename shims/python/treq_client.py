"""treq over Twisted's Agent, on the network."""

import sys
from http.cookiejar import CookieJar
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from idna import IDNAError
from treq.client import HTTPClient
from twisted.internet import error, reactor, ssl, threads
from twisted.internet.defer import ensureDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, wrapClientTLS
from twisted.web.client import Agent, HTTPConnectionPool, ResponseFailed
from twisted.web.error import Error, InfiniteRedirection, SchemeNotSupported
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "treq",
    version("treq"),
    "https://treq.readthedocs.io/",
    can=["navigate", "agent.clear", "caller-cookies"],
    notes=f"An HTTPClient with an http.cookiejar, over the Agent of Twisted {version('twisted')}. "
    "No public suffix list.",
)


@implementer(IAgentEndpointFactory)
class Origins:
    """Every host, at one port: Twisted has no proxy for https."""

    def __init__(self, proxy, ca):
        self.port = urlsplit(proxy).port
        authority = ssl.Certificate.loadPEM(Path(ca).read_bytes())
        self.trust = ssl.trustRootFromCertificates([authority])

    def endpointForURI(self, uri):
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", self.port)
        if uri.scheme == b"https":
            options = ssl.optionsForClientTLS(uri.host.decode(), trustRoot=self.trust)
            endpoint = wrapClientTLS(options, endpoint)
        return endpoint


class Client:
    def __init__(self, proxy, ca, _profile):
        self.pool = HTTPConnectionPool(reactor)
        network = Agent.usingEndpointFactory(reactor, Origins(proxy, ca), self.pool)
        self.client = HTTPClient(network, cookiejar=CookieJar())

    def request(self, method, uri, headers, follow, cookies=None):
        exchange = self.exchange(method, uri, headers, follow, cookies)
        threads.blockingCallFromThread(reactor, lambda: ensureDeferred(exchange))

    async def exchange(self, method, uri, headers, follow, cookies):
        response = await self.client.request(
            method, uri, headers=headers, cookies=cookies, allow_redirects=follow > 0
        )
        await response.content()

    def close(self):
        threads.blockingCallFromThread(reactor, self.pool.closeCachedConnections)


REFUSALS = (
    Error,
    IDNAError,
    InfiniteRedirection,
    ResponseFailed,
    SchemeNotSupported,
    error.ConnectError,
    error.ConnectionClosed,
)

if __name__ == "__main__":
    Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True).start()
    sys.exit(serve(DESCRIPTION, agent(Client, REFUSALS)))
