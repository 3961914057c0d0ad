"""A small observatory that plays a night in seconds, and what a person can see of it afterwards."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.loaded import LoadedRun

NIGHT = "2026-11-21"
Entry = dict[str, Any]
Run = subprocess.Popen[str] | LoadedRun
DISK = re.compile(rb'"(?:changed_ns|inode)": \d+')
PATIENCE_S = 900
"""Only a night that hangs takes longer; how long one takes decides nothing else."""

SMALLER = {
    "site/newton.yaml": [("size: 1024 x 1024 px", "size: 256 x 256 px")],
    "library/calibration.yaml": [
        ("count: 15", "count: 3"),
        ("count: 9, max_age: 60 d", "count: 3, max_age: 60 d"),
        ("count: 9, exposure", "count: 3, exposure"),
    ],
    "site/policy.yaml": [("stars: at least 12", "stars: at least 5"), ("reserve: 2 %", "reserve: 0 %")],
}
PLANS = """\
kind: plan
name: early
target: SS Cyg
want: [{filter: [B, V], exposure: 60 s, count: 3}]
when: {altitude: above 40 deg}
pipeline: photometry
---
kind: plan
name: late
target: NGC 1342
priority: 3
want: [{filter: V, exposure: 60 s, count: 4}]
when: {airmass: below 1.6}
pipeline: photometry
"""
ALL_NIGHT = """\
kind: plan
name: long
target: {ra: 06h19m10.3s, dec: +73d49m39s}
want: [{filter: V, exposure: 600 s, count: 90}]
when: {altitude: above 25 deg}
pipeline: photometry
"""
EVENING = ALL_NIGHT.replace("06h19m10.3s", "19h40m00s").replace("+73d49m39s", "+40d00m00s")
"""Work from dusk until ten o'clock, when the target sets: a night costs as much as it is long."""
ALONE = """\
from functools import partial
from obsy.__main__ import main
from obsy.engine.runtime import apply as runtime
if __name__ == "__main__":
    runtime.ApplyOptions = partial(runtime.ApplyOptions, workers=WORKERS)
    main()
"""
"""`obsy` with one worker instead of two: to start the second takes longer than all that it does in a small night."""
PLAY = """\
import json, sys
from datetime import date
from pathlib import Path
from obsy.engine.declare.survey import declare
from obsy.engine.runtime.apply import ApplyOptions, apply
if __name__ == "__main__":
    root = Path.cwd()
    asked = ApplyOptions(root, date.fromisoformat(sys.argv[1]), sys.argv[2], **json.loads(sys.argv[3]))
    apply(declare(root, Path("plans")), asked, lambda entry: None)
"""


