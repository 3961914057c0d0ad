"""Twelve broken worlds: whatever else cannot be read, the roof is looked at and closed, and the weather is watched."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.declare import declare
from obsy.engine.declare.equipment import SAVED, SafetyEquipment, known_equipment, read_equipment, saved_equipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.journal import stamp
from obsy.engine.night.lock import only_one
from obsy.engine.night.ports import Ports
from obsy.engine.runtime import apply as applying
from obsy.engine.runtime import first
from obsy.engine.runtime.first import watched
from obsy.engine.runtime.setup import ApplyOptions
from obsy.errors import DeviceError, NightRunning, UnfitFiles, UserError
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof

ROOT = Path(__file__).parents[4]
PATIENCE_S = 20.0


@dataclass
class Yard:
    """Hardware on the wall's time whose roof stands open over a mount at work, as a killed night left it."""

    rain: float = 5.0
    unreachable: int = 0
    """How often nothing can reach it."""
    reached: int = 0
    read: int = 0
    mount: LyingMount = field(init=False)
    TIME_PASSES = True

    def __post_init__(self) -> None:
        self.clock = WallClock()
        self.mount = LyingMount(self.clock, moves_s=0.02, home=False)
        self.roof = LyingRoof(self.clock, (self.mount,), travel_s=0.02, at=1.0)

    def new_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Ports]]:
        self.reached += 1
        if self.reached <= self.unreachable:
            raise DeviceError("no INDI server answers")

        def measure(when: datetime) -> dict[str, float]:
            self.read += 1
            dry = {"rain": self.rain, "cloud": 0.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0}
            return dry

        inputs = {each.name: fakes.FakeWeatherInput(self.clock, measure) for each in equipment.weather}
        mounts = {each.name: self.mount for each in equipment.mounts}
        yield {each.name: Ports(self.clock, self.roof, mounts, inputs, {}) for each in equipment.enclosures}

    def assert_closed(self) -> None:
        assert self.roof.at == 0.0
        assert self.mount.parked
        assert self.roof.struck == []


@dataclass
class World:
    """An observatory that had a good night before, and what can be broken in it."""

    root: Path
    yard: Yard
    mocked: pytest.MonkeyPatch
    day: date = date(2026, 11, 21)

    @property
    def data(self) -> Path:
        return self.root / "data" / "real"

    def write(self, place: str, text: str | bytes) -> None:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def start(self, run: Callable[[Any], None] | None = None) -> None:
        """What `obsy apply plans/` does, with this hardware instead of INDI's."""
        runner = SimpleNamespace(reach=self.yard.reach, new_loop=self.yard.new_loop, TIME_PASSES=True)
        runner.run = run or (lambda setup: setup.asked.relieve())
        self.mocked.setattr(applying, "_runner", lambda name: runner)
        with applying.roofs_first(self.root, None, False, "ekos") as relieve:
            observatory = declare(self.root, self.root / "plans")
            asked = ApplyOptions(self.root, self.day, relieve=relieve, patience_s=1.0, workers=1)
            applying.apply(observatory, asked, lambda entry: None)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    shutil.copy(ROOT / "plans/m31.yaml", tmp_path / "plans")
    made = World(tmp_path, Yard(), monkeypatch)
    read_equipment(tmp_path).save(made.data / SAVED)
    monkeypatch.setattr(first, "LOOK_S", 0.02)
    yield made


def typo(world: World) -> None:
    world.write("plans/m31.yaml", "kind: plan\nname: m31\ntraget: M31\n")


def half_written(world: World) -> None:
    world.write("plans/m31.yaml", (ROOT / "plans/m31.yaml").read_text()[:60] + "\n  - {")


def garbage_store(world: World) -> None:
    world.write("data/real/store.sqlite", b"\x00garbage" * 999)


def no_store(world: World) -> None:
    world.write("data/real/archive/2026-11-20/a.fits", b"a frame that the store should know")


def cut_journal(world: World) -> None:
    world.write("data/real/journal/2026-11-21.jsonl", b'{"time": "2026-11-21T20:00:00.000Z", "event": "roof-op\xff')
    world.mocked.setattr(applying, "fold", broken(ValueError("cut")))


