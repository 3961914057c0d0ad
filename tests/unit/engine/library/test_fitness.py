"""Of the masters that may calibrate a frame the one nearest to it is taken, and it is told which, and why no other."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from obsy.engine.library.fitness import held_against
from obsy.engine.library.match import match
from tests.unit.engine.library.test_match import NOW, Light

DAY = timedelta(days=1)


def made(make_master, kind, name, days=0.0, **changed):
    """A master taken so many days before the light."""
    return make_master(kind, path=Path(f"{name}.fits"), sha256=name, taken_at=NOW - days * DAY, **changed)


@pytest.mark.parametrize(
    ("kind", "better", "worse"),
    [
        ("bias", {"days": 2}, {"days": -5}),  # nearest in time, also to a light of last month that is reduced again
        ("dark", {"days": 3, "temperature_c": -10.3}, {"days": 0, "temperature_c": -9.4}),
        ("dark", {"days": 1, "temperature_c": -10.0}, {"days": 20, "temperature_c": -10.3}),
        ("dark", {"days": 29, "temperature_c": -9.4}, {"days": 31, "temperature_c": -10.3}),  # fresh before stale
        ("flat", {"days": 6, "rotation_deg": 40.1}, {"days": 1, "rotation_deg": 130.0}),
        ("flat", {"days": 0, "rotation_deg": 359.9}, {"days": 0, "rotation_deg": 1.0}),
        ("flat", {"days": 6, "rotation_deg": 40.0}, {"days": 0, "rotation_deg": None}),  # known before unknown
        ("bias", {"days": 20, "readout": "low noise"}, {"days": 0, "readout": None}),
        ("bias", {"days": 20, "readout": "low noise"}, {"days": 0, "readout": "fast"}),
        ("flat", {"days": 1, "frames": 30}, {"days": 1, "frames": 15}),
    ],
)
def test_the_nearest_is_taken_not_the_newest(kind, better, worse, make_master, calibration):
    turn = {"rotation_deg": 0.0 if better.get("rotation_deg") == 359.9 else 40.0} if kind == "flat" else {}
    light = replace(Light(), readout="low noise", **turn)
    library = made(make_master, kind, "better", **better), made(make_master, kind, "worse", **worse)
    for order in permutations(library):
        assert getattr(match(light, order, calibration), kind) == library[0]


def test_how_far_a_master_of_the_same_day_is_away_is_told_in_hours_and_minutes(make_master, calibration):
    for days, told in ((0.25, "6 h"), (1.0, "1.0 d"), (1 / 1440, "1 min")):
        assert match(Light(), [made(make_master, "bias", "b1", days)], calibration).why[0] == f"bias: b1.fits ({told})"


def test_it_is_told_which_was_taken_and_why_no_other(make_master, calibration):
    light = replace(Light(), rotation_deg=40.0)
    library = (
        made(make_master, "bias", "b1", 2),
        made(make_master, "bias", "b2", 40),
        made(make_master, "dark", "d1", 1, temperature_c=-10.0),
        made(make_master, "dark", "d2", 0, temperature_c=-4.0, gain=0),
        made(make_master, "dark", "d3", 0, exposure_s=60.0),
        made(make_master, "flat", "f1", 8, rotation_deg=41.0),
    )
    assert match(light, library, calibration).why == (
        "bias: b1.fits (2.0 d), not b2.fits (40.0 d, older than 30 d)",
        "dark: d1.fits (0.3 degC, 1.0 d), not d3.fits (60 s)",
        "flat: f1.fits (turned by 1 deg, 8.0 d, older than 7 d)",
    )


def test_where_there_is_none_it_is_told_what_speaks_against_the_nearest(make_master, calibration):
    light = replace(Light(), readout="low noise")
    library = (
        made(make_master, "bias", "b", readout="fast"),
        made(make_master, "dark", "d", temperature_c=-4.0, gain=0),
        made(make_master, "flat", "f", filter="R"),
    )
    assert [line.rpartition(", not ")[2] for line in match(light, library, calibration).missing] == [
        "b.fits (readout mode fast)",
        "d.fits (gain 0, -4 degC)",
        "f.fits (R)",
    ]


@pytest.mark.parametrize(
    ("exposures_s", "taken"),
    [((180.0, 2.0, 60.0), 2.0), ((180.0, 60.0), 60.0), ((1.0, 180.0), 180.0), ((1.0,), None), ((), None)],
)
def test_a_flat_is_freed_of_a_dark_of_its_exposure_or_else_of_a_longer_one_scaled(
    exposures_s, taken, make_master, calibration
):
    flat = replace(Light(), kind="flat", exposure_s=2.0)
    library = tuple(made(make_master, "dark", f"d{each:g}", exposure_s=each) for each in exposures_s)
    found = match(flat, library, calibration)
    assert (found.dark and found.dark.exposure_s) == taken
    assert any(line.startswith("dark") for line in (found.missing if taken is None else found.why))
    assert match(replace(flat, exposure_s=0.0), library, calibration).dark is None, "nothing is scaled to nothing"


@pytest.mark.parametrize(
    "case",
    [
        ("bias", {}, {"days": 15}, 15 / 30),
        ("dark", {}, {"days": -3, "temperature_c": -9.9}, 3 / 30 + 0.4 / 2),
        ("dark", {"kind": "flat", "exposure_s": 0.5}, {"days": 0, "temperature_c": -10.3, "exposure_s": 50.0}, 2.0),
        ("flat", {"rotation_deg": 350.0}, {"days": 7, "rotation_deg": 1.5}, 1.0 + 11.5),
        ("flat", {"rotation_deg": 350.0}, {"days": 0, "rotation_deg": 338.5}, 11.5),
    ],
)
def test_the_distance_is_a_sum_in_units_of_what_is_allowed(case, make_master, calibration):
    kind, frame, changed, distance = case
    wide = calibration.model_copy(update={"dark": calibration.dark.model_copy(update={"within": 2.0})})
    found = held_against(replace(Light(), **frame), made(make_master, kind, "m", **changed), wide)
    assert (found.distance, found.against) == (pytest.approx(distance), ())
    assert found.scaled == (frame.get("kind") == "flat")


@pytest.mark.parametrize(("days", "stale"), [(30, False), (-30, False), (30.001, True)])
def test_it_is_stale_after_its_last_day(days, stale, make_master, calibration):
    found = held_against(Light(), made(make_master, "bias", "b", days), calibration)
    assert (found.stale, "older" in found.said) == (stale, stale)


def test_where_no_degree_is_allowed_a_dark_of_the_very_temperature_serves(make_master, calibration):
    exact = calibration.model_copy(update={"dark": calibration.dark.model_copy(update={"within": 0.0})})
    found = held_against(Light(), made(make_master, "dark", "d", temperature_c=-10.3), exact)
    assert (found.against, found.distance) == ((), 0.0)


def test_of_two_as_near_before_and_after_the_newer_is_taken(make_master, calibration):
    library = made(make_master, "bias", "before", 2), made(make_master, "bias", "after", -2)
    assert match(Light(), library, calibration).bias == library[1]


def test_a_light_is_freed_of_no_scaled_dark(make_master, calibration):
    assert match(replace(Light(), exposure_s=2.0), (make_master("dark"),), calibration).dark is None
