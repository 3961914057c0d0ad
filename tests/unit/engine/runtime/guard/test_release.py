"""A roof that is kept closed for the night is released by whoever asks its guard, or it is said why not."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment, saved_at
from obsy.engine.runtime.guard import release as releasing
from obsy.engine.runtime.guard.release import release
from obsy.engine.runtime.guard.wire import Said, guard_of
from obsy.errors import UserError
from tests.support.speaking import SpokenGuard

ROOT = Path(__file__).parents[5]
SITE = read_equipment(ROOT).site.name


@pytest.fixture
def guard(tmp_path: Path) -> SpokenGuard:
    """The guard of two roofs; a hand has moved the first."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    read_equipment(ROOT).save(saved_at(tmp_path, "real", SITE))
    why = {"roll-off": "a hand moved it", "shed": None}
    guard = SpokenGuard(guard_of(tmp_path, SITE), {"roofs": [*why]})
    guard.answer = lambda asked: {"answer": why[asked["roof"]]}
    return guard


def test_each_roof_of_the_guard_is_released_and_said_what_had_kept_it_closed(
    guard: SpokenGuard, tmp_path: Path
) -> None:
    with guard:
        assert release(tmp_path, None) == {"roll-off": "a hand moved it", "shed": ""}
        assert release(tmp_path, SITE) == {"roll-off": "a hand moved it", "shed": ""}
    assert guard.asked() == [("roll-off", "release"), ("shed", "release")] * 2


def test_what_the_guard_refuses_is_said_and_of_which_roof(guard: SpokenGuard, tmp_path: Path) -> None:
    guard.answer = lambda asked: {"refused": "it stands open"} if asked["roof"] == "shed" else {"answer": ""}
    with guard, pytest.raises(UserError, match="^the roof 'shed' is not released: it stands open$"):
        release(tmp_path, None)


def test_what_the_guard_says_of_anything_else_is_no_answer(guard: SpokenGuard, tmp_path: Path) -> None:
    """It says much to whoever is connected."""

    def answer(asked: Said) -> Said:
        (line,) = guard.lines
        line.sendall(b'{"open":[]}\n{"id":77,"refused":"not ours"}\n{"id":77,"answer":"not ours"}\n')
        return {"answer": asked["roof"]}

    guard.answer = answer
    with guard:
        assert release(tmp_path, None) == {"roll-off": "roll-off", "shed": "shed"}


def test_a_guard_that_keeps_no_roof_releases_none(guard: SpokenGuard, tmp_path: Path) -> None:
    for roofs in ([], None):
        guard.greeting = {"roofs": roofs}
        with guard:
            assert release(tmp_path, None) == {}


def test_without_a_guard_or_one_that_answers_it_is_said_what_to_do_instead(
    guard: SpokenGuard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="no guard answers"):
        release(tmp_path, None)
    monkeypatch.setattr(releasing, "ANSWERS_S", 0.05)
    guard.answer = lambda asked: None
    with guard, pytest.raises(UserError, match="no guard answers"):
        release(tmp_path, None)


def test_a_guard_that_goes_meanwhile_has_gone(guard: SpokenGuard, tmp_path: Path) -> None:
    guard.answer = lambda asked: guard.hang_up()
    with guard, pytest.raises(UserError, match="the guard has gone"):
        release(tmp_path, None)
