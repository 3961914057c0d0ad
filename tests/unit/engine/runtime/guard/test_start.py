"""Twelve broken worlds: whatever else cannot be read, the roof is looked at and closed, and the weather is watched."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment, saved_at, saved_equipment
from obsy.engine.declare.survey import declare
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.events.roof import AlarmRaised, RoofClosing
from obsy.engine.journal import heard_by, read, stamp
from obsy.engine.runtime import apply as applying
from obsy.engine.runtime.guard import begin
from obsy.engine.runtime.guard import guard as guards
from obsy.engine.runtime.guard import start as starting_
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.runtime.guard.start import StartingSite, roofs_first
from obsy.engine.runtime.guard.wire import PROTOCOL, Said, guard_of, written
from obsy.engine.runtime.setup import ApplyOptions
from obsy.engine.safety import closing, keeper, moving, watching
from obsy.engine.safety.lock import claim, only_keeper
from obsy.errors import DeviceError, GuardRunning, NightRunning, UnfitFiles, UserError
from obsy.schemas.device import Device
from obsy.schemas.policy import IfNotParked
from obsy.schemas.weather import Source
from tests.support.disk import refuses
from tests.support.speaking import SpokenGuard
from tests.support.waiting import wait_until
from tests.support.yard import Yard

ROOT = Path(__file__).parents[5]
SITE = read_equipment(ROOT).site.name
PATIENCE_S = 20.0
OTHER = f"Telescope of {os.getpid()}"
"""A device of one name is one for the whole computer, on which this file may be tried by several Pythons at once."""


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

    @property
    def saved(self) -> Path:
        return saved_at(self.root, "real", SITE)

    def write(self, place: str, text: str | bytes) -> None:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def start(self, run: Callable[[Any], None] | None = None) -> None:
        """What `obsy apply plans/` does, with this hardware instead of INDI's, where no other process can be begun."""
        self.mocked.setattr(applying, "_runner", lambda name: SimpleNamespace(run=run or relieved))
        with roofs_first(self.root, None, self.yard) as start:
            observatory = declare(self.root, self.root / "plans")
            asked = ApplyOptions(self.root, self.day, start=start, patience_s=1.0, workers=1)
            applying.apply(observatory, asked, lambda entry: None)


def relieved(setup: Any) -> None:
    """The night answers for every roof."""
    setup.asked.start.relieve()


def no_process(*_: object) -> Any:
    raise OSError(11, "Resource temporarily unavailable")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every world was like before it broke; nobody changes it."""
    root = tmp_path_factory.mktemp("good")
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, root / room)
    weather = root / "site" / "weather.yaml"
    weather.write_text(re.sub(r"^every: .*", "every: 0.1 s", weather.read_text(), flags=re.MULTILINE))
    (root / "plans").mkdir()
    shutil.copy(ROOT / "plans/m31.yaml", root / "plans")
    read_equipment(root).save(saved_at(root, "real", SITE))
    (root / "data" / "real").mkdir(parents=True)
    return root


@pytest.fixture
def world(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    shutil.copytree(good, tmp_path, dirs_exist_ok=True)
    made = World(tmp_path, Yard(), monkeypatch)
    monkeypatch.setattr(begin, "start_guard", no_process)
    for often in (keeper, closing, moving):
        monkeypatch.setattr(often, "LOOK_S", 0.02)
    monkeypatch.setattr(guards, "BEATS_S", 0.02)
    monkeypatch.setattr(starting_, "GLANCE_S", 0.02)
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
    world.mocked.setattr("obsy.engine.safety.lock.os.open", broken(OSError(30, "Read-only file system")))


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
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
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
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
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
    monkeypatch.setattr(guards, "PAUSES_S", (0.02,))
    world.yard.unreachable = 5
    typo(world)
    heard: list[dict[str, Any]] = []
    with heard_by(heard.append), pytest.raises(UnfitFiles):
        world.start()
    world.yard.assert_closed()
    assert capsys.readouterr().err.count("may stand open") == 5
    assert [each["event"] for each in heard if "may stand open" in str(each.get("reason"))] == ["alarm"]


def test_a_roof_that_was_never_reached_keeps_nobody_waiting(world: World) -> None:
    world.saved.unlink()
    world.yard.unreachable = 10**9
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()
    assert world.yard.reached <= 2


def test_an_open_roof_stays_open_for_a_safe_night_and_is_closed_as_it_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    world.yard.rain = 0.0

    def night(setup: Any) -> None:
        relieved(setup)
        wait_until(lambda: world.yard.read > 0)
        assert world.yard.roof.at == 1.0
        assert world.yard.roof.moved == []

    world.start(night)
    world.yard.assert_closed()


def test_rain_that_begins_while_the_rest_is_read_closes_the_roof_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    world.yard.rain = 0.0

    def slowly(setup: Any) -> None:
        world.yard.rain = 5.0
        until = time.monotonic() + PATIENCE_S
        while world.yard.roof.at != 0.0 and time.monotonic() < until:
            time.sleep(0.02)
        world.yard.assert_closed()
        relieved(setup)

    world.start(slowly)


def test_in_daylight_an_open_roof_is_closed_whatever_the_weather(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.yard.rain = 0.0
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "the Sun stands at 31.9 deg")
    world.start(relieved)
    world.yard.assert_closed()


def test_two_signals_before_the_night_begins_leave_no_roof_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    world.yard.rain, move = 0.0, world.yard.mount._move

    async def told_again(*, home: bool) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await move(home=home)

    world.mocked.setattr(world.yard.mount, "_move", told_again)
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests run in the background

    def told(setup: Any) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(PATIENCE_S)

    try:
        with pytest.raises(KeyboardInterrupt):
            world.start(told)
    finally:
        signal.signal(signal.SIGHUP, before)
    world.yard.assert_closed()


TOLD_WHILE_IT_CLOSES = """
import asyncio, sys
from pathlib import Path
from obsy.engine.runtime.guard import begin, guard
from obsy.engine.runtime.guard.start import roofs_first
from obsy.engine.safety import keeper, watching
from obsy.engine.runtime.signals import end_at_the_first
from tests.support.yard import Yard

