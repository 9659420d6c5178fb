"""Scrapy: the downloader of a crawler and its middlewares, on the network."""

import asyncio
import sys
from itertools import count
from threading import Event, Thread

import scrapy
from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.downloadermiddlewares import cookies
from scrapy.utils.defer import deferred_from_coro
from tldextract import TLDExtract
from twisted.internet.threads import blockingCallFromThread

from agent import agent
from protocol import describe, serve

# Public suffixes are those that come with the library; it would download newer ones.
cookies._split_domain = TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)

DESCRIPTION = describe(
    "scrapy",
    scrapy.__version__,
    "https://docs.scrapy.org/en/latest/topics/downloader-middleware.html",
    can=["navigate", "agent.clear", "public-suffix", "caller-cookies"],
    notes="The downloader with CookiesMiddleware, with the public suffix list that comes with "
    "tldextract. It does not verify certificates.",
)

SETTINGS = {
    "LOG_ENABLED": False,
    "RETRY_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
}


class Idle(scrapy.Spider):
    """A spider that asks for nothing, and stays."""

    name = "idle"
    opened = Event()
    closing = None

    async def start(self):
        # An iterator of no request.
        Idle.closing = asyncio.Event()
        Idle.opened.set()
        await Idle.closing.wait()
        return
        yield


class Client:
    stores = count()

    def __init__(self, crawler, proxy):
        self.crawler = crawler
        self.meta = {"proxy": proxy, "cookiejar": next(self.stores)}

    def request(self, method, uri, headers, follow, cookies=None):
        from twisted.internet import reactor

        # The last response is returned whatever its status.
        meta = {**self.meta, "handle_httpstatus_all": follow == 0, "redirect_ttl": follow}
        if follow > 0 or "@" in uri:
            # A request for a URI with user information never ends in a tunnel: Twisted raises an
            # error where nobody receives it.
            meta["download_timeout"] = 3
        request = scrapy.Request(uri, method=method, headers=headers, cookies=cookies, meta=meta)
        exchange = self.crawler.engine.download_async(request)
        blockingCallFromThread(reactor, lambda: deferred_from_coro(exchange))


REFUSALS = (
    TunnelError,
    exceptions.CannotResolveHostError,
    exceptions.DownloadConnectionRefusedError,
    exceptions.DownloadFailedError,
    exceptions.DownloadTimeoutError,
    exceptions.ResponseDataLossError,
    exceptions.UnsupportedURLSchemeError,
)


def main():
    """Crawls in this thread, because the reactor has to be in the main one, and serves in another."""
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(Idle)
    process.crawl(crawler)
    # It is chosen by the process, and must not be imported before that.
    from twisted.internet import reactor

    statuses = []

    def answer():
        Idle.opened.wait()
        new_client = lambda proxy, _ca, _profile: Client(crawler, proxy)
        statuses.append(serve(DESCRIPTION, agent(new_client, REFUSALS)))
        reactor.callFromThread(Idle.closing.set)

    Thread(target=answer, daemon=True).start()
    process.start()
    return statuses[0]


if __name__ == "__main__":
    sys.exit(main())
