"""A drill of a real roof that may not be begins nothing."""

import subprocess
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.drills.real import guard
from obsy.engine.drills.real.boundary import ORDERS
from obsy.engine.drills.real.drill import MISHAPS, RealDrill
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.safety.lock import only_keeper
from obsy.errors import GuardRunning, UserError
from tests.support.house import site


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("something was begun"))


def drill(folder: Path, **settings: str) -> RealDrill:
    (folder / "site").mkdir()
    (folder / "site" / "all.yaml").write_text(site(12.0, **settings))
    return RealDrill(folder, read_equipment(folder), print)


def test_what_the_policy_does_not_allow_is_not_begun(tmp_path: Path, no_child: None) -> None:
    with pytest.raises(UserError, match="drills: by day"):
        next(drill(tmp_path).play(["rain"]))


def test_a_roof_that_another_keeps_is_left_alone(tmp_path: Path, no_child: None) -> None:
    drilled = drill(tmp_path, choice=", drills: by day")
    with (
        only_keeper(devices(read_equipment(tmp_path), tmp_path)),
        pytest.raises(GuardRunning, match="is kept by another process"),
    ):
        next(drilled.play(["rain"]))


@pytest.mark.parametrize("ended", [1, -9, 0])
def test_a_guard_that_has_ended_but_by_order_is_begun_anew_to_close_the_roof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: int
) -> None:
    drilled, begun = drill(tmp_path), list[tuple[str, ...]]()

    def ends(code: int) -> subprocess.Popen[bytes]:
        how = "kill -9 $$" if code < 0 else f"exit {code}"
        return subprocess.Popen(["sh", "-c", how], stdin=subprocess.PIPE)

    def child(*which: str) -> subprocess.Popen[bytes]:
        begun.append(which)
        return ends(0)

    monkeypatch.setattr(drilled, "_child", child)
    drilled._guard = ends(ended)
    drilled._guard.wait()
    drilled._end()
    assert begun == ([("guard", "anew")] if ended else [])


def test_a_guard_that_is_begun_anew_keeps_the_roof_also_when_it_may_not_be_drilled_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill(tmp_path)

    def keeps(_: object) -> None:
        raise GuardRunning("it would have kept the roof")

    monkeypatch.setattr(guard, "only_keeper", keeps)
    with pytest.raises(UserError, match="drills: by day"):
        guard.keep(tmp_path, "here", "dome")
    with pytest.raises(GuardRunning):
        guard.keep(tmp_path, "here", "dome", anew=True)


def test_a_drill_that_is_cut_off_says_which_process_goes_on_and_how_to_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[str]()
    drilled = drill(tmp_path)
    drilled._tell = told.append
    monkeypatch.setattr(drilled, "_child", lambda *_: subprocess.Popen(["sleep", "60"], stdin=subprocess.PIPE))
    drilled._begin_guard()
    guard = drilled._guard
    assert told == [f"process {guard.pid} keeps the roof now, and ends once that is closed, whatever ends the drill"]

    def cut_off(_: float) -> None:
        raise KeyboardInterrupt

    with guard, monkeypatch.context() as interrupted:
        interrupted.setattr(guard, "wait", cut_off)
        with pytest.raises(KeyboardInterrupt):
            drilled._end()
        guard.kill()
    assert f"process {guard.pid} goes on closing it" in told[1]
    assert f"see {drilled._log}; 'kill -9 {guard.pid}' ends it" in told[1]


def test_a_guard_that_has_ended_is_asked_for_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drilled = drill(tmp_path)
    last = "the device 'Dome' is kept by another process"
    drilled._log.parent.mkdir()
    drilled._log.write_text(f"obsy: the roof is closed\nobsy: {last}\n")
    for code, words in ((None, ""), (1, last)):
        ended = subprocess.Popen(["sh", "-c", "read x; exit 1"], stdin=subprocess.PIPE)
        with ended:
            if code:
                ended.communicate()
            drilled._guard = ended
            assert drilled._last_words() == words


def test_every_mishap_is_an_order_or_the_end_of_a_process() -> None:
    deeds = {each.deed for each in MISHAPS.values()}
    assert deeds - set(ORDERS) == {"kill-night", "silence-night", "kill-guard"}
    assert set(ORDERS) - deeds == {"well"}