watching.RoofWatch.why_too_light = lambda _: ""
guard.BEATS_S = keeper.LOOK_S = 0.02
def no_process(*_): raise OSError
begin.start_guard = no_process

async def night():
    end_at_the_first()

def start(when):
    yard = Yard(rain=0.0)
    move = yard.mount._move

    async def slowly(*, home):
        print("closing", flush=True)
        while not Path(sys.argv[1], when).exists():
            await asyncio.sleep(0.02)
        await move(home=home)

    yard.mount._move = slowly
    try:
        with roofs_first(Path(sys.argv[1]), None, yard):
            if "after a loop" in when:
                asyncio.run(night())
            raise ValueError("a typo")
    except ValueError:
        print(yard.roof.at, yard.mount.parked, len(yard.roof.struck), flush=True)

for when in sys.argv[2:]:
    start(when)
"""


@pytest.mark.long
def test_a_signal_while_the_first_watch_closes_is_only_answered_at_once_and_after_a_loop(world: World) -> None:
    numbers = {
        f"{number:d} {when}": number
        for when in ("at once", "after a loop")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    heard = ["env", "--default-signal=INT,HUP"]  # also where the tests run in the background
    command = [*heard, sys.executable, "-c", TOLD_WHILE_IT_CLOSES, str(world.root), *numbers]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None and program.stderr is not None
        try:
            for when, number in numbers.items():
                assert program.stdout.readline() == "closing\n"
                for _ in range(2):
                    program.send_signal(number)
                    assert any("closing goes on" in line for line in program.stderr)
                (world.root / when).touch()
                assert program.stdout.readline() == "0.0 True 0\n"
            said, told = program.communicate(timeout=PATIENCE_S)
        finally:
            program.kill()
    assert said == ""
    assert "closing goes on" not in told
    assert program.returncode == 0


def test_a_signal_after_a_night_that_went_well_breaks_no_closing_off(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    end = StartingSite.end

    def interrupted(site: StartingSite, why: BaseException | None = None) -> None:
        signal.raise_signal(signal.SIGTERM)
        end(site, why)

    monkeypatch.setattr(StartingSite, "end", interrupted)
    with roofs_first(world.root, None, world.yard):
        pass
    world.yard.assert_closed()
    assert "closing goes on" in capsys.readouterr().err


# One keeper of a roof, whatever becomes of the guard.


def test_two_sites_that_declare_one_device_are_kept_one_at_a_time(world: World) -> None:
    (roof,) = read_equipment(world.root).enclosures
    shared = (roof.model_copy(update={"device": Device(indi=f"the roof of {world.root}")}),)
    site, other = starting(world, enclosures=shared), starting(world, Yard(rain=0.0), enclosures=shared)
    other._root = other._begun._root = world.root / "another folder"
    other._name = guard_of(other._root, SITE)
    site.begin()
    with pytest.raises(GuardRunning, match="is kept by another process"):
        other.begin()
    ended(site)


def test_a_device_that_another_process_keeps_is_not_touched_by_a_start(world: World) -> None:
    (device, *_) = devices(read_equipment(world.root), world.root)
    with only_keeper([device]), pytest.raises(GuardRunning, match="is kept by another process"):
        world.start()
    assert world.yard.reached == 0


def test_what_nobody_can_tell_to_be_free_is_not_touched_by_a_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.safety.lock.hashlib.sha256", broken(OSError(24, "Too many open files")))
    with pytest.raises((GuardRunning, OSError)):
        world.start()
    assert world.yard.reached == 0


def test_a_guard_that_comes_up_slowly_finds_the_roof_kept_by_the_start_that_waited_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(begin, "STARTS_WITHIN_S", 0.3)
    with subprocess.Popen(slow) as process:
        monkeypatch.setattr(begin, "start_guard", lambda *_: process)
        site = StartingSite(world.root, read_equipment(world.root), world.yard)
        site.begin()
        with pytest.raises(GuardRunning, match=f"process {os.getpid()}"):
            asyncio.run(begin.SiteGuard(world.root, read_equipment(world.root), Yard()).run(while_needed=False))
        site.order()
        site.end()
        process.kill()
    world.yard.assert_closed()


def test_a_start_waits_for_the_guard_that_another_has_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.wire.GREETS_WITHIN_S", 0.2)
    with contextlib.closing(claim(guard_of(world.root, SITE))):
        site = StartingSite(world.root, read_equipment(world.root), world.yard)
        assert list(site._let_go_of_the_past()) == []
        assert world.yard.reached == 0
    assert not site._begun.is_own


def test_where_a_night_has_the_use_of_a_roof_a_start_after_an_edit_leaves_it_alone(world: World) -> None:
    said = {"process": 1, "own": True, "protocol": 0, "equipment": "older", "nights": ["process 7"]}
    world.mocked.setattr("obsy.engine.runtime.guard.start.greeting", lambda _: said)
    with pytest.raises(NightRunning, match="are process 7's; end it first"):
        world.start()
    assert world.yard.reached == 0


NOTHING_ELSE_LOADS = """
import sys
from pathlib import Path

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[2]:
            raise ImportError("broken: " + name)

