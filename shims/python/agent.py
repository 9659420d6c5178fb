"""What the shims of HTTP clients share: the operations by which a client is taken through a walk.

A client is a class. It is made with the URI of the proxy, the file of the certificate authority and
the folder of its profile, and has the method `request(method, uri, headers, follow)`, which returns
when the last response is there. Where its library has the means, it also has `restart()`, which ends
the session and begins the next one; `save(file)` and `load(file)` for its cookie store, of which the
second is asked of a new client; `clone()`, which returns a copy; and a parameter `cookies` of
`request`, for cookies of that request. `close()` is for one that has to be closed. `refusals` are the exceptions by which its HTTP layer refuses
a request or a response; whatever else it raises is a failure.
"""


def agent(new_client, refusals, redirects=0):
    """The operations of a client that follows so many redirects reliably."""
    running = {}
    # Those of which there is a copy.
    originals = []

    def start(asked):
        running["settings"] = (asked["proxy"], asked["ca"], asked["profile_dir"])
        begin()
        return {"redirects": redirects}

    def begin():
        for client in [running.pop("client", None), *originals]:
            if hasattr(client, "close"):
                client.close()
        originals.clear()
        running["client"] = new_client(*running["settings"])

    def clear(_asked):
        begin()
        return {}

    def navigate(asked):
        given = {"cookies": dict(asked["cookies"])} if "cookies" in asked else {}
        try:
            running["client"].request(
                asked["method"], asked["uri"], dict(asked["headers"]), asked["follow"], **given
            )
        except refusals as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        return {}

    def restart(_asked):
        running["client"].restart()
        return {}

    def save(asked):
        running["client"].save(asked["file"])
        return {}

    def load(asked):
        begin()
        running["client"].load(asked["file"])
        return {}

    def clone(_asked):
        copy = running["client"].clone()
        originals.append(running["client"])
        running["client"] = copy
        return {}

    operations = {"agent.start": start, "agent.clear": clear, "navigate": navigate}
    for means in (restart, save, load, clone):
        if hasattr(new_client, means.__name__):
            operations[f"agent.{means.__name__}"] = means
    return operations
