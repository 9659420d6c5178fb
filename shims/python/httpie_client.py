"""HTTPie, the program, in this process: one command for each navigation, with a session between them."""

import io
import os
import shutil
import sys

import httpie
from httpie.context import Environment
from httpie.core import main
from httpie.status import ExitStatus

from agent import agent
from protocol import describe, serve

DESCRIPTION = describe(
    "httpie",
    httpie.__version__,
    "https://httpie.io/docs/cli/sessions",
    can=["navigate", "agent.clear", "agent.save", "agent.load"],
    notes="With a named session: its cookies are written to a file after each navigation.",
)


class Refused(Exception):
    """The command ended with another status than success."""


class Client:
    def __init__(self, proxy, ca, profile):
        # Each command would read all authorities of the system first, which takes longest.
        os.environ["SSL_CERT_FILE"] = ca
        self.profile = profile
        self.session = os.path.join(profile, "session.json")
        self.network = [f"--proxy=http:{proxy}", f"--proxy=https:{proxy}", f"--verify={ca}"]
        if os.path.exists(self.session):
            os.remove(self.session)

    def request(self, method, uri, headers, follow):
        command = ["http", "--ignore-stdin", "--path-as-is", f"--session={self.session}"]
        command += [*self.network, "--print=h"]
        if follow:
            # It counts the first request as well.
            command += ["--follow", f"--max-redirects={follow + 1}"]
        fields = [f"{name}:{value}" for name, value in headers.items()]
        with open(os.devnull, "w", encoding="utf-8") as ignored:
            said = io.StringIO()
            environment = Environment(
                config_dir=self.profile, stdin=None, stdout=ignored, stderr=said
            )
            status = main([*command, method, uri, *fields], environment)
        if status != ExitStatus.SUCCESS:
            raise Refused(f"exit status {int(status)}: {said.getvalue().strip()}")

    def save(self, file):
        shutil.copyfile(self.session, file)

    def load(self, file):
        shutil.copyfile(file, self.session)


if __name__ == "__main__":
    sys.exit(serve(DESCRIPTION, agent(Client, Refused, redirects=20)))