sys.meta_path.insert(0, Broken())
from obsy.cli.apply import apply
from obsy.engine.runtime.guard import begin, guard
from obsy.engine.safety import keeper, watching
from tests.support.yard import Yard

guard.BEATS_S = keeper.LOOK_S = 0.02
yard = Yard(rain=0.0)
begin._reach = lambda: yard
def no_process(*_): raise OSError
begin.start_guard = no_process
if sys.argv[2] == "django":
    watching.RoofWatch.why_too_light = lambda _: ""
try:
    apply.main([sys.argv[1] + "/plans"], standalone_mode=False)
except ImportError as broken:
    print(broken, yard.roof.at, yard.mount.parked, len(yard.roof.struck), yard.read > 0)
"""


@pytest.mark.slow
@pytest.mark.parametrize("library", ["django", "astropy", "jinja2"])
def test_a_library_that_cannot_be_loaded_keeps_no_roof_open(world: World, library: str) -> None:
    command = [sys.executable, "-c", NOTHING_ELSE_LOADS, str(world.root), library]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60.0, check=False)
    assert told.stdout == f"broken: {library} 0.0 True 0 True\n", told.stderr


def test_a_device_that_cannot_be_made_keeps_no_roof_from_being_reached() -> None:
    pytest.importorskip("PyIndi", reason="pyindi-client is not installed")
    reach, lines = (import_module(f"obsy.engine.runtime.{each}") for each in ("reach", "server_lines"))
    equipment, clock = read_equipment(ROOT), WallClock()
    mounts = tuple(each.model_copy(update={"device": None}) for each in equipment.mounts)
    strange = Source.model_validate({"indi": "AAG Cloud Watcher"})
    weather = tuple(each.model_copy(update={"device": strange}) for each in equipment.weather)
    unfit = replace(equipment, mounts=mounts, weather=weather)
    roof = equipment.enclosures[0].model_copy(update={"device": Device(indi="Dome Simulator")})
    here = lines.Lines(clock, equipment.site, ("localhost", 1), ExitStack())
    reached = reach._reached(unfit, roof, clock, here, WeatherSources(clock, "UTC"))
    assert isinstance(reached.enclosure, reach.IndiRollOff)
    assert isinstance(reach.dome(here, roof.model_copy(update={"type": "dome"})), reach.IndiDome)
    for port in (*reached.mounts.values(), *reached.weather.values()):
        assert isinstance(port, reach.Silent)
    with pytest.raises(DeviceError, match="has no device: write"):
        asyncio.run(reached.mounts["gem"].park())
    with pytest.raises(DeviceError, match="whose driver nobody names"):
        asyncio.run(next(iter(reached.weather.values())).read())


# Several roofs, roofs that do not close, and a disk that hangs.


def beside(deed: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=deed, daemon=True)
    thread.start()
    return thread


def starting(world: World, runner: Any = None, **changes: Any) -> StartingSite:
    """Over a safe yard in the dark."""
    world.yard.rain = 0.0
    world.mocked.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    world.mocked.setattr(closing, "PAUSES_S", (0.02,))
    return StartingSite(world.root, replace(read_equipment(world.root), **changes), runner or world.yard)


def ended(site: StartingSite) -> None:
    site.order()
    site.end()


@dataclass
class TwoYards:
    """Two roofs; the second is called dome."""

    one: Yard
    other: Yard

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        async with self.one.reach(equipment, folder) as mine, self.other.reach(equipment, folder) as its:
            yield {**mine, "dome": its["dome"]}


def test_a_roof_that_answers_nothing_keeps_no_start_waiting_and_the_other_stays_watched(world: World) -> None:
    shed = read_equipment(world.root).enclosures[0]
    dead = Yard(rain=0.0)
    dead.roof.lies.tell("state", "refuses")
    dead.roof.lies.tell("close", "refuses")
    both = (shed, shed.model_copy(update={"name": "dome", "clearance": "free"}))
    site = starting(world, TwoYards(world.yard, dead), enclosures=both)
    begins = beside(site.begin)
    begins.join(PATIENCE_S)
    assert not begins.is_alive()
    wait_until(lambda: world.yard.read > 0)
    assert world.yard.roof.at == 1.0
    world.yard.rain = 5.0
    assert wait_until(lambda: world.yard.roof.at == 0.0)
    world.yard.assert_closed()
    dead.roof.lies.told.clear()
    ends = beside(lambda: ended(site))
    ends.join(PATIENCE_S)
    assert not ends.is_alive()


def test_a_disk_that_hangs_keeps_no_guard_from_its_roof(world: World) -> None:
    site, hangs = starting(world), threading.Event()
    world.saved.unlink()
    world.mocked.setattr("obsy.engine.disk.os.fsync", lambda _: hangs.wait())
    site.begin()
    wait_until(lambda: world.yard.read > 0)
    ended(site)
    world.yard.assert_closed()
    assert not world.saved.exists()
    hangs.set()
    wait_until(world.saved.exists)
    assert saved_equipment(world.saved) == site._equipment


def test_what_python_says_while_a_night_runs_is_told_by_who_holds_nothing_up(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with roofs_first(world.root, None, world.yard):
        logging.getLogger("asyncio").error("no files")
    assert "no files\n" in capsys.readouterr().err


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_folder_of_what_is_known_that_cannot_be_asked_keeps_no_roof_open(world: World, code: int) -> None:
    refuses(world.mocked, world.root / ".obsy", code)
    with roofs_first(world.root, None, world.yard):
        wait_until(lambda: world.yard.read > 0)
    world.yard.assert_closed()


def test_a_disk_of_the_data_that_hangs_is_not_asked_before_the_roof(world: World) -> None:
    asked: list[Path] = []

    @asynccontextmanager
    async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        asked.append(folder)
        async with world.yard.reach(equipment, folder) as roofs:
            yield roofs

    site = starting(world, SimpleNamespace(reach=reach))
    site.begin()
    ended(site)
    wait_until(lambda: "roof-closed" in [entry["event"] for entry in read(begin.journal_of(world.root, SITE))])
    assert [folder.parent for folder in asked] == [world.root / ".obsy"], "and nothing below data/"
    world.yard.assert_closed()


def test_the_first_watch_closes_over_a_mount_that_does_not_park_only_in_bad_weather(world: World) -> None:
    policy = read_equipment(world.root).safety
    anyway = policy.model_copy(update={"if_not_parked": IfNotParked.model_construct(close_after=0.2)})
    often = tuple(each.model_copy(update={"every": 0.1}) for each in read_equipment(world.root).weather)
    site = starting(world, safety=anyway, weather=often)
    world.yard.mount.lies.tell("park", "refuses")
    site.begin()
    ending = beside(lambda: ended(site))
    time.sleep(0.8)
    assert world.yard.roof.moved == [], "it is dry"
    world.yard.rain = 5.0
    ending.join(PATIENCE_S)
    assert not ending.is_alive()
    assert world.yard.roof.at == 0.0


def test_where_no_roof_was_reached_before_one_that_does_not_close_lets_the_start_say_what_is_wrong(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.saved.unlink()
    world.mocked.setattr(closing, "PAUSES_S", (0.02,))
    world.yard.mount.lies.tell("place", "elsewhere")
    world.yard.mount.home = True
    typo(world)
    heard: list[dict[str, Any]] = []
    with heard_by(heard.append):
        starts = beside(lambda: pytest.raises(UnfitFiles, world.start))
        starts.join(PATIENCE_S)
    assert not starts.is_alive()
    told = capsys.readouterr().err
    assert "it needs hands" in told
    assert {"event": "alarm", "reason": "the roof does not close: it needs hands, now"}.items() <= next(
        each.items() for each in heard if each["event"] == "alarm" and "hands" in each["reason"]
    )
    assert "claims to be parked" in told


def test_while_a_roof_does_not_close_what_ended_the_start_is_said_and_it_is_tried_on(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.mocked.setattr(closing, "PAUSES_S", (0.02,))
    world.mocked.setattr(starting_, "SAYS_AFTER_S", 0.3)
    world.yard.roof.lies.tell("close", "refuses")
    typo(world)
    starts = beside(lambda: pytest.raises(UnfitFiles, world.start))
    told = ""

    def is_said() -> bool:
        nonlocal told
        told += capsys.readouterr().err
        return "traget" in told

    assert wait_until(is_said)
    assert starts.is_alive()
    world.yard.roof.lies.told.clear()
    starts.join(PATIENCE_S)
    assert not starts.is_alive()
    world.yard.assert_closed()


@pytest.mark.parametrize("data", ["data", "var/data", "{root}/elsewhere/data"])
def test_what_was_good_last_is_found_wherever_the_data_lie(world: World, data: str) -> None:
    world.saved.unlink()
    place = data.format(root=world.root)
    site = world.root / "site" / "site.yaml"
    site.write_text(site.read_text().replace("kind: site\n", f"kind: site\ndata: {place}\n"))
    found = read_equipment(world.root)
    assert found.site.data == place
    world.start()
    assert saved_equipment(world.saved) == found
    assert (world.saved.parent / ".gitignore").read_text() == "*\n"


# Files that hide a mount, a roof or the site that is meant.


def hide(world: World) -> None:
    """A typo takes the only mount out of the files' sight."""
    world.write("site/mount.yaml", (ROOT / "site/mount.yaml").read_text().replace("kind: mount", "kind: muont"))


