from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from obsy.engine.sky.constraints import allows, reason, unit
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.moon import Moon


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("farther than 60 deg", [True, True, False, False, True, True]),
        ("fainter than 50 %", [True, True, False, True, True, False]),
        ("below 10 deg", [True, True, True, False, False, False]),
        ("farther than 60 deg and fainter than 50 %", [True, True, False, False, True, False]),
        ("below -10 deg", [True, False, False, False, False, False]),
    ],
)
def test_a_moon_below_the_horizon_spoils_nothing(seen, said, expected):
    track = seen(
        moon_altitude_deg=[-20, -1, 5, 20, 30, 40],
        moon_separation_deg=[10, 10, 10, 59, 60, 90],
        moon_illuminated_percent=[90, 90, 90, 50, 10, 51],
    )
    assert allows(Moon.model_validate(said), track).tolist() == expected


def test_the_reason_reads_as_it_was_declared():
    declared = Moon.model_validate("farther than 60 deg and fainter than 50 % and below 10 deg")
    assert reason(declared) == "the Moon is not farther than 60 deg and fainter than 50 % and below 10 deg"


def test_at_full_moon_all_of_the_distance_counts_and_half_of_it_a_width_before(seen):
    # Elongations of 180, 90 and 0 deg are 0, 7.38 and 14.77 days from full Moon.
    track = seen(moon_illuminated_percent=[100, 50, 0, 0, 0, 0], moon_altitude_deg=[45] * 6)
    week = Moon.model_validate("farther than 120 deg and width 7.382647 d")
    assert week.needed_deg(track)[:3].tolist() == pytest.approx([120, 60, 24], abs=0.01)


def test_a_relaxed_distance_shrinks_as_the_moon_sets(seen):
    track = seen(moon_altitude_deg=[60, 30, 15, 3, 0, -5])
    relaxed = Moon.model_validate("farther than 60 deg and relaxed below 30 deg")
    assert relaxed.needed_deg(track).tolist() == pytest.approx([60, 60, 30, 6, 0, 0])


@given(
    st.lists(st.floats(0, 180), min_size=6, max_size=6),
    st.lists(st.floats(0, 100), min_size=6, max_size=6),
    st.lists(st.floats(-90, 90), min_size=6, max_size=6),
)
def test_a_width_or_a_relaxed_moon_never_takes_time_away(far, lit, up):
    grid = Grid(datetime(2026, 11, 21, 20, tzinfo=UTC), 60.0, 6)
    zero = np.zeros(6)
    track = Track(grid, zero, zero, zero, zero, zero, zero, np.array(up), np.array(far), np.array(lit))
    plain = allows(Moon.model_validate("farther than 90 deg"), track)
    for more in ("width 5 d", "relaxed below 20 deg", "width 5 d and relaxed below 20 deg"):
        assert (allows(Moon.model_validate(f"farther than 90 deg and {more}"), track) >= plain).all()


@given(
    st.lists(st.integers(0, 180), min_size=6, max_size=6),
    st.lists(st.integers(0, 100), min_size=6, max_size=6),
    st.lists(st.integers(-90, 90), min_size=6, max_size=6),
    st.sampled_from(
        [
            "farther than 90 deg and fainter than 60 %",
            "farther than 60 deg and relaxed below 20 deg",
            "below 10 deg",
            "below -10 deg and farther than 50 deg and width 7 d",
        ]
    ),
)
def test_what_is_far_enough_is_all_that_the_limits_ask(far, lit, up, said):
    zero = np.zeros(6)
    arrays = (np.array(each, dtype=float) for each in (up, far, lit))
    track = Track(Grid(datetime(2026, 11, 21, 20, tzinfo=UTC), 60.0, 6), zero, zero, zero, zero, zero, zero, *arrays)
    limit = Moon.model_validate(said)
    assert (track.moon_separation_deg >= limit.enough_deg(track)).tolist() == allows(limit, track).tolist()


@pytest.mark.parametrize("alone", ["width 14 d", "relaxed below 20 deg", "fainter than 50 % and width 7 d"])
def test_what_changes_a_distance_needs_one(alone):
    with pytest.raises(ValidationError, match="says-nothing"):
        Moon.model_validate(alone)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("farther than 60 deg", "deg"),
        ("fainter than 50 %", "%"),
        ("farther than 60 deg and fainter than 50 %", "%"),
        ("farther than 60 deg and fainter than 85 %", "deg"),
        ("fainter than 89 % and below 10 deg", "deg"),
    ],
)
def test_the_margins_unit_is_that_of_the_limit_that_is_kept_least(seen, said, expected):
    track = seen(moon_altitude_deg=[20], moon_separation_deg=[50], moon_illuminated_percent=[90])
    assert unit(Moon.model_validate(said), track, 0) == expected
