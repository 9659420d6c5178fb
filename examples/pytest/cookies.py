"""The package under test: a parser of Set-Cookie fields."""

import re

CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


def parse(set_cookie):
    """The name and the value, or None where there is no cookie."""
    if CONTROL.search(set_cookie):
        return None
    pair = set_cookie.split(";")[0]
    # What has no "=" is a value without a name.
    name, value = pair.split("=", 1) if "=" in pair else ("", pair)
    name, value = name.strip(" \t"), value.strip(" \t")
    return (name, value) if name or value else None
