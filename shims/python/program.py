"""What the shims of clients that are programs share: one process for each navigation."""

import os
import shutil
import subprocess
import sys


class Refused(Exception):
    """The program exited with another status than 0."""


class Program:
    """A client that keeps its cookies in a file between its processes."""

    def __init__(self, proxy, ca, profile):
        self.proxy, self.ca, self.profile = proxy, ca, profile
        self.jar = os.path.join(profile, "cookies")
        if self.has_jar():
            os.remove(self.jar)

    def save(self, file):
        """The file is what the program wrote at the end of the last process; it writes none
        where there are no cookies."""
        shutil.copyfile(self.jar if self.has_jar() else os.devnull, file)

    def load(self, file):
        shutil.copyfile(file, self.jar)

    def has_jar(self):
        return os.path.exists(self.jar)


def output(*command):
    """What a program prints, or nothing where it is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def run(command, environment=()):
    """Runs a program without input, and without what the user has set up for it."""
    result = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", **dict(environment)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    said = result.stderr.decode("utf-8", "replace").strip()
    if result.returncode < 0:
        # It was ended by a signal; so is this process, so that it shows.
        print(f"{command[0]} ended by signal {-result.returncode}: {said}", file=sys.stderr)
        sys.stderr.flush()
        os.abort()
    if result.returncode:
        raise Refused(f"exit status {result.returncode}: {said}")
