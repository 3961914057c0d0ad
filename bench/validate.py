"""How long a cold `obsy validate` of the example takes, beside the mere import of the libraries it stands on."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench._answer import Figures, answer

ROOT = Path(__file__).resolve().parents[1]
TIMES = 15
BARE = [sys.executable, "-c", "import pydantic, ruamel.yaml"]
OURS = [str(Path(sys.executable).with_name("obsy")), "validate", "--no-cache"]
COLLECTING = [
    sys.executable, "-c",
    "import gc, sys; gc.disable = gc.freeze = lambda: None; sys.argv[1:] = ['validate', '--no-cache']; "
    "from obsy.__main__ import main; main()",
]  # fmt: skip
"""The same with the search for garbage, which `obsy/__main__.py` and `obsy/cli/uncollected.py` do without."""
SETTINGS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As on a user's machine: the first pair, which does not count, leaves bytecode for the others."""


def figures() -> Figures:
    """Medians of processes started in turn, so that what else the machine does falls on both."""
    rounds = [[_seconds(command) for command in (BARE, OURS, COLLECTING)] for _ in range(TIMES + 1)][1:]
    bare, ours, collecting = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {
        "import_s": bare,
        "validate_s": ours,
        "ratio": ours / bare,
        "at_most": 3,
        "collecting_over_ours": collecting / ours,
    }


def _seconds(command: list[str]) -> float:
    begin = time.monotonic()
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, env=SETTINGS)
    return time.monotonic() - begin


if __name__ == "__main__":
    answer("a cold `obsy validate`, as a multiple of importing pydantic and ruamel.yaml", figures())
