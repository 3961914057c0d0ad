"""What holds for every constraint that a plan may declare, whichever way the sky turns."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.sky.air import airmass
from obsy.engine.sky.constraints import allowed, allows, declared, reason, why_not
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.track import Track
from obsy.schemas.when import When
from tests.support.effort import examples

COUNT = 12
RANGES = {
    "altitude_deg": (-90, 90),
    "sun_altitude_deg": (-90, 90),
    "moon_altitude_deg": (-90, 90),
    "moon_separation_deg": (0, 180),
    "moon_illuminated_percent": (0, 100),
    "hour_angle_h": (-12, 12),
}
ANGLES, APART = st.integers(-89, 89), st.integers(0, 180)
BOUNDS = st.lists(ANGLES, min_size=2, max_size=2, unique=True).map(sorted)
PHRASES = {
    "altitude": st.one_of(
        ANGLES.map("above {} deg".format),
        ANGLES.map("below {} deg".format),
        BOUNDS.map(lambda ends: "above {} deg and below {} deg".format(*ends)),
    ),
    "airmass": st.integers(11, 60).map(lambda tenths: f"below {tenths / 10}"),
    "moon": st.one_of(
        APART.map("farther than {} deg".format),
        st.integers(0, 100).map("fainter than {} %".format),
        ANGLES.map("below {} deg".format),
        st.tuples(APART, ANGLES).map(lambda both: "farther than {} deg and below {} deg".format(*both)),
    ),
    "sun": st.integers(-90, 0).map("below {} deg".format),
    "dates": st.sampled_from(["after 2026-11-21 20:04 UTC", "before 2026-11-21 20:07 UTC"]),
    "meridian": st.integers(0, 12).map("within {} h".format),
    "hour_angle": st.tuples(st.integers(-12, -1), st.integers(0, 12)).map(
        lambda both: "above {} h and below {} h".format(*both)
    ),
    "phase": st.just("of minimum and after 0.5 and before 0.25"),
    "season": st.sampled_from(["after 11-21 and before 11-21", "after 12-01 and before 11-20"]),
}
"""What a person may write of each constraint."""


def tracks(grid: Grid) -> st.SearchStrategy[Track]:
    """Skies in which every quantity is anything it can be, at whole numbers, where limits stand too."""

    def make(drawn: dict[str, list[int]]) -> Track:
        names = {field.name for field in fields(Track)} - {"grid", "longitude_deg", "phases"}
        arrays = {n: np.array(drawn.get(n, [0] * COUNT), dtype=float) for n in names}
        return Track(grid=grid, **arrays, phases={"minimum": np.arange(COUNT) / COUNT})

    values = {name: st.lists(st.integers(*ends), min_size=COUNT, max_size=COUNT) for name, ends in RANGES.items()}
    return st.fixed_dictionaries(values).map(make)


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Any `when`, as a person writes it."""
    named = draw(st.sets(st.sampled_from(sorted(PHRASES)), min_size=1))
    return When.model_validate({name: draw(PHRASES[name]) for name in sorted(named)})


@pytest.fixture(scope="module")
def grid() -> Grid:
    return Grid(datetime(2026, 11, 21, 20, tzinfo=UTC), 60.0, COUNT)


def holds(when: When, track: Track, at: int) -> bool:
    """What a `when` means at one instant, said once more in plain Python."""

    def within(value: float, above: float | None, below: float | None) -> bool:
        return (above is None or value >= above) and (below is None or value <= below)

    moon_deg, time = track.moon_altitude_deg[at], track.grid.start + timedelta(seconds=60 * at)
    said: dict[str, Callable[[Any], bool]] = {
        "altitude": lambda c: within(track.altitude_deg[at], c.above, c.below),
        "airmass": lambda c: within(airmass(track.altitude_deg)[at], c.above, c.below),
        "moon": lambda c: (
            moon_deg < min(0.0, c.below if c.below is not None else 0.0)
            or (
                within(track.moon_separation_deg[at], c.farther_than, None)
                and within(track.moon_illuminated_percent[at], None, c.fainter_than)
                and within(moon_deg, None, c.below)
            )
        ),
        "sun": lambda c: within(track.sun_altitude_deg[at], None, c.below),
        "dates": lambda c: (c.after is None or time >= c.after) and (c.before is None or time <= c.before),
        "meridian": lambda c: within(abs(track.hour_angle_h[at]), None, c.within),
        "hour_angle": lambda c: within(track.hour_angle_h[at], c.above, c.below),
        "season": lambda c: c.after == (11, 21),
        "phase": lambda c: at not in {4, 5},
    }
    return all(said[name](c) for name in When.model_fields if (c := getattr(when, name)) is not None)


