"""What the shims of HTTP clients share: the operations by which a client is taken through a walk.

A client is a class. It is made with the URI of the proxy, the file of the certificate authority and
the folder of its profile, and has the method `request(method, uri, headers, follow)`, which returns
when the last response is there; `close()` where it has to be closed, and `restart()` where it can
end its session and begin the next one. `refusals` are the exceptions by which its HTTP layer refuses
a request or a response; whatever else it raises is a failure.
"""

from protocol import Unsupported


def agent(new_client, refusals, redirects=0):
    """The operations of a client that follows so many redirects reliably."""
    running = {}

    def start(asked):
        running["settings"] = (asked["proxy"], asked["ca"], asked["profile_dir"])
        begin()
        return {"redirects": redirects}

    def begin():
        client = running.pop("client", None)
        if hasattr(client, "close"):
            client.close()
        running["client"] = new_client(*running["settings"])

    def clear(_asked):
        begin()
        return {}

    def navigate(asked):
        try:
            running["client"].request(
                asked["method"], asked["uri"], dict(asked["headers"]), asked["follow"]
            )
        except refusals as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        return {}

    def restart(_asked):
        if not hasattr(new_client, "restart"):
            raise Unsupported("agent.restart")
        running["client"].restart()
        return {}

    return {
        "agent.start": start,
        "agent.clear": clear,
        "agent.restart": restart,
        "navigate": navigate,
    }
