"""How long a clear simulated night takes, how many frames it reduces, and how much memory that needs."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from astropy.io import fits

from bench._answer import Figures, answer
from bench._memory import measure

ROOT = Path(__file__).resolve().parents[1]
NIGHT = "2026-11-21"
OBSY = (sys.executable, "-m", "obsy")


def kinds(archive: Path) -> Counter[str]:
    """How many frames of each kind the archive holds, by their own headers."""
    paths = [path for path in archive.rglob("*") if path.suffix in {".fits", ".fit"}]
    headers = (fits.getheader(path) for path in paths)
    return Counter(str(header.get("IMAGETYP", header.get("FRAME", "?"))).split()[0].lower() for header in headers)


def figures() -> Figures:
    """The figures of one night played as a person would, in a copy of the example."""
    with tempfile.TemporaryDirectory(prefix="obsy-bench-") as temporary:
        home = Path(temporary)
        for part in ("site", "plans", "library"):
            shutil.copytree(ROOT / part, home / part)
        apply = [*OBSY, "apply", "plans/", "--simulate", "--night", NIGHT, "--scenario", "clear"]
        run = measure(apply, home)
        status = subprocess.run([*OBSY, "status", "--json"], cwd=home, capture_output=True, text=True, check=True)
        goals = [goal for plan in json.loads(status.stdout)["plans"] for goal in plan["goals"]]
        taken = kinds(home / "data" / "simulated" / "archive")
    return {
        "wall_s": run.seconds,
        "lights": taken["light"],
        "calibration_frames": taken.total() - taken["light"],
        "accepted": sum(goal["accepted"] for goal in goals),
        "rejected": sum(goal["rejected"] for goal in goals),
        "s_per_frame": run.seconds / max(taken.total(), 1),
        "peak_mb": run.peak_mb,
        "processes": run.processes,
    }


if __name__ == "__main__":
    answer("a clear simulated night", figures())
