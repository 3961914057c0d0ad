"""The guard of a site is begun as a process, or kept by a thread of this one, and only one of both keeps its roofs."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment, saved_at, saved_equipment
from obsy.engine.journal import heard_by, read
from obsy.engine.runtime.guard import begin
from obsy.engine.runtime.guard import guard as guards
from obsy.engine.runtime.guard.begin import Begun, SiteGuard, journal_of, log_of, start_guard
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.runtime.guard.wire import guard_of
from obsy.engine.safety import closing as closing_
from obsy.engine.safety import keeper, moving, watching
from obsy.engine.safety.lock import claim, only_keeper
from obsy.errors import GuardRunning
from tests.support.waiting import wait_until
from tests.support.yard import Yard

ROOT = Path(__file__).parents[5]
SITE = read_equipment(ROOT).site.name


@dataclass
class Hill:
    """A site in the dark and the dry whose roof stands open, and the processes that were begun to guard it."""

    root: Path
    equipment: SafetyEquipment
    yard: Yard = field(default_factory=lambda: Yard(rain=0.0))
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def begun(self) -> Begun:
        return Begun(self.root, self.equipment, self.yard)

    def start(self, *_: object) -> "subprocess.Popen[bytes]":
        """A process that comes up slowly."""
        self.processes.append(subprocess.Popen(["sleep", "60"]))
        return self.processes[-1]


@pytest.fixture
def hill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hill]:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    for often in (keeper, closing_, moving):
        monkeypatch.setattr(often, "LOOK_S", 0.02)
    monkeypatch.setattr(guards, "BEATS_S", 0.02)
    monkeypatch.setattr(begin, "PAUSES_S", (0.02,))
    monkeypatch.setattr(watching.RoofWatch, "why_too_light", lambda _: "")
    made = Hill(tmp_path, read_equipment(tmp_path))
    monkeypatch.setattr(begin, "start_guard", made.start)
    yield made
    for each in made.processes:
        each.kill()
        each.wait()


def kept(begun: Begun) -> None:
    """Let a guard in this process close its roofs, and see it end."""
    begun.order()
    assert wait_until(lambda: not begun.is_own)


def test_a_guard_stands_in_the_root_of_its_observatory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path / "plans")
    guard = start_guard(Path(".."), "nowhere")
    try:
        assert Path(os.readlink(f"/proc/{guard.pid}/cwd")) == tmp_path
        program, *words = list(guard.args)
        assert program == sys.executable
        assert words[:4] == ["-P", "-m", "obsy", "guard"]
        assert Path(words[4]).resolve() == tmp_path
        assert words[5:] == ["--site", "nowhere", "--while-needed"]
    finally:
        guard.kill()
        guard.wait()


@pytest.mark.long
def test_a_file_of_the_observers_own_keeps_no_guard_from_beginning(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit(77)")
    guard = start_guard(tmp_path, "nowhere")
    assert guard.wait() == 1
    assert "no site is named 'nowhere'" in log_of(tmp_path, "nowhere").read_text()


@pytest.mark.parametrize("writable", [True, False])
def test_a_guard_outlives_who_begins_it_and_speaks_to_its_log_or_to_nobody(tmp_path: Path, writable: bool) -> None:
    if not writable:
        (tmp_path / ".obsy").write_text("a file where the folder should be")
    guard = start_guard(tmp_path, "nowhere")
    try:
        assert os.getsid(guard.pid) == guard.pid
        said, spoken, told = (Path(os.readlink(f"/proc/{guard.pid}/fd/{n}")) for n in range(3))
        assert said == Path(os.devnull)
        assert spoken == told == (tmp_path / ".obsy" / "guard-nowhere.log" if writable else Path(os.devnull))
        assert not writable or log_of(tmp_path, "nowhere").exists()
    finally:
        guard.kill()
        guard.wait()


def test_a_process_that_is_starting_is_waited_for_and_one_that_was_killed_is_followed_by_another(hill: Hill) -> None:
    begun = hill.begun()
    for _ in range(3):
        begun.go_on()
    assert (len(hill.processes), begun.is_own, begun.refusal()) == (1, False, None)
    for count in (2, 3):
        hill.processes[-1].kill()
        hill.processes[-1].wait()
        begun.go_on()
        begun.go_on()
        assert (len(hill.processes), begun.is_own) == (count, False)
    assert hill.yard.reached == 0


def ends(code: int) -> Callable[..., "subprocess.Popen[bytes]"]:
    return lambda *_: subprocess.Popen([sys.executable, "-S", "-c", f"raise SystemExit({code})"])


def test_where_a_process_has_ended_well_another_is_begun_and_no_thread(
    hill: Hill, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = hill.begun()
    monkeypatch.setattr(begin, "start_guard", ends(0))
    begun.go_on()
    assert begun._process is not None
    begun._process.wait()
    monkeypatch.setattr(begin, "start_guard", hill.start)
    begun.go_on()
    assert (len(hill.processes), begun.is_own) == (1, False)


def test_whoever_misses_the_guard_at_the_same_time_begins_one_together(
    hill: Hill, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, both = hill.begun(), threading.Barrier(2)

    def slowly(*_: object) -> "subprocess.Popen[bytes]":
        with suppress(threading.BrokenBarrierError):
            both.wait(0.2)  # until another begins one, too
        return hill.start()

    monkeypatch.setattr(begin, "start_guard", slowly)
    callers = [threading.Thread(target=begun.go_on) for _ in range(2)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert (len(hill.processes), begun.is_own) == (1, False)


def test_a_guard_that_is_begun_where_one_of_the_site_answers_ends_well_and_any_other_says_who_is_in_its_way(
    hill: Hill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.runtime.guard.wire.GREETS_WITHIN_S", 0.01)
    guard = SiteGuard(hill.root, hill.equipment, hill.yard)
    with closing(claim(guard_of(hill.root, SITE))):
        asyncio.run(guard.run(while_needed=True))
        with pytest.raises(GuardRunning):
            asyncio.run(guard.run(while_needed=False))
    with only_keeper(devices(hill.equipment, hill.root)), pytest.raises(GuardRunning):
        asyncio.run(guard.run(while_needed=True))
    assert hill.yard.reached == 0


def test_a_thread_that_is_over_is_followed_by_a_process_and_that_by_a_thread_if_it_fails(
    hill: Hill, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = hill.begun()
    monkeypatch.setattr(begin, "start_guard", ends(1))

    def failed() -> None:
        begun.go_on()
        assert not begun.is_own
        assert begun._process is not None
        begun._process.wait()

    failed()
    with closing(claim(guard_of(hill.root, SITE))):
        begun.go_on()
        assert isinstance(begun.refusal(), GuardRunning)
        assert wait_until(lambda: not begun.is_own)
    failed()
    begun.go_on()
    assert begun.is_own
    kept(begun)
    hill.yard.assert_closed()


def test_where_a_process_has_failed_a_thread_keeps_the_roof(
    hill: Hill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(begin, "start_guard", ends(1))
    begun = hill.begun()
    begun.go_on()
    assert begun._process is not None
    begun._process.wait()
    begun.go_on()
    assert begun.is_own
    assert wait_until(lambda: hill.yard.reached)
    begun.go_on()
    kept(begun)
    hill.yard.assert_closed()
    assert hill.yard.reached == 1
    assert "no guard can be begun; this process keeps the roof itself" in capsys.readouterr().err
    begun.go_on()
    assert not begun.is_own, "it has closed all"


def test_where_a_process_does_not_come_up_in_time_a_thread_keeps_the_roof(
    hill: Hill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "STARTS_WITHIN_S", 0.0)
    begun = hill.begun()
    begun.go_on()
    assert not begun.is_own
    begun.go_on()
    assert begun.is_own
    assert begun.refusal() is None
    kept(begun)
    hill.yard.assert_closed()
    assert len(hill.processes) == 1


def no_process(*_: object) -> Any:
    raise OSError(11, "Resource temporarily unavailable")


@pytest.fixture
def alone(hill: Hill, monkeypatch: pytest.MonkeyPatch) -> Hill:
    """The same, where no process can be begun."""
    monkeypatch.setattr(begin, "start_guard", no_process)
    return hill


def test_a_thread_that_may_not_keep_the_roof_says_why_and_is_over(alone: Hill) -> None:
    begun = alone.begun()
    with closing(claim(guard_of(alone.root, SITE))):
        begun.go_on()
        assert isinstance(begun.refusal(), GuardRunning)
        assert wait_until(lambda: not begun.is_own)
    assert alone.yard.reached == 0
    begun.go_on()
    assert wait_until(lambda: alone.yard.reached), "by now nobody else keeps it"
    kept(begun)


def test_what_reaches_the_roof_and_cannot_be_loaded_is_said(
    alone: Hill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> Any:
        raise ImportError("no pyindi-client")

    monkeypatch.setattr(begin, "_reach", missing)
    begun = Begun(alone.root, alone.equipment)
    begun.go_on()
    assert begun.refusal() is None
    assert wait_until(lambda: not begun.is_own)
    assert "the roof is not looked at, and may stand open: no pyindi-client" in capsys.readouterr().err


def test_whatever_breaks_the_roof_is_kept_again_and_people_are_called_once(
    alone: Hill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tries = list[int]()

    def third_time() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise KeyError("ours")
        return alone.yard

    monkeypatch.setattr(begin, "_reach", third_time)
    heard = list[dict[str, Any]]()
    with heard_by(heard.append):
        begun = Begun(alone.root, alone.equipment)
        begun.go_on()
        assert begun.refusal() is None
        assert begun.is_own
        assert wait_until(lambda: alone.yard.reached)
        kept(begun)
    alone.yard.assert_closed()
    assert capsys.readouterr().err.count("no roof is watched, and one may stand open: KeyError") == 2
    assert [each["event"] for each in heard if "no roof is watched" in str(each.get("reason"))] == ["alarm"]


def test_where_no_event_loop_can_be_had_a_guard_that_is_setting_up_tries_until_it_is_told_to_end(
    alone: Hill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = list[float]()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(0.001)

    def no_loop() -> Any:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(begin, "time", SimpleNamespace(monotonic=time.monotonic, sleep=pause))
    monkeypatch.setattr(begin, "PAUSES_S", (1.0, 2.0))
    monkeypatch.setattr("asyncio.events.new_event_loop", no_loop)
    begun, others = alone.begun(), set(threading.enumerate())
    begun.go_on()
    try:
        assert all(each.daemon for each in set(threading.enumerate()) - others), "or they would outlive the night"
        asking = threading.Thread(target=begun.refusal, daemon=True)
        asking.start()
        asking.join(10.0)
        assert not asking.is_alive(), "it has tried, in vain"
        assert wait_until(lambda: len(pauses) > 3, within_s=10.0)
    finally:
        begun.order()
    assert wait_until(lambda: not begun.is_own, within_s=10.0)
    assert pauses[:4] == [1.0, 2.0, 2.0, 2.0]
    assert "no roof is watched, and one may stand open: OSError" in capsys.readouterr().err


def test_a_guard_reaches_its_roofs_by_indi() -> None:
    pytest.importorskip("PyIndi", reason="pyindi-client is not installed")
    assert callable(begin._reach().reach)


def test_an_order_that_comes_before_the_guard_is_obeyed_by_it(alone: Hill) -> None:
    begun = alone.begun()
    begun.order()
    begun.go_on()
    assert wait_until(lambda: not begun.is_own)
    alone.yard.assert_closed()


def guarding(guard: SiteGuard, until: Callable[[], object]) -> None:
    """Run a guard until something is so, then let it close its roofs and end."""

    async def both() -> None:
        running = asyncio.ensure_future(guard.run(while_needed=False))
        async with asyncio.timeout(30.0):
            while not until() and not running.done():
                await asyncio.sleep(0.02)
            guard.guard.ending.ordered = True
            await running

    asyncio.run(both())


def test_while_a_guard_keeps_its_roofs_nobody_else_can(hill: Hill) -> None:
    held = list[int]()
    guard = SiteGuard(hill.root, hill.equipment, hill.yard, lambda: held.append(1))
    refused = list[str]()

    def others_try() -> bool:
        if hill.yard.reached and not refused:
            for thing in (guard_of(hill.root, SITE), *devices(hill.equipment, hill.root)):
                with pytest.raises(GuardRunning):
                    claim(thing).close()
                refused.append(thing)
        return bool(refused)

    guarding(guard, others_try)
    assert len(refused) == 1 + len(devices(hill.equipment, hill.root)) > 1
    assert held == [1]
    claim(guard_of(hill.root, SITE)).close()
    hill.yard.assert_closed()


def test_a_guard_of_devices_that_another_keeps_reaches_nothing(hill: Hill) -> None:
    held = list[int]()
    guard = SiteGuard(hill.root, hill.equipment, hill.yard, lambda: held.append(1))
    with only_keeper(devices(hill.equipment, hill.root)), pytest.raises(GuardRunning):
        guarding(guard, lambda: False)
    assert (held, hill.yard.reached) == ([], 0)


def test_a_guard_writes_down_what_it_reached_and_what_it_did(hill: Hill) -> None:
    saved = saved_at(hill.root, "real", SITE)
    guard = SiteGuard(hill.root, hill.equipment, hill.yard)
    assert guard.guard.ending.setting_up
    guarding(guard, saved.exists)
    assert saved_equipment(saved) == hill.equipment
    assert not SiteGuard(hill.root, hill.equipment, hill.yard).guard.ending.setting_up
    journal = hill.root / ".obsy" / f"guard-{SITE}.jsonl"
    assert journal == journal_of(hill.root, SITE)
    assert wait_until(lambda: "roof-closed" in [entry["event"] for entry in read(journal)])


def test_equipment_that_no_disk_takes_is_said_and_keeps_no_roof_open(
    hill: Hill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = threading.Event()

    def full(*_: object, **__: object) -> Any:
        tried.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("obsy.engine.declare.equipment.write_whole", full)
    guarding(SiteGuard(hill.root, hill.equipment, hill.yard), tried.is_set)
    hill.yard.assert_closed()
    said = list[str]()

    def is_said() -> bool:
        said.append(capsys.readouterr().err)
        return "the equipment was not written down" in "".join(said)

    assert wait_until(is_said)