@dataclass
class Observatory:
    """A folder with everything declared, and the command line to play it."""

    root: Path
    runs: list[Run] = field(default_factory=list)
    workers: int = 1

    @property
    def data(self) -> Path:
        return self.root / "data" / "simulated"

    def declare(self, place: str, text: str) -> None:
        (self.root / place).write_text(text)

    def change(self, place: str, old: str, new: str) -> None:
        text = (self.root / place).read_text()
        assert old in text, f"{place} no longer says '{old}'"
        self.declare(place, text.replace(old, new))

    def scenario(self, name: str, body: str) -> None:
        self.declare(f"library/scenarios/{name}.yaml", f"kind: scenario\nname: {name}\nseed: 7\n{body}")

    def begin(self, scenario: str = "clear", night: str = NIGHT) -> LoadedRun:
        """`obsy apply` as a process of its own, with so many workers."""
        alone = ALONE.replace("WORKERS", f"{self.workers}")
        return self._begin(alone, "apply", "plans", "--simulate", "--night", night, "--scenario", scenario)

    def start_playing(self, scenario: str = "clear", **asked: object) -> LoadedRun:
        """A night asked for from Python, where more can be asked than on the command line."""
        return self._begin(PLAY, NIGHT, scenario, json.dumps({"workers": 1} | asked))

    def play(self, scenario: str = "clear", **asked: object) -> tuple[int, str]:
        said, complained = (run := self.start_playing(scenario, **asked)).communicate(timeout=PATIENCE_S)
        return run.returncode, said + complained

    def _begin(self, program: str, *arguments: str) -> LoadedRun:
        run = LoadedRun(program, arguments, self.root)
        self.runs.append(run)
        return run

    def _run(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of obsy that a person begins; it hears ^C, also where the tests were begun to ignore it."""
        run = subprocess.Popen(
            ["env", "--default-signal=INT,HUP", sys.executable, "-W", "error", *arguments],
            cwd=self.root,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.runs.append(run)
        return run

    def apply(self, scenario: str = "clear", night: str = NIGHT) -> tuple[int, str]:
        """The exit code, and everything that was said."""
        said, complained = (run := self.begin(scenario, night)).communicate(timeout=PATIENCE_S)
        return run.returncode, said + complained

    def obsy(self, *arguments: str) -> tuple[int, str]:
        """Any other verb: its exit code, and everything that was said."""
        said, complained = (run := self._run("-m", "obsy", *arguments)).communicate(timeout=PATIENCE_S)
        return run.returncode, said + complained

    def journal(self, night: str = NIGHT) -> list[Entry]:
        path = self.data / "journal" / f"{night}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def journal_lines(self, night: str = NIGHT) -> list[str]:
        """Its whole lines, also while it is being written."""
        path = self.data / "journal" / f"{night}.jsonl"
        return path.read_text().split("\n")[:-1] if path.exists() else []

    def events(self, *names: str) -> list[Entry]:
        return [entry for entry in self.journal() if entry["event"] in names]

    def world(self) -> dict[str, Any]:
        """What the simulated hardware truly is."""
        return json.loads((self.data / "world.json").read_text())

    def roof(self) -> dict[str, Any]:
        """How the only roof truly stands."""
        (roof,) = self.world()["roofs"].values()
        return roof

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.data / 'store.sqlite'}?mode=ro", uri=True)) as store:
            return store.execute(query).fetchall()

    def store(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, without what tells one machine's files and days from another's."""
        found = {}
        for (table,) in self.rows("SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'obsy%'"):
            columns = [name for _, name, *_ in self.rows(f'PRAGMA table_info("{table}")')]
            kept = ", ".join(f'"{name}"' for name in columns if name not in {"id", "inode", "changed_ns"})
            rows = self.rows(f'SELECT {kept} FROM "{table}"')
            found[table] = sorted(rows, key=repr)
        return found

    def everything(self) -> dict[str, bytes]:
        """Every file under data/ but the lock and the store, whose rows `store` has.

        A sidecar says when its file was written by this machine's clock, and where on its disk: that is left out.
        """
        files = (path for path in sorted(self.data.rglob("*")) if path.is_file())
        kept = (path for path in files if path.name != "lock" and not path.name.startswith("store.sqlite"))
        return {str(p.relative_to(self.data)): DISK.sub(b"", p.read_bytes()) for p in kept}

    def frames(self) -> Counter[tuple[str, str]]:
        """Accepted lights by plan and goal, as the store has them."""
        lights = "FROM obsy_frame WHERE kind='light' AND accepted=1"
        found = self.rows(f"SELECT plan, goal, count(*) {lights} GROUP BY plan, goal")
        return Counter({(plan, goal): count for plan, goal, count in found})

    def files(self) -> dict[str, bytes]:
        """Every file that is kept, without reports and the store's own journal."""
        kept = ("archive", "masters", "products", "stacks", "journal", "quarantine", "incoming")
        return {
            str(p.relative_to(self.data)): p.read_bytes()
            for k in kept
            for p in sorted((self.data / k).rglob("*"))
            if p.is_file()
        }


def small(root: Path, into: Path) -> Observatory:
    """The example with a small camera, few calibration frames and two short plans."""
    for folder in ("site", "library"):
        shutil.copytree(root / folder, into / folder)
    (into / "plans").mkdir()
    made = Observatory(into)
    for place, changes in SMALLER.items():
        for old, new in changes:
            made.change(place, old, new)
    made.declare("plans/small.yaml", PLANS)
    return made


def workers_below(folder: Path) -> list[psutil.Process]:
    """Processes whose working directory is the observatory: its runs and their workers."""
    found = []
    for process in psutil.process_iter():
        try:
            if (
                process.pid != os.getpid()
                and Path(process.cwd()) == folder
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def assert_the_roof_moves_over_a_parked_mount_only(night: Observatory) -> None:
    """By the journal, and by the hardware itself."""
    parked = True
    for entry in night.journal():
        if entry["event"] in ("mount-parked", "mount-unparked"):
            parked = entry["event"] == "mount-parked"
        assert parked or entry["event"] not in ("roof-opening", "roof-closing"), entry
        assert not parked or entry["event"] != "slewed", entry
    assert night.world()["collisions"] == []
    assert night.world()["refusals"] == []


def assert_nothing_is_lost(night: Observatory) -> None:
    """Each delivered frame has one verdict, and is in the archive once."""
    taken = [entry["frame"] for entry in night.events("frame-taken", "frame-recovered")]
    judged = [entry["frame"] for entry in night.events("frame-accepted", "frame-rejected")]
    assert sorted(taken) == sorted(set(taken))
    assert sorted(taken) == sorted(judged)
    archived = [name for name in night.files() if name.startswith("archive/") and name.endswith(".fits")]
    stamps = [name.rsplit("_", 2)[-2] for name in archived]
    assert len(archived) == len(taken), sorted(stamps)


def assert_the_store_tells_the_truth(night: Observatory) -> None:
    """Every frame and product it lists is a file with those very bytes, and no other file lies beside them."""
    known = dict(night.rows("SELECT path, sha256 FROM obsy_frame UNION ALL SELECT path, sha256 FROM obsy_product"))
    for path, sha256 in known.items():
        assert hashlib.sha256((night.data / path).read_bytes()).hexdigest() == sha256, path
    rooms = ("archive/", "masters/", "products/")
    there = {name for name in night.everything() if name.startswith(rooms) and name.endswith(".fits")}
    assert there == {path for path in known if path.endswith(".fits")}


def assert_every_accepted_light_is_calibrated_once(night: Observatory) -> None:
    """By what the store says of products, whose first parent is the frame itself."""
    accepted = [sha256 for (sha256,) in night.rows("SELECT sha256 FROM obsy_frame WHERE kind='light' AND accepted=1")]
    made = night.rows("SELECT frame, parents FROM obsy_product WHERE kind='calibrated'")
    assert all(json.loads(parents)[0] == frame for frame, parents in made)
    assert sorted(frame for frame, _ in made if frame in accepted) == sorted(accepted)


@pytest.fixture
def observatory(root: Path, tmp_path: Path) -> Iterator[Observatory]:
    made = small(root, tmp_path)
    yield made
    for run in made.runs:
        if run.poll() is None:
            run.kill()
            run.communicate()


class Scenarios:
    """What tests of whole nights share."""

    Observatory = Observatory
    small = staticmethod(small)
    workers_below = staticmethod(workers_below)
    assert_nothing_is_lost = staticmethod(assert_nothing_is_lost)
    assert_the_store_tells_the_truth = staticmethod(assert_the_store_tells_the_truth)
    assert_every_accepted_light_is_calibrated_once = staticmethod(assert_every_accepted_light_is_calibrated_once)
    assert_the_roof_moves_over_a_parked_mount_only = staticmethod(assert_the_roof_moves_over_a_parked_mount_only)

    @staticmethod
    def long_night(root: Path, into: Path, scenario: str) -> Observatory:
        """A night with work from dusk to dawn, played in this scenario."""
        made = small(root, into)
        made.declare("plans/small.yaml", ALL_NIGHT)
        code, said = made.apply(scenario)
        assert code == 0, said
        return made


def played_once(
    root: Path, factory: pytest.TempPathFactory, name: str, play: Callable[[Observatory], tuple[int, str]]
) -> Path:
    """The folder of a night that one process of this run has played; the others wait for it, and nobody changes it."""
    top = factory.getbasetemp()
    whole = top / f"{name}-whole"
    with (top / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            code, said = play(made := small(root, top / f"{name}-{os.getpid()}"))
            assert code == 0, said
            made.root.rename(whole)
    return whole


def copied(night: Path, into: Path) -> Observatory:
    """A night that was played, to go on with."""
    return Observatory(shutil.copytree(night, into / "copy"))


@pytest.fixture(scope="session")
def scenarios() -> type[Scenarios]:
    return Scenarios


@pytest.fixture
def evening(observatory: Observatory) -> Observatory:
    """With one plan that keeps the camera busy from dusk until ten o'clock."""
    observatory.declare("plans/small.yaml", EVENING)
    return observatory


@pytest.fixture(scope="session")
def clear_night(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Observatory:
    """A clear night that was played once, as a person plays it, for tests that only look at it."""

    def play(made: Observatory) -> tuple[int, str]:
        return made.obsy("apply", "plans", "--simulate", "--night", NIGHT)

    return copied(played_once(root, tmp_path_factory, "clear", play), tmp_path_factory.mktemp("clear"))


@pytest.fixture(scope="session")
def stormy_night(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Observatory:
    """A night from dusk to dawn that was never safe, played once, for tests that only look at it."""

    def play(made: Observatory) -> tuple[int, str]:
        made.scenario("storm", "start: {wind: 70 km/h}")
        return made.apply("storm")

    return copied(played_once(root, tmp_path_factory, "storm", play), tmp_path_factory.mktemp("storm"))


@pytest.fixture
def after_the_storm(stormy_night: Observatory, tmp_path: Path) -> Observatory:
    """A copy of it, to go on with."""
    return copied(stormy_night.root, tmp_path)
