"""A night's tables are told apart by filter and train, and each says for itself what it is worth."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.runtime.photometry import NightTables, has_tables, magnitudes, night_tables, place_of, tables_of
from obsy.engine.store.store import Store
from obsy.errors import UserError
from tests.support.measured_night import NIGHT, measured_night
from tests.unit.engine.science.star_fields import TARGET, StarField


def by(train, field):
    return [replace(each, observation=replace(each.observation, train=train)) for each in field.tables()]


@pytest.fixture
def observatory(tmp_path):
    measured_night(tmp_path, StarField(frames=0))
    return declare(tmp_path, tmp_path / "plans")


def told(observatory, tables, left=None, **named):
    night = NightTables(date(2026, 11, 21), tables, left or {})
    return magnitudes(observatory, observatory.plans[0], night, StarField(frames=0).declared(), named)


@pytest.mark.long
def test_two_trains_are_two_light_curves(observatory):
    newton, other = by("newton", StarField(frames=6, zero=22.5)), by("refractor", StarField(frames=4, zero=20.0))
    both = told(observatory, {"V": [*newton, *other]})
    assert [(each.name, each.frames) for each in both.filters] == [("V by newton", 6), ("V by refractor", 4)]
    alone = told(observatory, {"V": newton})
    assert [each.name for each in alone.filters] == ["V"]
    assert list(both.filters[0].found.curve.magnitude) == list(alone.filters[0].found.curve.magnitude)


@pytest.mark.long
def test_a_filter_that_nobody_names_is_told_and_its_files_stand(observatory):
    found = told(observatory, {"L": by("newton", StarField(frames=2))})
    assert found.filters == () and found.unmeasured == () and "--filter L=CV" in found.faults[0]
    assert told(observatory, {"L": by("newton", StarField(frames=2))}, L="CV").filters[0].filter == "CV"


def test_what_cannot_be_measured_is_told_by_name(observatory):
    blue = {"B": by("newton", StarField(frames=1))}
    found = told(observatory, blue, {"R": ("3 frames: clouds",)}, B="B")
    assert found.faults[0] == "R: 3 frames: clouds" and found.unmeasured == ("R", "B")
    assert found.faults[1].startswith("B: the check star 000-AAA-001 of comparison 'v1-exa' has no magnitude in 'B'")


def stored(here: Path) -> Store:
    return Store(here / "data" / "simulated" / "store.sqlite")


def test_rejected_frames_are_counted_with_their_reason(tmp_path):
    here = measured_night(tmp_path, StarField(frames=5), rejected=2)
    with stored(here) as store:
        found = tables_of(store, "v1", NIGHT)
        assert tables_of(store, "v2", NIGHT) is None
    assert (
        found is not None and len(found.tables["V"]) == 3 and found.left_out == {"V": ("2 frames: rejected, clouds",)}
    )


def test_the_target_lies_where_its_tables_say_or_nowhere():
    tables = StarField(frames=2).tables()
    assert place_of(tables) == TARGET
    with pytest.raises(UserError, match="'obsy astrometry' measures what moves"):
        place_of([replace(each, observation=replace(each.observation, target=None)) for each in tables])


def test_a_night_asks_for_its_own_tables_alone_and_for_none_without_lights(tmp_path, monkeypatch):
    here, asked = measured_night(tmp_path, StarField(frames=2)), []
    honest = Store.products

    def products(self, kind=None, night=None):
        asked.append(len(found := honest(self, kind, night)))
        return found

    monkeypatch.setattr(Store, "products", products)
    root = SimpleNamespace(folder=Path("simulated"))
    with Store(here / "data" / "simulated" / "store.sqlite") as store:
        store.put_product(replace(honest(store)[0], path=here / "data" / "simulated" / "a", night=date(2026, 11, 22)))
        assert len(tables_of(store, "v1", NIGHT).tables["V"]) == 2 and asked == [2]
        assert tables_of(store, "v2", NIGHT) is None and not has_tables(store, "v2", NIGHT) and asked == [2]
        assert night_tables(store, root, "v1", NIGHT).night == NIGHT and asked == [2, 2]