def full_disk(world: World) -> None:
    world.mocked.setattr("obsy.engine.runtime.setup.Journal", broken(OSError(28, "No space left on device")))
    world.mocked.setattr("obsy.engine.declare.equipment.write_whole", broken(OSError(28, "No space left on device")))


def read_only(world: World) -> None:
    world.mocked.setattr("obsy.engine.night.lock.os.open", broken(OSError(30, "Read-only file system")))


def poisoned_incoming(world: World) -> None:
    card = b"SIMPLE  =                    T".ljust(80) + b"NAXIS   =          99999999999".ljust(80)
    world.write("data/real/incoming/poison.fits", card.ljust(2880) + b"\x00" * 2880)
    world.mocked.setattr("obsy.engine.runtime.setup.is_complete", broken(MemoryError("99999999999 axes")))


def no_kstars(world: World) -> None:
    """Everything is well until KStars is to be started."""


def wrong_clock(world: World) -> None:
    later = stamp(datetime.now(UTC) + timedelta(days=2))
    line = f'{{"time": "{later}", "night": "2026-11-21", "event": "roof-opened"}}\n'
    world.write("data/real/journal/2026-11-21.jsonl", line)


def unfit_site(world: World) -> None:
    for name in ("roof", "policy", "site", "mount"):
        world.write(f"site/{name}.yaml", "kind: [\n")


def broken(fault: BaseException) -> Callable[..., Any]:
    def act(*_: object, **__: object) -> Any:
        raise fault

    return act


BROKEN = (
    typo,
    half_written,
    no_store,
    garbage_store,
    cut_journal,
    full_disk,
    read_only,
    poisoned_incoming,
    no_kstars,
    wrong_clock,
    unfit_site,
)


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda breaks: breaks.__name__)
@pytest.mark.parametrize("rain", [5.0, 0.0])
def test_whatever_cannot_be_read_at_a_start_the_roof_is_closed_before_that_is_said(
    world: World, breaks: Callable[[World], None], rain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.yard.rain = rain
    monkeypatch.setattr(first, "why_too_light", lambda *_: "")
    breaks(world)
    with pytest.raises((UserError, UnfitFiles, OSError, ValueError, MemoryError, DeviceError)):
        world.start(broken(DeviceError("kstars is not installed")))
    world.yard.assert_closed()
    assert world.yard.read > 0, "the weather is read"


def test_another_nights_command_closes_the_roof_that_the_last_night_left_open(world: World) -> None:
    world.day = date(2026, 11, 20)
    world.write("data/real/journal/2026-11-21.jsonl", "")
    world.start()
    world.yard.assert_closed()


def test_a_night_that_is_finished_does_not_overlook_an_open_roof(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "why_too_light", lambda *_: "")
    world.yard.rain = 0.0
    now = stamp(datetime.now(UTC))
    line = f'{{"time": "{now}", "night": "2026-11-21", "event": "night-finished"}}\n'
    world.write("data/real/journal/2026-11-21.jsonl", line)
    world.mocked.setattr(applying, "_new_work", lambda *_: False)
    world.start()
    world.yard.assert_closed()


def test_without_a_server_it_is_started_again_until_the_roof_is_reached_and_people_hear_of_it(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "PAUSES_S", (0.02,))
    world.yard.unreachable = 5
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()
    world.yard.assert_closed()
    assert capsys.readouterr().err.count("may stand open") == 5


def test_a_roof_that_was_never_reached_keeps_nobody_waiting(world: World) -> None:
    (world.data / SAVED).unlink()
    world.yard.unreachable = 10**9
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()
    assert world.yard.reached == 1


def test_a_safe_night_is_handed_over_under_its_open_roof(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "why_too_light", lambda *_: "")
    world.yard.rain = 0.0
    world.start()
    assert world.yard.roof.at == 1.0
    assert world.yard.roof.moved == []


def test_rain_that_begins_while_the_rest_is_read_closes_the_roof_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "why_too_light", lambda *_: "")
    world.yard.rain = 0.0

    def slowly(setup: Any) -> None:
        world.yard.rain = 5.0
        until = time.monotonic() + PATIENCE_S
        while world.yard.roof.at != 0.0 and time.monotonic() < until:
            time.sleep(0.02)
        world.yard.assert_closed()
        setup.asked.relieve()

    world.start(slowly)


