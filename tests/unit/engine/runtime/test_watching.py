"""A watched star is told of once, when the frames that were accepted say so, and never by frames that were not yet."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.events import words
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Journal
from obsy.engine.night_record import Capture
from obsy.engine.runtime.watching import Watching, watches
from tests.support.measured_night import NIGHT, measured_night
from tests.unit.engine.science.star_fields import StarField

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)


class Clock:
    """Time that stands still until what is asked is done."""

    async def settle(self, work, due):
        return work.result(timeout=60)


class Night:
    """As much of a night as a watch needs: it hears of frames, and notes."""

    def __init__(self):
        self.ports, self.incoming, self.noted = SimpleNamespace(clock=Clock()), Path("in"), []

    def now(self):
        return NOW

    def note(self, event):
        self.noted.append(event)

    def send(self, errand):
        asyncio.run(errand)


def watched(tmp_path, said, field=None):
    """Return a night whose plan says that, and its watch; the store has all frames already."""
    here = measured_night(tmp_path, field or StarField(frames=4))
    path = here / "plans" / "v1.yaml"
    path.write_text(path.read_text() + (f"alert: {said}\n" if said else ""))
    observatory = declare(here, here / "plans")
    setup = SimpleNamespace(
        observatory=observatory, data_root=DataRoot.of(here, observatory.site, True), asked=SimpleNamespace(day=NIGHT)
    )
    night = Night()
    watch = Watching(setup, [night])
    return night, watch, observatory


def accept(night, *numbers):
    for number in numbers:
        night.accepted(Capture(Path("in") / f"{number}.fits", "newton", "light", "V", 60.0, NOW, "v1", "V-60s"))


def test_it_is_told_once_when_two_accepted_frames_say_so(tmp_path):
    night, watch, observatory = watched(tmp_path, "brighter than 12.5 mag")
    assert watches(observatory)
    watch.begin()
    accept(night, 0)
    assert night.noted == []  # the store has four frames, and one of them was accepted
    accept(night, 1, 2, 3)
    (event,) = night.noted
    assert (event.plan, event.star, event.side, event.limit, event.filter) == ("v1", "v1", "brighter", 12.5, "V")
    assert event.magnitude == pytest.approx(12.0, abs=0.03)
    said = words({"event": event.name, **event.facts()})
    assert said.startswith("v1 is brighter than 12.5 mag: 1") and said.endswith("in V")


def test_a_night_that_is_taken_up_again_tells_nothing_twice(tmp_path):
    night, watch, _ = watched(tmp_path, "brighter than 12.5 mag")
    watch.begin()
    accept(night, 0, 1)
    with Journal(watch.setup.data_root.journal(NIGHT), str(NIGHT)) as journal:
        journal.write(NOW, night.noted.pop())
    again = Watching(watch.setup, [night])
    again.begin()
    accept(night, 2, 3)
    assert night.noted == []


@pytest.mark.parametrize("said", ["brighter than 11 mag", "fainter than 13 mag", ""])
def test_a_star_within_its_limits_and_one_that_nobody_watches_are_no_news(tmp_path, said):
    night, watch, observatory = watched(tmp_path, said)
    assert watches(observatory) == bool(said)
    watch.begin()
    accept(night, 0, 1, 2)
    assert night.noted == []


def test_a_star_that_nothing_can_be_compared_with_is_no_news_and_no_fault(tmp_path):
    night, watch, _ = watched(tmp_path, "brighter than 12.5 mag")
    (tmp_path / "library" / "comparison.yaml").unlink()
    watch.setup.observatory = declare(tmp_path, tmp_path / "plans")
    assert not watches(watch.setup.observatory)
    watch.begin()
    accept(night, 0, 1)
    assert night.noted == []


def test_a_store_that_cannot_be_read_now_is_no_fault_of_the_night(tmp_path):
    night, watch, _ = watched(tmp_path, "brighter than 12.5 mag")
    watch.begin()
    with closing(sqlite3.connect(watch.setup.data_root.store)) as store, store:
        store.execute("ALTER TABLE obsy_frame RENAME COLUMN source TO away")
    accept(night, 0, 1)
    assert night.noted == []
    with closing(sqlite3.connect(watch.setup.data_root.store)) as store, store:
        store.execute("ALTER TABLE obsy_frame RENAME COLUMN away TO source")
    accept(night, 2)
    assert [event.side for event in night.noted] == ["brighter"]
