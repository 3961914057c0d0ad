"""A processing killed again and again in the middle of its work: every frame is kept, once, and stacked in the end."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.frames.copy import STAGING
from obsy.engine.processing.rebuild import rebuild
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.store.record import State
from obsy.engine.store.store import Store

FRAMES, KILLS = 15, 10

DARKROOM = '''
"""For each number that it is told: a process that takes all that is in `incoming`, or kills itself when it has touched
so many files. Each is a fork of one that has loaded everything, for to load takes longer than all the rest.
"""
import hashlib, os, signal, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from obsy.engine.frames.watch import Watch
from obsy.engine.processing.processing import Processing
from obsy.engine.processing.rules import Credit, Crew, ProcessingRules, TrainRules
from obsy.engine.reduce.orders import LightResult, Measures, Optics, ProductFile
from obsy.engine.store.store import Store
from obsy.schemas.calibration import Calibration
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.policy import Retention

root, last = Path(sys.argv[1]), 0
count = {"bias": {"count": 3, "max_age": "30 d"}, "dark": {"count": 3, "max_age": "30 d"}}
flat = {"count": 3, "exposure": "2 s", "max_age": "30 d"}
calibration = Calibration.model_validate({"kind": "calibration", "name": "c", "train": "t", "flat": flat} | count)
pipeline = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "align"}, {"step": "stack"}]})
touched, shelf = 0, threading.Lock()


def perhaps_die(event, arguments):
    global touched
    if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir"} and str(root) in str(arguments[0]):
        touched += 1
        if touched == last:
            os.kill(os.getpid(), signal.SIGKILL)


def reduce_light(order):
    time.sleep(0.01)
    order.aligned.parent.mkdir(parents=True, exist_ok=True)
    order.aligned.write_bytes(content := order.source.read_bytes())
    made = (ProductFile("aligned", order.aligned, hashlib.sha256(content).hexdigest()),)
    return LightResult("", "", Measures(stars=100), made)


def add_live(order):
    """Like the real one: what is in already is not added again."""
    with shelf:
        order.stack.parent.mkdir(parents=True, exist_ok=True)
        names = order.stack.read_text().split() if order.stack.exists() else []
        if order.sha256 not in names:
            (part := order.stack.with_suffix(".part")).write_text(" ".join([*names, order.sha256]))
            part.replace(order.stack)


rules = ProcessingRules(
    site="home",
    train_of=lambda frame: "main",
    night_of=lambda moment: (moment - timedelta(hours=12)).date(),
    credit=lambda frame: Credit(frame.object, f"{frame.filter}-180s", pipeline, None, None),
    trains={"main": TrainRules(calibration, Optics(1.5, 1.0, 1.5, 60000.0), (48, 64), {})},
    retention=Retention(reserve="0 %"),
)


def live():
    store = Store(root / "store.sqlite")
    processing = Processing(Crew(store, rules, ThreadPoolExecutor(2), reduce_light=reduce_light, add_live=add_live))
    watch = Watch(root / "incoming", processing.found, scan_s=0.05)
    sys.addaudithook(perhaps_die)
    print(f"begun {os.getpid()}", flush=True)
    processing.start()
    watch.start()
    for _ in range(1200):
        if not any((root / "incoming").iterdir()) and not store.open_frames():
            break
        time.sleep(0.05)
    watch.stop()
    processing.close()
    print("done", flush=True)


for line in sys.stdin:
    last = int(line)
    if (child := os.fork()) == 0:
        live()
        os._exit(0)
    print("ended", os.waitpid(child, 0)[1], flush=True)
'''


def write_frame(folder: Path, number: int) -> str:
    """The hash of a small light, written as a camera does."""
    cards = {
        "SIMPLE": "T",
        "BITPIX": 16,
        "NAXIS": 2,
        "NAXIS1": 64,
        "NAXIS2": 48,
        "IMAGETYP": "'Light   '",
        "OBJECT": "'m31     '",
        "FILTER": "'L       '",
        "EXPTIME": 180.0,
        "INSTRUME": "'cam     '",
        "OBSYSITE": "'home    '",
        "DATE-OBS": f"'2026-11-21T20:{number:02d}:00'",
    }
    head = b"".join(f"{key:<8}= {value!s:>20}".ljust(80).encode() for key, value in cards.items()) + b"END".ljust(80)
    content = head + b" " * (-len(head) % 2880) + random.Random(number).randbytes(6144) + b"\0" * 2496
    (folder / f"light_{number:03d}.fits").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "incoming").mkdir()
    return tmp_path


Run = Callable[..., list[str]]


@pytest.fixture
def run(root: Path) -> Iterator[Run]:
    """A process that is killed at its own `last` touch of a file, or after so long; what it said before."""
    command = [sys.executable, "-c", DARKROOM, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None

        def run(last: int = 0, alive_s: float | None = None) -> list[str]:
            forks.stdin.write(f"{last}\n")
            forks.stdin.flush()
            said = [forks.stdout.readline()]
            if alive_s is not None:
                time.sleep(alive_s)
                with suppress(ProcessLookupError):
                    os.kill(int(said[0].split()[1]), signal.SIGKILL)
            while not said[-1].startswith("ended"):
                assert said[-1], "whoever forks has ended, too"
                said.append(forks.stdout.readline())
            return said

        yield run
        forks.stdin.close()


def assert_nothing_is_lost(root: Path, expected: set[str], whole: bool) -> None:
    """Each frame is in the archive once or still in `incoming`; in the store once at most."""
    archived = [path for path in (root / "archive").rglob("*.fits") if STAGING not in path.parts]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in archived]
    waiting = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (root / "incoming").iterdir()}
    with Store(root / "store.sqlite") as store:
        frames = store.frames()
    known = [frame.sha256 for frame in frames]
    assert len(hashes) == len(set(hashes))
    assert set(hashes) | waiting == expected
    assert set(known) <= set(hashes)
    assert expected - waiting <= set(known)
    if whole:
        assert sorted(hashes) == sorted(known) == sorted(expected)
        assert {(frame.accepted, frame.state, frame.pending) for frame in frames} == {(True, State.STACKED, False)}
        (growing,) = (root / "stacks").rglob("*_live.fits")
        assert sorted(growing.read_text().split()) == sorted(expected)
        assert list((root / "archive" / STAGING).iterdir()) == []


def assert_rebuilt(root: Path) -> None:
    """What was killed so often can be made again from its files alone, to the last row."""

    def no_rule(_: object) -> Any:
        raise AssertionError("every frame has its sidecar")

    with Store(root / "store.sqlite") as old, Store(root / "again.sqlite") as new:
        assert rebuild(new, ProcessingRules("home", no_rule, no_rule, no_rule, {})).amiss == ()
        assert new.frames() == old.frames()
        assert new.products() == old.products()
        assert sorted(map(repr, new.arrivals())) == sorted(map(repr, old.arrivals()))


@pytest.mark.slow
def test_processing_killed_at_any_moment_loses_nothing_and_takes_nothing_twice(root: Path, run: Run) -> None:
    chance = random.Random(20261121)
    expected: set[str] = set()
    for kill in range(KILLS):
        new = range(FRAMES * kill // KILLS, FRAMES * (kill + 1) // KILLS)
        expected |= {write_frame(root / "incoming", number) for number in new}
        if kill % 3:
            said = run(last=chance.randrange(12, 60))
        else:
            said = run(alive_s=chance.uniform(0.0, 0.15))
        assert said[0].startswith("begun")
        assert_nothing_is_lost(root, expected, whole=False)
    assert run()[-2:] == ["done\n", "ended 0\n"]
    assert_rebuilt(root)
    assert_nothing_is_lost(root, expected, whole=True)