def test_every_word_of_when_has_its_constraint_and_its_law() -> None:
    assert set(PHRASES) == {name for name, field in When.model_fields.items() if not field.metadata}


@given(data=st.data())
def test_all_constraints_together_mean_what_they_say_at_every_instant(grid: Grid, data: st.DataObject) -> None:
    when, track = data.draw(whens()), data.draw(tracks(grid))
    mask = allowed(declared(when), track)
    assert mask.dtype == np.bool_
    assert mask.tolist() == [holds(when, track, at) for at in range(COUNT)]


@given(data=st.data())
def test_one_more_constraint_never_allows_more(grid: Grid, data: st.DataObject) -> None:
    when, track = data.draw(whens()), data.draw(tracks(grid))
    every = declared(when)
    for number in range(len(every)):
        fewer = allowed([*every[:number], *every[number + 1 :]], track)
        assert not (allowed(every, track) & ~fewer).any()
    assert allowed((), track).all()


@settings(max_examples=examples(60))
@given(data=st.data())
def test_each_instant_is_judged_by_itself(grid: Grid, data: st.DataObject) -> None:
    when, track = data.draw(whens()), data.draw(tracks(grid))
    order = np.array(data.draw(st.permutations(range(COUNT))))
    turned = replace(track, **{name: getattr(track, name)[order] for name in RANGES})
    turned = replace(turned, phases={name: phase[order] for name, phase in track.phases.items()})
    for constraint in declared(when):
        if type(constraint).__name__ != "Dates":
            assert allows(constraint, turned).tolist() == allows(constraint, track)[order].tolist()


@given(data=st.data())
def test_the_one_that_is_blamed_refuses_the_most_of_what_is_on_offer(grid: Grid, data: st.DataObject) -> None:
    when, track = data.draw(whens()), data.draw(tracks(grid))
    within = np.array(data.draw(st.lists(st.booleans(), min_size=COUNT, max_size=COUNT)))
    every = declared(when)
    refused = [sum(bool(w) and not a for w, a in zip(within, allows(c, track), strict=True)) for c in every]
    blamed = why_not(every, [allows(each, track) for each in every], within)
    if blamed is None:
        assert max(refused) == 0
        assert allowed(every, track)[within].all()
    else:
        assert refused[every.index(blamed)] == max(refused) > 0
        assert refused.index(max(refused)) == every.index(blamed)


@given(whens())
def test_a_reason_reads_on_after_because_and_names_every_limit(when: When) -> None:
    for constraint in declared(when):
        words = reason(constraint)
        assert words.split()[0] in {"it", "its", "the"}
        assert not words.endswith(".")
        for name in type(constraint).model_fields:
            limit = getattr(constraint, name)
            if isinstance(limit, float):
                assert f"{limit:g}" in words
            elif isinstance(limit, str):
                assert limit in words
            elif isinstance(limit, tuple):
                assert "{:02}-{:02}".format(*limit) in words
            elif limit is not None:
                assert f"{limit:%Y-%m-%d %H:%M}" in words


@given(whens(), whens())
def test_a_goal_s_own_words_win_and_the_others_stay(mine: When, theirs: When) -> None:
    both = mine.over(theirs)
    for name in When.model_fields:
        assert getattr(both, name) == (getattr(mine, name) or getattr(theirs, name))
    assert mine.over(mine) == mine
