"""The shim protocol on stdin and stdout: one JSON object per line.

A shim calls `serve` with its description and one function per operation. A function takes the `in`
member of a request and returns the `ok` member of the answer. It raises `Unsupported` for what the
implementation lacks; any other exception is reported as `error`.

Strings that stand for octets have one code point U+0000..U+00FF per octet, which is how Python's
own HTTP modules hand header fields on.
"""

import json
import sys

PROTOCOL = 1
WINDOW = 64
BATCH = 256
# The protocol's integers stay below 2^53 on either side of zero.
MAX_INTEGER = 2**53 - 1

encode = json.JSONEncoder(separators=(",", ":")).encode


class Unsupported(Exception):
    """The implementation has no such operation or ability."""

    def __init__(self, need):
        super().__init__(need)
        self.need = need


def integer(number):
    """The nearest integer that the protocol can carry."""
    return max(-MAX_INTEGER, min(number, MAX_INTEGER))


def octets(text):
    """What a library reports, as the protocol carries it.

    Text beyond Latin-1 is what the library has decoded; it goes back to the UTF-8 it came from.
    """
    if isinstance(text, bytes):
        return text.decode("latin-1")
    try:
        text.encode("latin-1")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")


def describe(name, version, source, **members):
    """The answer to `hello`: who is put under test, and what it can do."""
    implementation = {"name": name, "version": version, "language": "python", "source": source}
    return {"shim": f"python-{name}/1", "impl": implementation, **members}


def serve(description, operations):
    """Answers requests until stdin ends or `bye` arrives."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # stdout carries the protocol only; what a library prints is a remark for the report.
    sys.stdout = sys.stderr

    dispatch = {"hello": lambda asked: hello(description, asked), "echo": echo, **operations}
    dispatch["batch"] = lambda asked: {"results": [answer(dispatch, r) for r in asked["cases"]]}

    unread = b""
    # Every request that has arrived is answered before the next read: one write for a window.
    while block := requests.read1(1 << 16):
        *lines, unread = (unread + block).split(b"\n")
        ready = []
        for line in lines:
            request = parse(line)
            if request is None or request["op"] == "bye":
                break
            ready.append(encode(answer(dispatch, request)) + "\n")
        answers.write("".join(ready).encode("ascii"))
        answers.flush()
        if len(ready) < len(lines):
            return 0 if request else 2
    return 0


def parse(line):
    """The request on a line; None, and a remark on stderr, where there is none to be answered."""
    try:
        request = json.loads(line)
        if type(request["id"]) is int and isinstance(request["op"], str):
            return request
    except (ValueError, TypeError, KeyError):
        pass
    print(f"not a request with `id` and `op`: {line[:200]!r}", file=sys.stderr)
    return None


def answer(dispatch, request):
    """The answer to one request."""
    reply = {"id": request["id"]} if "id" in request else {}
    try:
        operation = dispatch.get(request["op"])
        if operation is None:
            raise Unsupported(request["op"])
        reply["ok"] = operation(request.get("in"))
    except Unsupported as lacking:
        reply["unsupported"] = {"need": lacking.need}
    except Exception as error:
        reply["error"] = {"message": f"{type(error).__name__}: {error}"}
    return reply


def hello(description, asked):
    if PROTOCOL not in asked["protocol"]:
        raise Unsupported("protocol")
    return {"protocol": PROTOCOL, "window": WINDOW, "batch": BATCH, **description}


def echo(asked):
    return {"data": asked["data"]}
