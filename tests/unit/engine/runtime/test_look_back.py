"""Looking back on a night: the same answer from another process, and an end of the night that waits for nobody."""

import os
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.events.night import NightLookedBack
from obsy.engine.journal import Entry, stamp
from obsy.engine.night.tally import Tally
from obsy.engine.processing.limited import LimitedWorker, WorkerLostError
from obsy.engine.runtime import setup
from obsy.engine.runtime.look_back import LookBack, look_back
from obsy.engine.runtime.planner import Planner, prepare
from obsy.engine.runtime.setup import NightSetup

pytestmark = pytest.mark.slow(minutes=0.3)
ROOT = Path(__file__).resolve().parents[4]
NIGHT = date(2026, 11, 26)
LIVES_S = 60.0


@cache
def planner() -> Planner:
    return prepare(declare(ROOT, ROOT / "plans"), NIGHT)


def entries() -> list[Entry]:
    begun = {"time": stamp(planner().night.start), "night": str(NIGHT), "event": "night-started"}
    return [begun, begun | {"time": stamp(planner().night.end), "event": "night-finished"}]


@cache
def asked() -> LookBack:
    found = look_back(planner(), Tally(), entries())
    assert found is not None
    return found


class Hangs(LookBack):
    """Of which there is no answer."""

    def answer(self) -> NightLookedBack | None:
        """Never come back."""
        time.sleep(LIVES_S)
        return None


class Dies(LookBack):
    """That takes its process with it."""

    def answer(self) -> NightLookedBack | None:
        """Be killed."""
        os._exit(9)


def test_another_process_answers_as_this_one_does() -> None:
    found = asked().answer()
    assert found is not None
    assert (found.value, found.share_percent) == (0.0, 0.0)
    assert found.best > 0.0
    worker = LimitedWorker()
    try:
        assert worker.within(LIVES_S, asked().answer).result() == found
    finally:
        worker.shutdown()


def test_what_another_process_is_asked_holds_no_sky_but_what_planning_reads() -> None:
    assert all(each.track is None and each.limits == () for each in asked().asked)
    plain = planner().asked(Tally(), planner().night.start)
    assert [(e.request, e.free.tobytes()) for e in asked().asked] == [(e.request, e.free.tobytes()) for e in plain]


def test_a_train_that_was_retired_after_the_night_is_looked_back_on_too() -> None:
    here = planner().observatory
    since = NIGHT + timedelta(days=1)
    gone = tuple(replace(each, train=each.train.model_copy(update={"retired": since})) for each in here.instruments)
    retired = replace(planner(), observatory=replace(here, instruments=(), retired=gone), costs={})
    found = look_back(retired, Tally(), entries())
    assert found is not None
    assert {each.request.train for each in found.asked} == {each.request.train for each in asked().asked} != {None}
    assert found.was.busy.keys() == {each.name for each in gone}


def test_of_a_journal_that_tells_of_nothing_nothing_is_asked() -> None:
    assert look_back(planner(), Tally(), []) is None


@pytest.mark.parametrize(
    ("kind", "words"), [(Hangs, "it took longer than 1 s"), (Dies, "the process that did it died")]
)
def test_a_process_that_hangs_or_dies_has_found_nothing_and_none_is_left(
    kind: type[LookBack], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = asked()
    broken = kind(one.asked, one.timelines, one.was, one.weights)
    monkeypatch.setattr(setup, "look_back", lambda *_: broken)
    monkeypatch.setattr(setup, "tally", lambda *_: Tally())
    monkeypatch.setattr(setup, "read", lambda _: iter(entries()))
    monkeypatch.setattr(setup, "LOOKS_WITHIN_S", 1.0 if kind is Hangs else LIVES_S)
    worker = LimitedWorker()
    work = NightSetup.looked_back(cast("NightSetup", a_night(worker, scenario=None)))
    with pytest.raises(WorkerLostError, match=words):
        work.result()
    assert worker._process is None  # noqa: SLF001
    worker.shutdown()


def test_a_rehearsal_knows_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "tally", lambda *_: Tally())
    monkeypatch.setattr(setup, "read", lambda _: iter(entries()))
    worker = LimitedWorker()
    work = NightSetup.looked_back(cast("NightSetup", a_night(worker, scenario="clear")))
    assert work.done()
    assert work.result() == asked().answer()
    assert worker._thread is None  # noqa: SLF001


def a_night(looking: LimitedWorker, scenario: str | None) -> Any:
    """What looking back asks of a night."""
    return SimpleNamespace(
        store=None,
        observatory=planner().observatory,
        planner=replace(planner()),
        data_root=SimpleNamespace(journal=lambda day: Path(f"{day}.jsonl")),
        asked=SimpleNamespace(day=NIGHT, scenario=scenario),
        looking=looking,
    )
