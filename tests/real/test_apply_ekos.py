"""`obsy apply --runner ekos`, the whole way: KStars takes the frames; obsy opens, credits, parks, closes, reports."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.ekos.scheduler import CAPTURING
from obsy.engine.runtime.guard.wire import greeting, guard_of
from tests.support.midnight import LATITUDE_DEG, write_observatory
from tests.support.own_kstars import OwnKStars, own_kstars
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow(minutes=5)]

HERE = Path(__file__).parent
FRAMES = 2
"""So many of the attached night's three are taken before KStars is killed."""
NOTICED_S = 10.0
"""A KStars that is killed is known to be gone within this time."""


def command(root: Path, *words: str, bus: str | None = None) -> "subprocess.Popen[str]":
    """A verb that prints for a machine. bus: where the KStars is that somebody runs."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    session = {} if bus is None else {"DBUS_SESSION_BUS_ADDRESS": bus}
    return subprocess.Popen(
        [sys.executable, "-m", "obsy", *words, "--json"],
        cwd=root,
        env={**os.environ, "PATH": path, **session},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def obsy(root: Path, *words: str) -> Any:
    """What a verb prints with --json."""
    done = command(root, *words)
    told, said = done.communicate(timeout=480)
    assert done.returncode == 0, said
    return json.loads(told)


@dataclass
class Attached:
    """What was seen of a night with a KStars that somebody runs."""

    root: Path
    refused: str = ""
    """What was said without the word that its list is empty."""
    stopped_s: float = 0.0
    """How long after obsy was killed EKOS stood still, without a job of ours."""
    killed: datetime | None = None
    """When KStars was."""
    left: dict[str, Any] = field(default_factory=dict)
    """What EKOS had and did then."""
    ran: bool = False
    """Whether KStars still ran then."""
    profiles: list[list[Any]] = field(default_factory=list)
    """What KStars keeps of profiles, before and after."""


def begin(root: Path) -> Path:
    root.mkdir()
    write_observatory(root, datetime.now(UTC))
    return root


def play_attached(root: Path) -> Attached:
    """A night for which KStars is not there in time, in which obsy is killed as EKOS exposes, and KStars at last."""
    site, plan = begin(root) / "site" / "all.yaml", root / "plans" / "zenith.yaml"
    longitude_deg = float(re.search(r"longitude: (\S+) deg", site.read_text())[1])
    with own_kstars(root.with_name("owner"), LATITUDE_DEG, longitude_deg) as own:
        there = f"servers: [{{name: pier, indi: 'localhost:{own.port}'}}]\n---"
        site.write_text(site.read_text().replace("---", there, 1))
        plan.write_text(plan.read_text().replace("exposure: 2 s, count: 2", "exposure: 5 s, count: 3"))
        seen, bus = Attached(root), own.environment["DBUS_SESSION_BUS_ADDRESS"]
        words = ("apply", "plans/", "--runner", "ekos", "--attach")
        seen.profiles.append(own.profiles())
        seen.refused = command(root, *words, bus=bus).communicate(timeout=120)[1]
        with going_on(command(root, *words, "--list-is-empty", bus=bus)) as night:
            until(root, night, lambda told: "night-started" in told)
            own.kill()
            until(root, night, lambda told: "executor-missing" in told)
            own.start()
            own.start_profile()
            exposing(own, night)
        killed_s = time.monotonic()
        wait_until(lambda: own.told().get("scheduler") == 0 and own.told().get("sequence") == 0, 60.0, 0.1)
        seen.stopped_s = time.monotonic() - killed_s
        seen.left, seen.ran = own.told(), own.runs
        seen.profiles.append(own.profiles())
        with going_on(command(root, *words, "--list-is-empty", bus=bus)) as night:
            until(root, night, lambda told: told.count("frame-taken") == FRAMES)
            exposing(own, night)
            own.kill()
            seen.killed = datetime.now(UTC)
            until(root, night, lambda told: "roof-closed" in told[told.index("block-failed") :])
            night.send_signal(signal.SIGINT)
            night.communicate(timeout=120)
        os.kill(greeting(guard_of(root, "midnight"))["process"], signal.SIGKILL)  # before the server of its roof goes
    return seen


@contextmanager
def going_on(night: "subprocess.Popen[str]") -> "Iterator[subprocess.Popen[str]]":
    """A night, which is killed at the end of the block."""
    with night:
        try:
            yield night
        finally:
            night.kill()


def until(root: Path, night: "subprocess.Popen[str]", holds: Callable[[list[str]], bool]) -> None:
    """Wait until the journal tells something."""

    def look() -> bool:
        assert night.poll() is None, night.communicate()[1]
        with suppress(ValueError):  # there is no journal yet, or no such event
            return holds([each["event"] for each in entries(root)])
        return False

    wait_until(look, 240.0, 0.2)


def exposing(own: OwnKStars, night: "subprocess.Popen[str]") -> None:
    """Wait until EKOS exposes."""

    def look() -> bool:
        assert night.poll() is None, night.communicate()[1]
        return bool(own.told().get("capture") == CAPTURING)

    wait_until(look, 240.0, 0.2)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Attached]:
    """A night with a KStars of our own, and at the same time one with somebody else's: most of both is waiting."""
    folder = tmp_path_factory.mktemp("observatories")
    with ThreadPoolExecutor() as pool:
        attached = pool.submit(play_attached, folder / "attached")
        obsy(root := begin(folder / "own"), "apply", "plans/", "--runner", "ekos")
        return root, attached.result()


