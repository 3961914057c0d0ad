from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.library.master import CalibrationSet, LightNeed
from obsy.engine.library.needs import needs

NOW = datetime(2026, 11, 21, 16, tzinfo=UTC)
LUMINANCE = LightNeed("refractor", 180.0, "L")
KINDS = ("bias", "dark", "flat")


def test_an_empty_library_needs_bias_then_darks_then_flats_in_the_wheel_s_order(instrument):
    lights = {LightNeed("refractor", 180.0, "B"), LUMINANCE, LightNeed("refractor", 60.0, "L")}
    assert needs(lights, (), instrument, NOW) == (
        CalibrationSet("refractor", "bias", 0.0, None, 25),
        CalibrationSet("refractor", "dark", 60.0, None, 15),
        CalibrationSet("refractor", "dark", 180.0, None, 15),
        CalibrationSet("refractor", "flat", 2.0, "L", 12),
        CalibrationSet("refractor", "flat", 2.0, "B", 12),
    )


def test_a_full_library_needs_nothing(instrument, make_master):
    masters = tuple(make_master(kind) for kind in ("bias", "dark", "flat"))
    assert needs({LUMINANCE}, masters, instrument, NOW) == ()


def test_without_lights_nothing_is_needed(instrument):
    assert needs(set(), (), instrument, NOW) == ()


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("bias", {"taken_at": datetime(2026, 10, 1, tzinfo=UTC)}),
        ("bias", {"gain": 0}),
        ("bias", {"camera": "QHY"}),
        ("dark", {"temperature_c": -7.0}),
        ("dark", {"exposure_s": 60.0}),
        ("flat", {"taken_at": datetime(2026, 11, 10, tzinfo=UTC)}),
        ("flat", {"filter": "R"}),
        ("flat", {"binning": 2}),
    ],
)
def test_a_master_that_does_not_serve_is_built_again(kind, changed, instrument, make_master):
    masters = tuple(make_master(each, **(changed if each == kind else {})) for each in ("bias", "dark", "flat"))
    assert [need.kind for need in needs({LUMINANCE}, masters, instrument, NOW)] == [kind]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.builds(LightNeed, st.just("refractor"), st.sampled_from([30.0, 60.0, 180.0]), st.sampled_from("LRGB")))
)
def test_building_what_is_needed_leaves_nothing_needed(instrument, make_master, lights):
    built = tuple(
        make_master(need.kind, exposure_s=need.exposure_s, filter=need.filter)
        for need in needs(lights, (), instrument, NOW)
    )
    assert needs(lights, built, instrument, NOW) == ()


@pytest.mark.parametrize(("kind", "days"), [("bias", 30), ("dark", 30), ("flat", 7)])
def test_a_master_serves_to_the_end_of_its_last_day_and_no_longer(kind, days, instrument, make_master):
    def asked(age):
        masters = tuple(make_master(each, taken_at=NOW - (age if each == kind else timedelta())) for each in KINDS)
        return [need.kind for need in needs({LUMINANCE}, masters, instrument, NOW)]

    assert asked(timedelta(days=days)) == []
    assert asked(timedelta(days=days, microseconds=1)) == [kind]


@pytest.mark.parametrize(
    ("degrees", "serves"), [(-10.0, True), (-9.0, True), (-11.0, True), (-8.9, False), (None, True)]
)
def test_a_dark_serves_as_near_to_the_set_point_as_is_declared(degrees, serves, instrument, make_master):
    masters = (make_master("bias"), make_master("dark", temperature_c=degrees), make_master("flat"))
    assert (needs({LUMINANCE}, masters, instrument, NOW) == ()) == serves


def test_a_filter_that_the_wheel_does_not_have_comes_last(instrument):
    lights = {
        LightNeed("refractor", 60.0, "OIII"),
        LightNeed("refractor", 60.0, "Ha"),
        LightNeed("refractor", 60.0, "L"),
    }
    flats = [need.filter for need in needs(lights, (), instrument, NOW) if need.kind == "flat"]
    assert flats == ["L", "Ha", "OIII"]


def test_lights_and_masters_of_another_train_count_for_nothing(instrument, make_master):
    elsewhere = LightNeed("newton", 180.0, "L")
    assert needs({elsewhere}, (), instrument, NOW) == ()
    masters = tuple(make_master(kind, train="newton") for kind in ("bias", "dark", "flat"))
    assert [need.kind for need in needs({LUMINANCE}, masters, instrument, NOW)] == ["bias", "dark", "flat"]


def test_without_a_panel_no_flat_is_asked_for(instrument):
    bare = replace(instrument, train=instrument.train.model_copy(update={"panel": None}))
    assert [need.kind for need in needs({LUMINANCE}, (), bare, NOW)] == ["bias", "dark"]
