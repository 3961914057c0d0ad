"""How long `make night` takes on a fresh clone with nothing installed, and how much of it is the installing.

Long, and it fetches every library again: asked only as `python -m bench.install`, or by `python -m bench --long`.
It clones the last commit, not what is still uncommitted.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from bench._answer import Figures, answer

ROOT = Path(__file__).resolve().parents[1]
LONG = True


def figures() -> Figures:
    """Seconds for the clone, the installation with an empty cache, and the night."""
    with tempfile.TemporaryDirectory(prefix="obsy-install-") as temporary:
        clone = Path(temporary) / "obsy"
        cloning = _seconds(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], ROOT)
        installing = _seconds(["make", ".venv/installed"], clone)
        night = _seconds(["make", "night"], clone)
        size = sum(path.stat().st_size for path in (clone / ".venv").rglob("*") if path.is_file())
    return {
        "clone_s": cloning,
        "install_s": installing,
        "night_s": night,
        "all_s": cloning + installing + night,
        "venv_mb": size / 1024**2,
    }


def _seconds(command: list[str], folder: Path) -> float:
    begin = time.monotonic()
    alone = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    alone["PIP_NO_CACHE_DIR"] = "1"
    subprocess.run(command, cwd=folder, env=alone, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin


if __name__ == "__main__":
    answer("`make night` on a machine with nothing installed", figures())