def test_a_typo_in_the_mounts_file_drives_no_roof_over_the_telescope(world: World) -> None:
    hide(world)
    with pytest.raises(UnfitFiles):
        world.start()
    world.yard.assert_closed()


def test_a_roof_whose_mounts_nobody_knows_does_not_move_by_itself_and_people_are_called(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.saved.unlink()
    site = starting(world, mounts=())
    world.yard.rain = 5.0
    site.begin()
    ended(site)
    assert world.yard.roof.moved == []
    told = capsys.readouterr().err
    assert "no mount under it is known" in told
    assert "needs hands" in told


def test_a_mount_that_is_in_no_file_any_more_is_parked_and_the_start_is_refused_until_a_person_says_that_it_is_gone(
    world: World,
) -> None:
    for path in (world.root / "site").glob("*.yaml"):
        other = path.read_text().replace("Telescope Simulator", OTHER)
        path.write_text(other.replace("name: gem", "name: fork").replace("mount: gem", "mount: fork"))
    with pytest.raises(UserError, match=r"the mount 'gem' under 'roll-off' stood there.*remove .*equipment-real"):
        world.start()
    world.yard.assert_closed()
    world.saved.unlink()
    world.start()
    assert [each.name for each in saved_equipment(world.saved).mounts] == ["fork"]


@pytest.mark.parametrize("site", ["nerpoi", None])
def test_whichever_site_a_command_names_the_roof_that_was_left_open_is_closed_before_that_is_said(
    world: World, site: str | None
) -> None:
    text = (ROOT / "site/site.yaml").read_text()
    world.write("site/second.yaml", text.split("---\n")[0].replace("name: nerpio", "name: south"))
    with pytest.raises(RuntimeError), roofs_first(world.root, site, world.yard):
        raise RuntimeError
    world.yard.assert_closed()


def two_sites(world: World) -> tuple[dict[str, Yard], Any]:
    """A second site that was known last, and what reaches the roof of each."""
    here, yards = read_equipment(world.root), {"nerpio": Yard(rain=0.0), "south": Yard(rain=0.0)}
    there = json.loads(
        json.dumps(here.documents)
        .replace('"nerpio"', '"south"')
        .replace("Telescope Simulator", OTHER)
        .replace("Simulator", f"of {OTHER}")
    )
    replace(here, documents=tuple(there)).save(saved_at(world.root, "real", "south"))

    @asynccontextmanager
    async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        async with yards[equipment.site.name].reach(equipment, folder) as roofs:
            yield roofs

    return yards, SimpleNamespace(reach=reach)


def test_a_guard_of_one_site_that_does_not_go_keeps_no_roof_of_another_from_being_looked_at(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    yards, runner = two_sites(world)
    yards["south"].rain = 5.0
    spoken.greeting["equipment"] = "older"
    monkeypatch.setattr(starting_.os, "kill", lambda *_: None)
    begun = threading.Event()

    def start() -> None:
        with roofs_first(world.root, "nowhere", runner):
            begun.set()

    with spoken:
        starts = beside(start)
        assert wait_until(lambda: yards["south"].roof.at == 0.0)
        assert not begun.is_set()
        assert yards["nerpio"].reached == 0
    starts.join(PATIENCE_S)
    assert begun.is_set()
    for yard in yards.values():
        yard.assert_closed()


def test_a_guard_that_was_told_to_end_may_hold_its_roof_for_a_moment_after_its_last_word(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken.greeting["equipment"] = "older"
    monkeypatch.setattr(starting_.os, "kill", lambda *_: None)
    monkeypatch.setattr(starting_, "RENEWS_EVERY_S", 0.05)
    looks, refusal = list[object](), begin.Begun.refusal

    def looked(begun: begin.Begun) -> GuardRunning | None:
        looks.append(refused := refusal(begun))
        return refused

    monkeypatch.setattr(begin.Begun, "refusal", looked)
    site = starting(world)
    with only_keeper(devices(read_equipment(world.root), world.root)):
        with spoken:
            begins = beside(site.begin)
            assert wait_until(lambda: spoken.lines or looks)
        assert wait_until(lambda: any(looks))
        assert begins.is_alive()
    begins.join(PATIENCE_S)
    assert not begins.is_alive()
    ended(site)
    world.yard.assert_closed()


def test_what_refuses_the_roofs_of_one_site_is_said_once_those_of_another_are_kept(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    yards, runner = two_sites(world)
    spoken.greeting["equipment"] = "older"
    monkeypatch.setattr(starting_.os, "kill", lambda *_: None)
    monkeypatch.setattr(starting_, "GIVES_UP_S", 0.1)
    monkeypatch.setattr(starting_, "RENEWS_EVERY_S", 0.05)
    with spoken, pytest.raises(UserError, match="and does not end"), roofs_first(world.root, "nowhere", runner):
        raise AssertionError("nothing begins")
    yards["south"].assert_closed()
    assert yards["nerpio"].reached == 0


def test_a_start_rests_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, until_s = [0], time.monotonic() + 0.05

    def beginning() -> Iterator[None]:
        while time.monotonic() < until_s:
            looks[0] += 1
            yield

    monkeypatch.setattr(starting_, "GLANCE_S", 0.01)
    starting_._begin_all([cast(StartingSite, SimpleNamespace(beginning=beginning))])
    assert 1 <= looks[0] <= 6


def test_the_end_of_a_start_rests_between_two_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, looks, rests = StartingSite(tmp_path, read_equipment(ROOT)), iter((True, True, True, False)), list[float]()
    monkeypatch.setattr(site, "_is_at_it", lambda: next(looks))
    monkeypatch.setattr(starting_, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=rests.append))
    site.end()
    assert rests == 3 * [starting_.GLANCE_S]


def refused() -> Iterator[None]:
    raise ValueError("its files are odd")
    yield


def test_what_keeps_one_site_from_beginning_keeps_no_other_from_it() -> None:
    begun = []

    def beginning() -> Iterator[None]:
        yield
        begun.append("south")

    sites = [cast(StartingSite, SimpleNamespace(beginning=each)) for each in (refused, beginning)]
    with pytest.raises(ValueError, match="odd"):
        starting_._begin_all(sites)
    assert begun == ["south"]


def test_what_keeps_the_only_site_from_beginning_is_said_without_another_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting_, "time", SimpleNamespace(sleep=broken(AssertionError("it rests"))))
    with pytest.raises(ValueError, match="odd"):
        starting_._begin_all([cast(StartingSite, SimpleNamespace(beginning=refused))])


def test_where_it_is_not_known_which_site_is_meant_each_is_closed_and_none_waits_for_another(world: World) -> None:
    world.mocked.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    world.mocked.setattr(closing, "PAUSES_S", (0.02,))
    yards, runner = two_sites(world)
    yards["south"].roof.lies.tell("close", "refuses")

    def start() -> None:
        with roofs_first(world.root, "nowhere", runner):
            wait_until(lambda: all(yard.read > 0 for yard in yards.values()))
            assert {yard.roof.at for yard in yards.values()} == {1.0}

    starts = beside(start)
    assert wait_until(lambda: yards["nerpio"].roof.at == 0.0)
    assert starts.is_alive()
    yards["south"].roof.lies.told.clear()
    starts.join(PATIENCE_S)
    for yard in yards.values():
        yard.assert_closed()


def unmade(*_: object, **__: object) -> Any:
    raise OSError(24, "Too many open files")


def test_where_no_event_loop_can_be_had_the_guard_is_begun_again_until_one_can(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(begin, "PAUSES_S", (0.02,))
    made, tries = asyncio.new_event_loop, []

    def new_event_loop() -> asyncio.AbstractEventLoop:
        if threading.current_thread() is not threading.main_thread():
            tries.append(1)
        return made() if len(tries) > 3 else unmade()

    monkeypatch.setattr("asyncio.events.new_event_loop", new_event_loop)
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()
    world.yard.assert_closed()
    assert capsys.readouterr().err.count("no roof is watched") >= 2


def test_where_no_thread_can_be_had_the_roof_is_closed_before_the_start_ends(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start, refused = threading.Thread.start, []

    def refuse(thread: threading.Thread) -> None:
        if getattr(thread, "_target", None) is not None and not refused:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()
    world.yard.assert_closed()
    assert refused
    assert "no roof is watched, and one may stand open: RuntimeError" in capsys.readouterr().err


def test_a_roof_that_was_never_reached_and_cannot_be_watched_keeps_nobody_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "PAUSES_S", (0.02,))
    world.saved.unlink()
    monkeypatch.setattr(begin.asyncio, "Runner", unmade)
    typo(world)
    with pytest.raises(UnfitFiles):
        world.start()


def test_what_hangs_after_the_roof_is_closed_keeps_no_process_alive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "TIDIES_WITHIN_S", 0.2)
    hangs = threading.Event()

    @asynccontextmanager
    async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        async with world.yard.reach(equipment, folder) as roofs:
            yield roofs
            hangs.wait()

    site = starting(world, SimpleNamespace(reach=reach))
    site.begin()
    ending = beside(lambda: ended(site))
    ending.join(PATIENCE_S)
    over = not ending.is_alive()
    hangs.set()
    assert over
    world.yard.assert_closed()


# What a start asks of a guard that is there.


@pytest.fixture
def spoken(world: World, monkeypatch: pytest.MonkeyPatch) -> SpokenGuard:
    """The guard of two roofs, which the test speaks for."""
    monkeypatch.setattr(starting_, "RENEWS_EVERY_S", 0.02)
    greeting = {"roofs": ["roll-off", "shed"], "equipment": read_equipment(world.root).digest, "nights": []}
    return SpokenGuard(guard_of(world.root, SITE), greeting)


def of(world: World) -> StartingSite:
    return StartingSite(world.root, read_equipment(world.root), world.yard)


BOTH = {("roll-off", "renew"), ("shed", "renew")}
GIVEN = {("roll-off", "give-back"), ("shed", "give-back")}


def renewing(before: set[threading.Thread]) -> threading.Thread:
    """Return the one thread of a start that was not there before."""
    (renews,) = [each for each in {*threading.enumerate()} - before if getattr(each, "_target", None) is starting_._run]
    return renews


def closed(asked: Said) -> Said | None:
    return {"answer": "closed"} if asked["ask"] == "give-back" else None


def answer_late(spoken: SpokenGuard) -> None:
    """Let the guard say that every roof is closed which it was asked to close."""
    for asked in spoken.heard:
        if asked.get("ask") == "give-back":
            spoken.lines[-1].sendall(written({"id": asked["id"], "answer": "closed"}))


def test_a_start_renews_every_lease_until_the_night_does_and_then_gives_every_roof_back(
    world: World, spoken: SpokenGuard
) -> None:
    before = {*threading.enumerate()}
    with spoken:
        site = of(world)
        site.begin()
        assert wait_until(lambda: len(spoken.asked("renew")) >= 6)
        assert set(spoken.asked()) == BOTH
        assert renewing(before).daemon, "it keeps no process alive"
        site.relieve()
        assert wait_until(lambda: not spoken.lines), "the start lets go of the guard"
        renewed = len(spoken.asked("renew"))
        site.order()
        ends = beside(site.end)
        assert wait_until(lambda: set(spoken.asked("give-back")) == GIVEN)
        time.sleep(0.2)
        assert ends.is_alive(), "no roof is seen closed yet"
        answer_late(spoken)
        ends.join(PATIENCE_S)
        assert not ends.is_alive()
        assert wait_until(lambda: not spoken.lines)
        assert len(spoken.asked("renew")) == renewed
    assert world.yard.reached == 0


def test_a_night_that_answers_for_the_roofs_relieves_the_start_of_them(world: World, spoken: SpokenGuard) -> None:
    spoken.answer, before = closed, {*threading.enumerate()}
    with spoken, roofs_first(world.root, None, world.yard) as start:
        assert wait_until(lambda: spoken.asked("renew"))
        renews = renewing(before)
        start.relieve()
        renews.join(PATIENCE_S)
        assert not renews.is_alive()


def test_who_ends_without_being_relieved_renews_no_more(world: World, spoken: SpokenGuard) -> None:
    spoken.answer, before = closed, {*threading.enumerate()}
    with spoken:
        site = of(world)
        site.begin()
        assert wait_until(lambda: spoken.asked("renew"))
        renews = renewing(before)
        ended(site)
        assert set(spoken.asked("give-back")) == GIVEN
        renews.join(PATIENCE_S)
        assert not renews.is_alive(), "a line that is silent ends too, and is begun again"
        assert wait_until(lambda: not spoken.lines)


def test_an_old_guard_that_cannot_be_seen_from_here_is_left_alone_and_nothing_else_is_ended(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = list[int]()
    monkeypatch.setattr("obsy.engine.runtime.guard.start.os.kill", lambda process, how: killed.append(process))
    monkeypatch.setattr("obsy.engine.runtime.guard.wire.peer", lambda line: (0, os.getuid()))
    monkeypatch.setattr(starting_, "GIVES_UP_S", 0.1)
    spoken.greeting["equipment"] = "older"
    with spoken, pytest.raises(UserError, match="cannot be ended from here"):
        of(world).begin()
    assert killed == []


def test_a_guard_that_closes_no_roof_in_time_goes_on_alone_and_that_is_said(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starting_, "GIVES_UP_S", 0.1)
    with spoken:
        ended(of(world))
    told = capsys.readouterr().err
    assert f"not seen closed yet; its guard goes on: see {begin.log_of(world.root, SITE)}" in told


def test_a_guard_that_has_closed_all_leaves_nothing_to_say(
    world: World, spoken: SpokenGuard, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken.answer = closed
    with spoken:
        site = of(world)
        site.order()
        site.end(ValueError("a typo"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("why", "words"), [(ValueError("a typo"), "a typo"), (KeyError(), "KeyError")])
def test_what_ended_a_start_is_said_once_while_a_roof_does_not_close(
    world: World, spoken: SpokenGuard, why: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world.mocked.setattr(starting_, "SAYS_AFTER_S", 0.1)
    said = list[str]()

    def is_said() -> bool:
        said.extend(each for each in capsys.readouterr().err.splitlines() if "the start ended with" in each)
        return bool(said)

    with spoken:
        site = of(world)
        site.order()
        ends = beside(lambda: site.end(why))
        assert wait_until(is_said)
        assert wait_until(lambda: set(spoken.asked()) == GIVEN)
        time.sleep(0.1)
        answer_late(spoken)
        ends.join(PATIENCE_S)
        is_said()
    (line,) = said
    assert line.startswith("obsy: the roof does not close yet; the start ended with: ")
    assert words in line


@pytest.mark.parametrize("trouble", ["no server", ""])
def test_where_roofs_are_set_up_one_that_nothing_reaches_keeps_no_start_waiting(
    world: World, spoken: SpokenGuard, trouble: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starting_, "GIVES_UP_S", PATIENCE_S if trouble else 0.3)
    spoken.greeting |= {"roofs": [], "trouble": trouble}
    world.saved.unlink()
    with spoken:
        ended(of(world))
    assert ("goes on" in capsys.readouterr().err) is not bool(trouble)


def test_a_roof_that_was_reached_before_is_waited_for_though_nothing_reaches_it(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starting_, "GIVES_UP_S", 0.3)
    spoken.greeting |= {"roofs": [], "trouble": "no server"}
    with spoken:
        ended(of(world))
    assert "goes on" in capsys.readouterr().err


@pytest.mark.parametrize("is_known", [False, True])
def test_an_alarm_lets_the_start_end_where_roofs_are_set_up_and_only_there(
    world: World, spoken: SpokenGuard, is_known: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    world.mocked.setattr(starting_, "GIVES_UP_S", 0.3 if is_known else PATIENCE_S)
    if not is_known:
        world.saved.unlink()

    def alarm(asked: Said) -> None:
        for event in (RoofClosing(), AlarmRaised(reason="it needs hands")):
            said = {"roof": asked["roof"], "event": event.name, "facts": event.facts()}
            spoken.lines[-1].sendall(written(said))

    spoken.answer = alarm
    with spoken:
        begun_s = time.monotonic()
        ended(of(world))
        assert time.monotonic() - begun_s < PATIENCE_S / 2
    told = capsys.readouterr().err
    assert is_known or "it needs hands" in told
    assert "told to close" not in told, "no news"
    assert ("goes on" in told) is is_known


def test_a_guard_of_another_user_is_left_alone(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.wire.is_one_of_us", lambda _: False)
    with spoken:
        site = of(world)
        with pytest.raises(UserError, match=f"is process {os.getpid()} of another user: give the command as that user"):
            site.begin()
        ended(site)
    assert spoken.asked() == []
    assert world.yard.reached == 0


@pytest.mark.parametrize("change", [{"protocol": PROTOCOL + 1}, {"equipment": "older"}, {"equipment": None}])
def test_a_guard_of_an_older_obsy_or_site_is_ended_and_another_begun(
    world: World, spoken: SpokenGuard, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    told, process = list[int](), subprocess.Popen(["sleep", "60"])
    newer = SpokenGuard(spoken.name, {**spoken.greeting}, closed)
    spoken.greeting |= change

    def end(number: int, _: object) -> None:
        told.append(number)
        spoken.__exit__()

    def another(*_: object) -> "subprocess.Popen[bytes]":
        newer.__enter__()
        return process

    world.mocked.setattr(begin, "start_guard", another)
    before = signal.signal(signal.SIGTERM, end)
    site = of(world)
    try:
        spoken.__enter__()
        site.begin()
        ended(site)
    finally:
        signal.signal(signal.SIGTERM, before)
        newer.__exit__()
        process.kill()
        process.wait()
    assert told == [signal.SIGTERM]
    assert set(newer.asked("give-back")) == GIVEN
    assert "it closes, and another begins" in capsys.readouterr().err


def test_a_guard_of_an_older_site_that_does_not_go_ends_the_start(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting_, "GIVES_UP_S", 0.1)
    spoken.greeting["equipment"] = "older"
    told = list[int]()
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        with spoken:
            site = of(world)
            with pytest.raises(
                UserError, match=f"process {os.getpid()}, is of an older obsy or site, and does not end"
            ):
                site.begin()
            ended(site)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == [signal.SIGTERM], "it is told once"
    assert spoken.asked() == []


def test_a_guard_of_an_older_site_that_serves_nights_is_left_to_them(world: World, spoken: SpokenGuard) -> None:
    spoken.greeting |= {"equipment": "older", "nights": ["process 7", "process 8"]}
    with spoken:
        site = of(world)
        with pytest.raises(NightRunning, match=f"the roofs of '{SITE}' are process 7, process 8's; end it first"):
            site.begin()
        ended(site)
    assert spoken.asked() == []


def test_where_no_thread_can_be_had_a_guard_that_is_there_is_asked_all_the_same(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if getattr(thread, "_target", None) is starting_._run:
            raise RuntimeError("can't start new thread")
        start(thread)

    spoken.answer = closed
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with spoken:
        site = of(world)
        site.begin()
        ended(site)
    assert set(spoken.asked()) == GIVEN


def test_where_no_loop_can_be_had_a_guard_that_is_there_closes_what_nobody_asks_for(
    world: World, spoken: SpokenGuard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with spoken:
        site = of(world)
        with monkeypatch.context() as broken_loop:
            broken_loop.setattr(starting_.asyncio, "Runner", unmade)
            ended(site)
    assert spoken.asked() == []
    assert "the guard of the roof is not asked, and closes it" in capsys.readouterr().err


def test_a_guard_that_is_lost_is_begun_again_for_as_long_as_the_start_answers_for_the_roof(
    world: World, spoken: SpokenGuard
) -> None:
    begun = list[float]()
    process = subprocess.Popen(["sleep", "60"])

    def another(*_: object) -> "subprocess.Popen[bytes]":
        begun.append(time.monotonic())
        return process

    world.mocked.setattr(begin, "start_guard", another)
    site = of(world)
    with spoken:
        site.begin()
        assert wait_until(lambda: spoken.asked("renew"))
    assert wait_until(lambda: begun)
    site.relieve()
    site.begin_guard()
    assert len(begun) == 1, "it is starting"
    process.kill()
    process.wait()
    site.begin_guard()
    assert len(begun) == 2
