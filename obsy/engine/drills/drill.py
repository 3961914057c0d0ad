"""Plays a drill: the site is copied, an hour of its night is rehearsed, and whatever ends is begun again."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from signal import SIGKILL

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.folders import ROOMS
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.drills import EVERY, SHIPPED
from obsy.engine.drills.broken import AGAIN_S
from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.hour import TRACE, hour
from obsy.engine.drills.judge import judge
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import moment, read
from obsy.engine.runtime import simulated
from obsy.errors import UserError

WITHIN_S = 300.0
"""On the wall: a drill that takes longer has hung."""
STARTS = 6
"""So often a process is begun again, as by a service manager."""
ENDED = (0, 130)
HUNG = None
"""Instead of the exit code of what had to be ended."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of a drill."""

    name: str
    about: str
    roofs: tuple[Deeds, ...]
    starts: int
    said: str
    """The last that was said on stderr, where it never ended well."""
    hung: bool = False

    @property
    def passed(self) -> bool:
        """Whether it did not hang, and every roof was well: what ends badly under a closed roof passes."""
        return not self.hung and all(each.passed for each in self.roofs)


def drills(observatory: Observatory) -> dict[str, str]:
    """Return every drill by name with what it is about: those that ship, and the site's own scenarios."""
    shipped = {path.stem: path.read_text().partition("\n")[0].lstrip("# ") for path in sorted(SHIPPED.glob("*.yaml"))}
    own = {name: "a scenario of this site" for name in observatory.scenarios if name not in shipped}
    return shipped | own


def chosen(observatory: Observatory, names: tuple[str, ...]) -> list[str]:
    """Return the drills that are meant; without a name, or by `all`, those that ship. Raise UserError for no drill."""
    known = drills(observatory)
    for name in names:
        if name not in known and name != EVERY:
            mend = did_you_mean(name, known, f"name one of {', '.join(known)}")
            raise UserError(f"no drill is named '{name}': {mend}")
    shipped = [path.stem for path in sorted(SHIPPED.glob("*.yaml"))]
    return shipped if not names or EVERY in names else list(dict.fromkeys(names))


def longest_night(observatory: Observatory, year: int) -> date:
    """Return the evening of the site's longest night in a year: a drill needs two hours of darkness."""
    return date(year, 12, 21) if observatory.site.latitude >= 0 else date(year, 6, 21)


def drill(observatory: Observatory, name: str, day: date) -> Drilled:
    """Play one drill in a copy of the site."""
    with tempfile.TemporaryDirectory(prefix="obsy-drill-") as folder:
        root = Path(folder).resolve()
        _lay_out(observatory, root, name)
        data_root = DataRoot.of(root, observatory.site, simulated=True)
        begin, code, said, starts = None, HUNG, "", 0
        for starts in range(1, STARTS + 1):  # noqa: B007
            code, said = _play(root, observatory.site.name, name, day, begin)
            if code in ENDED:
                said = ""
            if code in (*ENDED, HUNG):
                break
            begin = _again(observatory, root, data_root, name, day)
        roofs = _judged(root, observatory, data_root, name, day)
        return Drilled(name, drills(observatory)[name], roofs, starts, said, code is HUNG)


def _lay_out(observatory: Observatory, root: Path, name: str) -> None:
    for room in ROOMS:
        if (observatory.root / room).is_dir():
            shutil.copytree(observatory.root / room, root / room)
    if (secrets := observatory.root / "secrets.yaml").exists():
        shutil.copy2(secrets, root)
    if name not in observatory.scenarios:
        (root / ROOMS[1]).mkdir(exist_ok=True)
        shutil.copy2(SHIPPED / f"{name}.yaml", root / ROOMS[1] / f"drill-{name}.yaml")


def _play(root: Path, site: str, name: str, day: date, begin: datetime | None) -> tuple[int | None, str]:
    """Return a run's exit code, or that it hung, and the last that it said."""
    asked = [str(root), site, name, day.isoformat(), *([begin.isoformat()] if begin else [])]
    command = [sys.executable, "-P", "-m", "obsy.engine.drills.hour", *asked]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        return HUNG, f"it took longer than {WITHIN_S:g} s"
    said = run.stderr.strip().splitlines()[-1:] or [f"it ended with {run.returncode}"]
    return run.returncode, "killed" if run.returncode == -SIGKILL else said[0]


def _again(observatory: Observatory, root: Path, data_root: DataRoot, name: str, day: date) -> datetime:
    """Return when a process that ended is begun again."""
    lines = (data_root.folder / TRACE).read_text().splitlines() if (data_root.folder / TRACE).exists() else []
    last_s, hardware = json.loads(lines[-1]) if lines else (hour(observatory, day).start.timestamp(), {"begun": {}})
    faults = declare(root, site=observatory.site.name).scenario(name).faults
    befell = {key: at_s for key, at_s in hardware["begun"].items() if key.startswith("befell ")}
    ended = max(befell, key=lambda key: befell[key], default="")
    fault = faults[int(ended.split()[1])] if ended and befell[ended] == last_s else None
    down_s = fault.lasts if fault is not None and fault.lasts is not None else AGAIN_S
    noted = [moment(entry["time"]).timestamp() for entry in read(data_root.journal(day))]
    return datetime.fromtimestamp(max([last_s, *noted]) + down_s, UTC) + timedelta(milliseconds=1)


def _judged(root: Path, observatory: Observatory, data_root: DataRoot, name: str, day: date) -> tuple[Deeds, ...]:
    played, night = declare(root, site=observatory.site.name), hour(observatory, day)
    parts = simulated.bare(played, DataRoot(root / "judged"), played.scenario(name), day)
    said = list(read(data_root.journal(day)))
    return tuple(judge(played, replace(parts, dusk=night.dusk), night, data_root.folder / TRACE, said))