def test_in_daylight_an_open_roof_is_closed_whatever_the_weather(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.yard.rain = 0.0
    monkeypatch.setattr(first, "why_too_light", lambda *_: "the Sun stands at 31.9 deg")
    world.start(lambda setup: setup.asked.relieve())
    world.yard.assert_closed()


def test_two_signals_before_the_night_begins_leave_no_roof_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "why_too_light", lambda *_: "")
    world.yard.rain, world.yard.mount.moves_s = 0.0, 0.5

    def told(setup: Any) -> None:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(PATIENCE_S)

    with pytest.raises(KeyboardInterrupt):
        world.start(told)
    world.yard.assert_closed()


TOLD_WHILE_IT_CLOSES = """
import asyncio, sys
from pathlib import Path
from obsy.engine.runtime import first
from obsy.engine.runtime.signals import end_at_the_first
from tests.unit.engine.runtime.test_first import Yard

first.why_too_light = lambda *_: ""
first.LOOK_S = 0.02
yard = Yard(rain=0.0)
move = yard.mount._move

async def night():
    end_at_the_first()

async def slowly(*, home):
    print("closing", flush=True)
    await asyncio.sleep(1.5)
    await move(home=home)

yard.mount._move = slowly
try:
    with first.watched(Path(sys.argv[1]), None, False, yard):
        if sys.argv[2] == "after a loop":
            asyncio.run(night())
        raise ValueError("a typo")
except ValueError:
    print(yard.roof.at, yard.mount.parked, len(yard.roof.struck), flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("when", ["at once", "after a loop"])
def test_a_signal_while_the_first_watch_closes_is_only_answered(
    world: World, number: signal.Signals, when: str
) -> None:
    command = [sys.executable, "-c", TOLD_WHILE_IT_CLOSES, str(world.root), when]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline() == "closing\n"
            for _ in range(2):
                program.send_signal(number)
                time.sleep(0.2)
            said, told = program.communicate(timeout=PATIENCE_S)
        finally:
            program.kill()
    assert said == "0.0 True 0\n", told
    assert told.count("closing goes on") == 2
    assert program.returncode == 0


def test_where_another_process_runs_the_night_its_roof_is_left_alone(world: World) -> None:
    equipment = known_equipment(world.root, None, "real")
    assert equipment is not None
    code = "import fcntl, sys; f = open(sys.argv[1], 'a+'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    held = [sys.executable, "-c", code, str(world.data / "lock")]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(NightRunning), watched(world.root, None, False, world.yard):
            pass
        other.kill()
    assert world.yard.reached == 0


def test_the_lock_is_held_from_the_first_look_on(world: World) -> None:
    with watched(world.root, None, False, world.yard), only_one(world.data / "lock"):
        assert (world.data / "lock").read_text().strip() == str(os.getpid())


# What is known of the equipment.


def test_equipment_is_read_without_the_rest(world: World) -> None:
    typo(world)
    for place in ("site/newton.yaml", "library/calibration.yaml", "library/nights/roll-off.yaml"):
        world.write(place, "kind: [\n")
    found = known_equipment(world.root, None, "real")
    assert found is not None
    assert [each.name for each in found.enclosures] == ["roll-off"]
    assert [each.name for each in found.mounts_of("roll-off")] == ["gem"]
    assert found.inputs_of("roll-off") == found.weather
    assert found.safety == declare(ROOT).safety


def test_what_was_saved_is_what_was_read(world: World) -> None:
    found = read_equipment(world.root)
    assert saved_equipment(world.data / SAVED) == found
    before = (world.data / SAVED).stat().st_ino
    found.save(world.data / SAVED)
    assert (world.data / SAVED).stat().st_ino == before, "what is there already is not written again"


@pytest.mark.parametrize("harm", [b"", b"{}", b"[1]", b'{"sha256": "x", "documents": "[]"}'])
def test_what_was_saved_and_harmed_is_not_believed(world: World, harm: bytes) -> None:
    (world.data / SAVED).write_bytes(harm)
    unfit_site(world)
    assert known_equipment(world.root, None, "real") is None