@pytest.fixture(scope="module")
def night(nights: tuple[Path, Attached]) -> Path:
    return nights[0]


@pytest.fixture(scope="module")
def attached(nights: tuple[Path, Attached]) -> Attached:
    return nights[1]


def entries(root: Path) -> list[dict[str, Any]]:
    (journal,) = (root / "data" / "real" / "journal").glob("*.jsonl")
    return [json.loads(line) for line in journal.read_text().splitlines()]


def moment(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["time"])


def test_the_frames_that_ekos_took_are_credited_to_their_plan(night):
    (plan,) = obsy(night, "status", "plans/")["plans"]
    assert [(g["goal"], g["frames"], g["accepted"], g["done_s"]) for g in plan["goals"]] == [("R-2s", 2, 2, 4.0)]


def test_the_roof_opened_for_them_and_closed_over_a_parked_mount(night):
    order = [e["event"] for e in entries(night) if e["event"].startswith(("roof-", "mount-", "frame-taken", "night-"))]
    # A shutter that INDI has not yet been seen to move is unknown, so the guard closes it: the night that is beginning
    # hears the end of that, or the guard itself tells of it.
    (said,) = (night / ".obsy").glob("guard-*.log")
    before = order[: order.index("roof-opening")]
    assert before[0] == "night-started" and set(before[1:]) <= {"mount-parked", "roof-closing", "roof-closed"}
    assert "roof-closed" in before or "obsy: the roof is closed" in said.read_text()
    assert order[order.index("roof-opening") :] == [
        "roof-opening",
        "roof-opened",
        "mount-unparked",
        "frame-taken",
        "frame-taken",
        "mount-parked",
        "roof-closing",
        "roof-closed",
        "night-finished",
    ]


def test_the_night_is_told_on_a_page(night):
    (page,) = (night / "data" / "real" / "reports").glob("*.html")
    assert "zenith" in page.read_text()


def test_the_same_command_again_changes_nothing(night):
    before = entries(night)
    obsy(night, "apply", "plans/", "--runner", "ekos")
    assert entries(night) == before


def test_without_a_word_on_its_list_nothing_is_begun_in_a_kstars_that_cannot_tell_it(attached):
    assert "nothing was begun: KStars 3.6.2 does not tell whether its scheduler's list is empty" in attached.refused


def test_the_roof_waits_closed_for_somebody_elses_kstars_which_is_told_once(attached):
    names = [each["event"] for each in entries(attached.root)]
    assert names.count("executor-missing") == names.count("executor-there") == 1
    assert names.index("executor-missing") < names.index("executor-there") < names.index("roof-opening")


def test_when_obsy_is_killed_ekos_is_stopped_at_once_and_is_as_it_was_found(attached):
    assert attached.stopped_s < NOTICED_S
    found = {"ekos": 2, "scheduler": 0, "profile": "Default", "sequence": 0}
    assert attached.ran and {key: attached.left[key] for key in found} == found
    assert attached.profiles[0] == attached.profiles[1]


def test_the_frames_of_somebody_elses_kstars_are_credited(attached):
    (plan,) = obsy(attached.root, "status", "plans/")["plans"]
    assert [(g["goal"], g["frames"], g["accepted"]) for g in plan["goals"]] == [("R-5s", FRAMES, FRAMES)]


def test_a_kstars_that_is_killed_as_it_exposes_is_noticed_in_time_and_the_roof_closes_and_stays_so(attached):
    told = [each for each in entries(attached.root) if moment(each) >= attached.killed]
    names = [each["event"] for each in told]
    failed = moment(told[names.index("block-failed")])
    assert (failed - attached.killed).total_seconds() < NOTICED_S
    assert names.count("block-failed") == names.count("roof-closed") == 1
    assert "roof-opening" not in names
