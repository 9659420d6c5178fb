"""Django: `parse_cookie`, which fills `request.COOKIES`, and `HttpResponse.set_cookie`."""

import sys

import django
from django.conf import settings
from django.http import HttpResponse, parse_cookie

from protocol import describe, serve
from server import reads, writes

DESCRIPTION = describe(
    "django",
    django.__version__,
    "https://docs.djangoproject.com/en/stable/ref/request-response/",
    can=["parse.cookie", "format.set-cookie"],
    blind=["duplicates"],
    notes="A Max-Age brings an Expires with it, and an Expires a Max-Age.",
)


def write(name, value, *, path=None, **attributes):
    response = HttpResponse()
    response.set_cookie(name, value, path=path, **attributes)
    return response.cookies[name].OutputString()


if __name__ == "__main__":
    settings.configure()
    operations = {
        "parse.cookie": reads(lambda line: parse_cookie(line).items()),
        "format.set-cookie": writes(write, partitioned=False),
    }
    sys.exit(serve(DESCRIPTION, operations))
