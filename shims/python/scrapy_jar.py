"""Scrapy: its `CookiesMiddleware`, through which all requests and responses pass."""

import http.cookiejar
import sys

import scrapy
import scrapy.http.cookies
from scrapy.downloadermiddlewares import cookies
from scrapy.http import Request, Response
from tldextract import TLDExtract

from protocol import describe, octets, serve
from store import HIDDEN, Clock, jar, request, stored

# Public suffixes are those that come with the library; it would download newer ones.
cookies._split_domain = TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)

DESCRIPTION = describe(
    "scrapy",
    scrapy.__version__,
    "https://docs.scrapy.org/en/latest/topics/downloader-middleware.html",
    can=["jar", "clock", "dump", "secure"],
    blind=HIDDEN,
    notes="CookiesMiddleware, with the public suffix list that comes with tldextract.",
)


class Store:
    def __init__(self):
        self.middleware = cookies.CookiesMiddleware()

    def receive(self, uri, set_cookie):
        asking = request(Request, uri)
        fields = {"Set-Cookie": [line.encode("latin-1") for line in set_cookie]}
        self.middleware.process_response(asking, Response(asking.url, headers=fields))

    def send(self, uri):
        sending = request(Request, uri)
        self.middleware.process_request(sending)
        header = sending.headers.get("Cookie")
        return header and octets(header)

    def dump(self):
        return [stored(cookie) for cookie in self.middleware.jars[None]]


if __name__ == "__main__":
    clock = Clock(http.cookiejar, scrapy.http.cookies)
    sys.exit(serve(DESCRIPTION, {"jar": jar(Store, clock)}))
