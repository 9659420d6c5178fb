"""The library under test behind the shim protocol. Replace what says "example"."""

from protocol import serve

DESCRIPTION = {
    "shim": "example/1",
    "impl": {"name": "example", "version": "0.1.0", "language": "python", "source": ""},
    # The operations and abilities it has; each operation needs a function below.
    "can": ["parse.set-cookie"],
    # Fields that cannot be observed, such as "same_site".
    "blind": [],
    "notes": "",
}


def parse_set_cookie(request):
    pair = request["set_cookie"].split(";")[0]
    name, equals, value = pair.partition("=")
    # A rejected cookie is None, which is a result and not an error.
    return {"cookie": {"name": name, "value": value} if equals else None}


serve(DESCRIPTION, {"parse.set-cookie": parse_set_cookie})
