"""The package behind the shim protocol."""

import json
import sys

import cookies

HELLO = {
    "protocol": 1,
    "shim": "example/1",
    "impl": {"name": "cookies", "version": "1.0", "language": "python"},
    "can": ["parse.set-cookie"],
    # The package reports a name and a value and nothing else.
    "blind": ["domain", "path", "expires", "max_age", "secure", "http_only", "same_site", "partitioned"],
    "claims": "rfc6265bis",
    "window": 64,
}


def parse_set_cookie(asked):
    parsed = cookies.parse(asked["set_cookie"])
    return {"cookie": parsed and {"name": parsed[0], "value": parsed[1]}}


OPERATIONS = {
    "hello": lambda _: HELLO,
    "echo": lambda asked: asked,
    "parse.set-cookie": parse_set_cookie,
}

for line in sys.stdin.buffer:
    request = json.loads(line)
    if request["op"] == "bye":
        break
    answer = {"id": request["id"]}
    try:
        if request["op"] in OPERATIONS:
            answer["ok"] = OPERATIONS[request["op"]](request["in"])
        else:
            answer["unsupported"] = {"need": request["op"]}
    except Exception as error:
        answer["error"] = {"message": repr(error)}
    print(json.dumps(answer), flush=True)
