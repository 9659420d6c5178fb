"""GNU Wget, the program: one process for each navigation, with a cookie file between them."""

import os
import sys

from agent import agent
from program import Program, Refused, output, run
from protocol import describe, serve

ABOUT = output("wget", "--version").split()

DESCRIPTION = describe(
    "wget",
    ABOUT[2] if ABOUT else "",
    "https://www.gnu.org/software/wget/manual/wget.html",
    can=["navigate", "agent.clear", "agent.save", "agent.load"]
    + ["public-suffix"] * ("+psl" in ABOUT),
    notes="Within a navigation its cookies are in memory, between navigations in a file: "
    "--load-cookies, --save-cookies and --keep-session-cookies.",
)
DESCRIPTION["impl"]["language"] = "c"


class Client(Program):
    def request(self, method, uri, headers, follow):
        command = ["wget", "--no-config", "--no-hsts", "--no-verbose", "--tries=1"]
        command += [f"--ca-certificate={self.ca}", f"--output-document={os.devnull}"]
        command += [f"--save-cookies={self.jar}", "--keep-session-cookies"]
        if self.has_jar():
            command.append(f"--load-cookies={self.jar}")
        command += [f"--method={method}", f"--max-redirect={follow}"]
        command += [f"--header={name}: {value}" for name, value in headers.items()]
        proxies = {"http_proxy": self.proxy, "https_proxy": self.proxy}
        run([*command, "--", uri], {"HOME": self.profile, **proxies})


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, Refused, redirects=20)))
