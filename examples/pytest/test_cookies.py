"""One test for each case of the suite: python3 -m pytest examples/pytest"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
COOKIESPEC = os.environ.get("COOKIESPEC", "cookiespec")
# Deviations that are intended or not fixed yet, with the reason.
KNOWN = {
    "set-cookie.size.*": "the package has no limits",
}


def suite():
    """Every case that could be run on the package, with its verdict and the details."""
    command = [COOKIESPEC, "run", "--format", "json", "--area", "set-cookie.pair", "--area", "set-cookie.size"]
    ran = subprocess.run([*command, "--", sys.executable, HERE / "shim.py"], capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        raise RuntimeError(f"cookiespec ended with {ran.returncode}: {ran.stderr}{ran.stdout[-2000:]}")
    document = json.loads(ran.stdout)
    assert document["end"], "the document was cut short"
    return document["targets"][0]["sheets"][0]["cases"]


def known(case):
    return next((why for glob, why in KNOWN.items() if pathlib.PurePath(case).match(glob)), None)


def parameter(case):
    why = known(case["id"])
    marks = [pytest.mark.xfail(reason=why, strict=False)] if why else []
    return pytest.param(case, id=case["id"], marks=marks)


@pytest.mark.parametrize("case", map(parameter, suite()))
def test_case(case):
    if case["verdict"] in ("n/a", "unsupported", "blocked"):
        pytest.skip(case.get("note") or case["verdict"])
    assert case["verdict"] in ("pass", "info", "weak"), json.dumps(case, indent=1)
