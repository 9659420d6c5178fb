"""Prints what is installed: one `package version` on a line, names in lower case."""

import shutil
from importlib.metadata import distributions

installed = {distribution.name.lower(): distribution.version for distribution in distributions()}
# Without the clock that the shims stand on, this is not an environment that `shims/setup` made.
# What somebody else put into it may lack anything, and is in no version that we pinned.
if "time-machine" in installed:
    for name, version in installed.items():
        print(name, version)
    # Programs that have a shim here say their version themselves.
    for program in ("curl", "wget"):
        if shutil.which(program):
            print(program, "installed")
