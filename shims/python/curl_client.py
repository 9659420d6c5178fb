"""curl, the program: one process for each navigation, with a cookie file between them."""

import os
import sys

from agent import agent
from program import Program, Refused, output, run
from protocol import describe, serve

ABOUT = output("curl", "--version").split()

DESCRIPTION = describe(
    "curl",
    ABOUT[1] if ABOUT else "",
    "https://curl.se/docs/manpage.html",
    can=["navigate", "agent.clear", "agent.restart", "agent.save", "agent.load", "caller-cookies"]
    + ["public-suffix"] * ("PSL" in ABOUT),
    notes="Within a navigation its cookies are in memory, between navigations in a file: --cookie "
    "and --cookie-jar.",
)
DESCRIPTION["impl"]["language"] = "c"


class Client(Program):
    # What the next process is told of the session.
    session = ()

    def request(self, method, uri, headers, follow, cookies=None):
        # The first option makes it read no configuration; the URI is taken as it is.
        command = ["curl", "--disable", "--silent", "--show-error", "--globoff", "--path-as-is"]
        command += ["--http1.1", "--noproxy", "", "--proxy", self.proxy, "--cacert", self.ca]
        command += ["--cookie", self.jar, "--cookie-jar", self.jar, *self.session]
        command += ["--output", os.devnull]
        if method == "HEAD":
            command.append("--head")
        elif method != "GET":
            command += ["--request", method]
        if follow:
            command += ["--location", "--max-redirs", str(follow)]
        if cookies:
            pairs = (f"{name}={value}" for name, value in cookies.items())
            command += ["--cookie", "; ".join(pairs)]
        for name, value in headers.items():
            command += ["--header", f"{name}: {value}"]
        self.session = ()
        run([*command, "--url", uri])

    def restart(self):
        self.session = ("--junk-session-cookies",)


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, Refused, redirects=20)))
