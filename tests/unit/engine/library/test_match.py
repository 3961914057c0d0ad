from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.library.master import CalibrationSet, LightNeed
from obsy.engine.library.match import match, needs, of_train
from obsy.schemas.calibration import FlatNeed

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
        ("flat", {"pedestal": True}),
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


@pytest.mark.parametrize(("exposure_s", "serves"), [(180.004, True), (179.83, True), (180.19, False), (179.8, False)])
def test_a_dark_whose_driver_rounds_is_not_taken_anew_each_day(
    exposure_s, serves, instrument, make_master, calibration
):
    masters = (make_master("bias"), make_master("dark", exposure_s=exposure_s), make_master("flat"))
    assert (needs({LUMINANCE}, masters, instrument, NOW) == ()) == serves
    assert (match(Light(), masters, calibration).dark is not None) == serves


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


def test_no_flat_is_asked_for_of_which_only_the_level_is_said(instrument):
    flat = FlatNeed.model_validate({"level": "25000 adu", "count": 9, "max_age": "9 d"})
    level = replace(instrument, calibration=instrument.calibration.model_copy(update={"flat": flat}))
    assert [need.kind for need in needs({LUMINANCE}, (), level, NOW)] == ["bias", "dark"]


@dataclass(frozen=True)
class Light:
    train: str = "refractor"
    camera: str = "ASI"
    binning: int = 1
    gain: int | None = 100
    offset: int | None = 30
    temperature_c: float | None = -10.3
    exposure_s: float = 180.0
    filter: str | None = "L"
    readout: str | None = None
    rotation_deg: float | None = None
    taken_at: datetime = NOW
    kind: str = "light"


@pytest.fixture
def library(make_master):
    return tuple(make_master(kind) for kind in ("bias", "dark", "flat"))


def test_a_light_finds_its_masters(library, calibration):
    found = match(Light(), library, calibration)
    assert (found.bias, found.dark, found.flat, found.missing) == (*library, ())


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"train": "newton"}, ["bias", "dark", "flat"]),
        ({"camera": "QHY"}, ["bias", "dark", "flat"]),
        ({"binning": 2}, ["bias", "dark", "flat"]),
        ({"gain": 0}, ["bias", "dark", "flat"]),
        ({"offset": 10}, ["bias", "dark", "flat"]),
        ({"temperature_c": -5.0}, ["dark"]),
        ({"exposure_s": 60.0}, ["dark"]),
        ({"filter": "R"}, ["flat"]),
    ],
)
def test_what_differs_does_not_calibrate(changed, lacks, library, calibration):
    found = match(replace(Light(), **changed), library, calibration)
    assert [line.split(":")[0] for line in found.missing] == lacks


def test_the_reason_names_what_was_looked_for(library, calibration):
    found = match(replace(Light(), exposure_s=60.0), library, calibration)
    assert found.missing == (
        "dark: none of 60 s at -10.3 degC of ASI, binning 1, gain 100, offset 30, not dark.fits (180 s)",
    )


def test_the_newest_wins(library, make_master, calibration):
    newer = make_master("bias", taken_at=datetime(2026, 11, 21, tzinfo=UTC), sha256="newer")
    assert match(Light(), (newer, *library), calibration).bias == newer
    assert match(Light(), (*library, newer), calibration).bias == newer


def test_what_a_header_does_not_say_rules_nothing_out(library, calibration):
    silent = replace(Light(), gain=None, offset=None, temperature_c=None)
    assert match(silent, library, calibration).missing == ()


def test_a_dark_that_differs_by_just_a_thousandth_serves(make_master, calibration):
    dark = make_master("dark", exposure_s=1001.0)
    assert match(replace(Light(), exposure_s=1000.0), [dark], calibration).dark == dark


@pytest.mark.parametrize(("exposure_s", "fits"), [(180.0, True), (180.17, True), (180.19, False), (179.83, True)])
def test_a_dark_may_differ_by_a_thousandth_of_its_exposure(exposure_s, fits, library, calibration):
    found = match(replace(Light(), exposure_s=exposure_s), library, calibration)
    assert (found.dark is not None) == fits


@pytest.mark.parametrize(("exposure_s", "fits"), [(0.1, True), (0.1009, True), (0.1011, False), (0.0, False)])
def test_below_a_second_it_may_differ_by_a_millisecond(exposure_s, fits, make_master, calibration):
    short = make_master("dark", exposure_s=0.1)
    assert (match(replace(Light(), exposure_s=exposure_s), (short,), calibration).dark is not None) == fits


@pytest.mark.parametrize(
    ("frame_c", "dark_c", "fits"),
    [
        (-10.0, -9.0, True),
        (-10.0, -11.0, True),
        (-10.0, -8.99, False),
        (-10.0, -11.01, False),
        (None, 20.0, True),
        (20.0, None, True),
        (0.0, 0.5, True),
        (0.5, 0.0, True),
        (0.0, 1.5, False),
        (1.5, 0.0, False),
    ],
)
def test_a_dark_is_as_near_in_temperature_as_is_asked(frame_c, dark_c, fits, make_master, calibration):
    dark = make_master("dark", temperature_c=dark_c)
    found = match(replace(Light(), temperature_c=frame_c), (dark,), calibration)
    assert (found.dark is not None) == fits


def test_of_two_taken_at_once_the_choice_is_always_the_same(make_master, calibration):
    twins = [make_master("bias", sha256=sha256) for sha256 in ("aa", "bb")]
    assert match(Light(), tuple(twins), calibration).bias == match(Light(), tuple(twins[::-1]), calibration).bias


def test_every_reason_is_told_in_full(calibration):
    bare = replace(Light(), temperature_c=None, filter=None, gain=None)
    assert match(bare, (), calibration).missing == (
        "bias: none of ASI, binning 1, offset 30",
        "dark: none of 180 s of ASI, binning 1, offset 30",
        "flat: none in no filter of ASI, binning 1, offset 30",
    )


@pytest.mark.parametrize("field", ["train", "camera", "binning", "gain", "offset"])
def test_a_master_is_of_a_train_only_if_all_of_its_readout_is(field, make_master, train):
    assert of_train(make_master("bias"), train)
    other = {"train": "newton", "camera": "QHY", "binning": 2, "gain": 0, "offset": 10}[field]
    assert not of_train(make_master("bias", **{field: other}), train)


READOUT = st.fixed_dictionaries(dict.fromkeys(("gain", "offset", "binning"), st.sampled_from([None, 0, 1])))


@given(READOUT, READOUT)
def test_only_what_both_say_can_rule_a_master_out(make_master, calibration, light, master):
    bias = make_master("bias", **master)
    fits = all(None in (said, master[part]) or said == master[part] for part, said in light.items())
    assert (match(replace(Light(), **light), (bias,), calibration).bias == bias) == fits


def test_the_reason_does_not_name_what_the_header_does_not_say(calibration):
    said = match(replace(Light(), gain=None, offset=None, camera=None), (), calibration).missing
    assert said[0] == "bias: none of its camera, binning 1"


def test_a_flat_that_has_its_pedestal_still_calibrates_nothing(make_master, calibration):
    (told,) = match(Light(), (make_master("flat", pedestal=True),), calibration).missing[2:]
    assert told.endswith("not flat.fits (its pedestal is still in it)")
    assert match(Light(), (make_master("dark", pedestal=True),), calibration).dark is not None
