"""Prints what is installed: one `package version` on a line, names in lower case."""

from importlib.metadata import distributions

for distribution in distributions():
    print(distribution.name.lower(), distribution.version)
