"""Every quantity a person may write: its factors beside astropy's, its range at both ends, and what is refused."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, get_args

import pytest
from astropy import units as u
from astropy.coordinates import Angle, Latitude, Longitude
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from obsy import moments, units
from obsy.schemas.constraints.hour_angle import HourAngleHours

# What astropy calls the units that it spells otherwise; `None` where it has none, so that only 1 is allowed.
SPELT = {
    "°": u.deg, "µm": u.um, "degC": u.K, "°C": u.K, "C": u.K, "%": u.percent, "adu": u.adu, "ADU": u.adu,
    "e": u.electron, "ke": 1000 * u.electron, "e/adu": u.electron / u.adu, "e/ADU": u.electron / u.adu,
    "e/s": u.electron / u.s, "e/min": u.electron / u.min, "e/h": u.electron / u.h, "AU": u.au, "h": u.h,
    "deg/s": u.deg / u.s, "arcmin/s": u.arcmin / u.s, "arcsec/s": u.arcsec / u.s, "px": u.pix, "pixels": u.pix,
    "kn": 1852 * u.m / u.h, "mph": u.imperial.mile / u.h, "km/h": u.km / u.h, "m/s": u.m / u.s, "mm/h": u.mm / u.h,
    "mas/y": u.mas / u.yr, "arcsec/y": u.arcsec / u.yr,
    "step": None, "steps": None, "steps/degC": None, "sigma": None, "fwhm": None, "FWHM": None, "BJD_TDB": None,
}  # fmt: skip

RANGES = [
    (units.AltitudeDegrees, -90, 90, "deg"),
    (units.Azimuth, -360, 360, "deg"),
    (units.SunDistance, 10, 180, "deg"),
    (units.Separation, 0, 180, "deg"),
    (units.Arcseconds, 0, None, "arcsec"),
    (units.Declination, -90, 90, "deg"),
    (units.ProperMotion, -20_000, 20_000, "mas/y"),
    (units.Parallax, 0, 1000, "mas"),
    (units.Latitude, -90, 90, "deg"),
    (units.Longitude, -180, 180, "deg"),
    (units.Seconds, 0, None, "s"),
    (units.DownloadTime, 0, 600, "s"),
    (units.MaxAge, 1, 900, "s"),
    (units.TimeShift, -86_400, 86_400, "s"),
    (units.Hours, 0, None, "h"),
    (units.Days, 0, None, "d"),
    (units.Millimetres, 0.3, 100_000, "mm"),
    (units.Micrometres, 0.5, 100, "um"),
    (units.SetPoint, -150.0, 50.0, "degC"),
    (units.CelsiusApart, 0, None, "degC"),
    (units.Percent, 0, 100, "%"),
    (units.DegreesPerSecond, 0.03, None, "deg/s"),
    (units.Counts, 0, None, "adu"),
    (units.ReadNoise, 0.05, 200, "e"),
    (units.FullWell, 100, 5_000_000, "e"),
    (units.ElectronsPerCount, 0.0001, 100, "e/adu"),
    (units.ElectronsPerSecond, 0, None, "e/s"),
    (units.Pixels, 0, None, "px"),
    (units.Sigmas, 0, None, "sigma"),
    (units.Widths, 0, None, "fwhm"),
    (units.AstronomicalUnits, 0.0001, None, "au"),
    (Annotated[float, units.WEATHER["rain"]], 0, 500, "mm/h"),
    (Annotated[float, units.WEATHER["cloud"]], 0, 100, "%"),
    (Annotated[float, units.WEATHER["wind"]], 0, 400, "km/h"),
    (Annotated[float, units.WEATHER["humidity"]], 0, 100, "%"),
    (Annotated[float, units.WEATHER["temperature"]], -90, 60, "degC"),
    (Annotated[float, units.WEATHER["sky"]], -100, 60, "degC"),
    (Annotated[float, units.WEATHER["battery"]], 0, 100, "%"),
    (Annotated[float, units.WEATHER["mains"]], 0, 100, "%"),
    (Annotated[float, units.WEATHER["monitor"]], 0, 100, "%"),
    (Annotated[float, units.WEATHER["disk"]], 0, 1e9, "GB"),
    (Annotated[float, units.WEATHER["clock"]], 0, 1e10, "s"),
]
"""The range of each quantity, both ends included, and the unit it is kept in."""


def quantities() -> Iterator[tuple[str, units.Quantity]]:
    """Every quantity by its name."""
    for name, kind in vars(units).items():
        for part in get_args(kind)[1:]:
            if isinstance(part, units.Quantity):
                yield name, part
    yield from units.WEATHER.items()


FACTORS = [(n, quantity, text) for n, quantity in quantities() for text in quantity.units]


def read(unit: Any, text: object) -> Any:
    return TypeAdapter(unit).validate_python(text)


def code(unit: Any, text: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(unit, text)
    return str(caught.value.errors()[0]["ctx"]["code"])


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        (units.Degrees, "35 deg", 35.0),
        (units.Degrees, "30arcmin", 0.5),
        (units.Degrees, "-1.5e1 °", -15.0),
        (units.Arcseconds, "0.5 arcmin", 30.0),
        (units.RightAscension, "00h42m44.3s", 10.684583),  # M31 in the NGC: 10.6846 deg
        (units.RightAscension, "05:35:17.3", 83.822083),  # Trapezium, J2000: 83.8221 deg
        (units.RightAscension, "6 h", 90.0),
        (units.RightAscension, "10.68 deg", 10.68),
        (units.Declination, "+41d16m09s", 41.269167),
        (units.Declination, "-00:30:00", -0.5),
        (units.Declination, "-05°23′28″", -5.391111),
        (units.Latitude, "+38d09m36s", 38.16),
        (units.Seconds, "3 h", 10800.0),
        (units.Days, "12 h", 0.5),
        (units.Hours, "90 min", 1.5),
        (units.Micrometres, "3.76 um", 3.76),
        (Annotated[float, units.WEATHER["wind"]], "10 m/s", 36.0),
        (units.FullWell, "50 ke", 50000.0),
        (units.SetPoint, "-15 degC", -15.0),
    ],
)
def test_a_quantity_is_read_in_the_unit_of_its_type(unit: Any, text: str, value: float) -> None:
    assert read(unit, text) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("bare", [35, 35.0, "35", " 35 "])
def test_a_bare_number_is_not_an_angle(bare: object) -> None:
    assert code(units.Degrees, bare) == "no-unit"


def test_minutes_of_time_are_no_angle() -> None:
    assert code(units.Degrees, "30 m") == "unknown-unit"


def test_hours_are_no_declination() -> None:
    assert code(units.Declination, "05h35m17s") == "unknown-unit"


@pytest.mark.parametrize("text", ["24h00m00s", "360 deg", "-1 deg"])
def test_a_right_ascension_stays_in_its_circle(text: str) -> None:
    assert code(units.RightAscension, text) == "out-of-range"


def test_sixty_minutes_are_not_written_as_minutes() -> None:
    assert code(units.Declination, "+41d60m09s") == "unknown-unit"


@pytest.mark.parametrize("text", ["-1 s", "1e999 h"])
def test_a_time_span_is_neither_negative_nor_endless(text: str) -> None:
    assert code(units.Seconds, text) == "out-of-range"


def test_nothing_is_colder_than_nothing() -> None:
    assert code(units.SetPoint, "-300 degC") == "out-of-range"


@pytest.mark.parametrize("value", [None, True, [], {}, "", "deg", "three deg"])
def test_what_is_no_quantity_is_called_none(value: object) -> None:
    assert code(units.Degrees, value) == "not-a-quantity"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 20:30 UTC", datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        ("2026-11-21T20:30:15Z", datetime(2026, 11, 21, 20, 30, 15, tzinfo=UTC)),
        ("2026-11-21 21:30 +01:00", datetime(2026, 11, 21, 20, 30, tzinfo=UTC)),
        ("2026-11-21.5 UTC", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-21 TT", datetime(2026, 11, 20, 23, 58, 50, 816000, tzinfo=UTC)),  # 69.184 s, IERS Bulletin C 52
    ],
)
def test_a_moment_has_a_zone(text: str, moment: datetime) -> None:
    assert read(moments.Moment, text) == moment


@pytest.mark.parametrize("text", ["2026-11-21 20:30", "2026-13-01 UTC", "tomorrow", 20261121, "0001-01-01 TT"])
def test_what_has_no_zone_is_no_moment(text: object) -> None:
    assert code(moments.Moment, text) == "not-a-moment"


def test_a_clock_time_is_written_with_a_colon() -> None:
    assert read(moments.ClockTime, "02:00") == time(2)
    assert code(moments.ClockTime, "2 am") == "not-a-clock-time"


@given(st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from(sorted(units.ANGLE)))
def test_every_angle_is_read_back(number: float, unit: str) -> None:
    assert read(units.Degrees, f"{number!r} {unit}") == pytest.approx(number * units.ANGLE[unit])


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for unit in (units.Degrees, units.RightAscension, units.Declination, moments.Moment, moments.ClockTime):
        try:
            read(unit, text)
        except ValidationError as error:
            assert error.errors()[0]["type"] == "unfit"


@pytest.mark.parametrize(("name", "quantity", "text"), FACTORS, ids=[f"{n}-{text}" for n, _, text in FACTORS])
def test_every_factor_is_astropys(name: str, quantity: units.Quantity, text: str) -> None:
    def astropys(unit: str) -> Any:
        return SPELT[unit] if unit in SPELT else u.Unit(unit)

    if astropys(text) is None:
        assert quantity.units[text] == 1.0
    elif name == "RightAscension" and text == "h":
        assert quantity.units[text] == pytest.approx((1 * u.hourangle).to_value(u.deg), rel=1e-15)
    else:
        ratio = (1 * u.Unit(astropys(text))).to_value(u.Unit(astropys(quantity.unit)))
        assert quantity.units[text] == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize(("name", "quantity"), list(quantities()), ids=[name for name, _ in quantities()])
def test_the_example_of_every_complaint_is_read_and_shown_to_editors(name: str, quantity: units.Quantity) -> None:
    kind = getattr(units, name, Annotated[float, quantity])
    assert isinstance(read(kind, quantity.example), float)
    schema = TypeAdapter(kind).json_schema()
    assert (schema["type"], schema["title"], schema["examples"]) == ("string", quantity.what, [quantity.example])
    assert re.fullmatch(schema["pattern"], quantity.example)


def test_editors_take_a_time_span_in_the_units_of_its_quantity_and_no_other() -> None:
    hours = TypeAdapter(units.Hours).json_schema()["pattern"]
    assert re.fullmatch(hours, "3 h 30 min")
    assert not re.fullmatch(hours, "1 d 3 h")
    assert not re.fullmatch(TypeAdapter(units.Metres).json_schema()["pattern"], "3 h 30 min")


@pytest.mark.parametrize(("kind", "title"), [(moments.Moment, "date"), (moments.ClockTime, "time of the night")])
def test_the_example_of_a_time_is_read_and_shown_to_editors(kind: Any, title: str) -> None:
    schema = TypeAdapter(kind).json_schema()
    assert schema["type"] == "string"
    assert title in schema["title"]
    assert all(read(kind, example) is not None for example in schema["examples"])


@pytest.mark.parametrize(("kind", "least", "most", "unit"), RANGES)
def test_a_range_includes_its_ends_and_nothing_beyond(kind: Any, least: float, most: float | None, unit: str) -> None:
    for end, beyond in ((least, math.nextafter(least, -math.inf)), (most, math.nextafter(most or 0, math.inf))):
        if end is None:
            assert read(kind, f"1e300 {unit}") == 1e300
            continue
        assert read(kind, f"{end} {unit}") == end
        with pytest.raises(ValidationError) as caught:
            read(kind, f"{beyond!r} {unit}")
        said = caught.value.errors()[0]["ctx"]
        assert said["code"] == "out-of-range"
        lasts = unit == "s" and most != 1e10
        ends = [units.duration(each) if lasts else f"{each:.7g} {unit}" for each in (least, most or 0)]
        bounds = f"at least {ends[0]}" + ("" if most is None else f" and at most {ends[1]}")
        assert said["expected"].endswith(f", {bounds}")


@pytest.mark.parametrize("kind", [units.Degrees, units.Metres, units.Steps, units.StepsPerCelsius])
def test_a_quantity_without_a_range_is_anything_but_infinite(kind: Any) -> None:
    (quantity,) = (part for part in get_args(kind)[1:])
    assert [read(kind, f"{sign}1e300 {quantity.unit}") for sign in "+-"] == [1e300, -1e300]
    for text in (f"1e999 {quantity.unit}", f"-1e999 {quantity.unit}"):
        with pytest.raises(ValidationError) as caught:
            read(kind, text)
        assert caught.value.errors()[0]["ctx"]["expected"].endswith(", not infinite")


def test_every_quantity_has_its_range_written_down_here() -> None:
    free = {"Degrees", "Metres", "Steps", "StepsPerCelsius", "RightAscension", "SunAltitude"}
    known = [name for name, _ in quantities()]
    assert len(known) == len(RANGES) + len(free)
    assert free <= set(known)


@pytest.mark.parametrize("number", [0.0, -0.5, -18.0, -90.0])
def test_the_sun_may_be_down(number: float) -> None:
    assert read(units.SunAltitude, f"{number} deg") == number


@pytest.mark.parametrize(
    ("text", "said", "cure"),
    [
        ("0.001 deg", "sun-not-down", "put a minus before it: 'below -0.001 deg'"),
        ("18 deg", "sun-not-down", "put a minus before it: 'below -18 deg'"),
        ("90 deg", "sun-not-down", "put a minus before it: 'below -90 deg'"),
        ("91 deg", "out-of-range", "write for example '-18 deg'"),
        ("-90.1 deg", "out-of-range", "write for example '-18 deg'"),
    ],
)
def test_a_forgotten_minus_is_found_where_it_makes_sense(text: str, said: str, cure: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(units.SunAltitude, text)
    found = caught.value.errors()[0]["ctx"]
    assert (found["code"], found["mend"]) == (said, cure)


def test_the_sun_is_out_of_range_beyond_the_zenith_and_below_the_nadir() -> None:
    for text in ("91 deg", "-91 deg"):
        with pytest.raises(ValidationError) as caught:
            read(units.SunAltitude, text)
        found = caught.value.errors()[0]["ctx"]["expected"]
        assert found == "an altitude of the Sun, at least -90 deg and at most 0 deg"


def test_the_kinds_of_weather_have_labels_and_plausible_ranges() -> None:
    assert {name: each.label for name, each in units.WEATHER.items()} == {
        "rain": "Rain", "cloud": "Cloud", "wind": "Wind", "humidity": "Humidity", "temperature": "Temperature",
        "sky": "Sky", "battery": "Battery", "mains": "Mains", "monitor": "Monitor", "disk": "Disk", "clock": "Clock",
    }  # fmt: skip
    for each in units.WEATHER.values():
        assert each.plausible(each.least) and each.plausible(each.most)
        assert not each.plausible(math.nextafter(each.least, -math.inf))
        assert not each.plausible(math.nextafter(each.most, math.inf))
        assert not each.plausible(math.nan)


HOURS, DEGREES, SIXTIETHS = st.integers(0, 23), st.integers(0, 89), st.integers(0, 59)
SECONDS = st.integers(0, 59_999).map(lambda thousandths: thousandths / 1000)


@given(HOURS, SIXTIETHS, SECONDS, st.sampled_from(["{}h{}m{}s", "{}:{}:{}", "{} h {} m {} s"]))
def test_hours_minutes_and_seconds_are_what_astropy_makes_of_them(h: int, m: int, s: float, shape: str) -> None:
    assert read(units.RightAscension, shape.format(h, m, s)) == pytest.approx(Longitude(f"{h}h{m}m{s}s").deg)


@given(st.sampled_from("+-"), DEGREES, SIXTIETHS, SECONDS, st.sampled_from(["{}d{}m{}s", "{}:{}:{}", "{}°{}′{}″"]))
def test_degrees_minutes_and_seconds_are_what_astropy_makes_of_them(
    sign: str, d: int, m: int, s: float, shape: str
) -> None:
    text = sign + shape.format(d, m, s)
    assert read(units.Declination, text) == pytest.approx(Latitude(f"{sign}{d}d{m}m{s}s").deg, abs=1e-12)


@pytest.mark.parametrize(("text", "degrees"), [("5d30m", "5d30m0s"), ("5:30", "5d30m0s"), ("-0d00m01s", "-0d0m1s")])
def test_seconds_may_be_left_out(text: str, degrees: str) -> None:
    assert read(units.Declination, text) == pytest.approx(Angle(degrees).deg, abs=1e-12)


@pytest.mark.parametrize("text", ["5d60m00s", "5d59m60.1s", "5:60:00", "5:00:61", "5d60m"])
def test_sixty_is_written_as_one_of_the_next(text: str) -> None:
    assert code(units.Declination, text) in {"unknown-unit", "not-a-quantity"}
    assert units.sexagesimal(text) is None


@given(st.floats(0, 360, exclude_max=True), st.sampled_from(["h m s", ": : "]), st.integers(0, 3))
def test_seconds_of_sixty_that_a_program_rounded_are_read(degrees: float, marks: str, places: int) -> None:
    hours, rest = divmod(degrees / 15, 1)
    minutes, rest = divmod(rest * 60, 1)
    first, then, last = marks.split(" ")
    text = f"{int(hours):02}{first}{int(minutes):02}{then}{rest * 60:0{places + 3 if places else 2}.{places}f}{last}"
    turned = (read(units.RightAscension, text) - degrees + 180) % 360 - 180
    assert turned == pytest.approx(0, abs=15 * 0.5001 * 10**-places / 3600)
    assert units.sexagesimal("05h12m60.0s") == units.sexagesimal("05h13m00s")


@given(st.integers(60, 400 * 3600))
def test_a_duration_is_read_as_it_is_printed(seconds: int) -> None:
    assert read(units.Seconds, units.duration(seconds)) == pytest.approx(seconds, abs=30)


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [(units.Seconds, "3 h 30 min", 12600), (units.Days, "1 d 12 h", 1.5), (units.Hours, "1h30min", 1.5)]
    + [(units.TimeShift, "-1 min 30 s", -90)],
)
def test_a_time_span_may_be_said_in_several_units(unit: Any, text: str, number: float) -> None:
    assert read(unit, text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["30 min 3 h", "3 h 3 h", "3 h -30 min", "1 h 2 deg", "3 h 30"])
def test_a_larger_unit_comes_first_and_each_once(text: str) -> None:
    assert code(units.Seconds, text) == "unknown-unit"


def test_a_span_is_said_in_the_units_of_its_quantity_alone() -> None:
    assert code(HourAngleHours, "1 h 30 s") == "unknown-unit"


def test_a_day_alone_is_no_moment_but_a_night() -> None:
    assert code(moments.Moment, "2026-12-24") == "not-a-moment"
    assert read(moments.NightOrMoment, " 2026-12-24 ") == date(2026, 12, 24)
    assert read(moments.NightOrMoment, "2026-12-24 20:00 UTC") == datetime(2026, 12, 24, 20, tzinfo=UTC)
    assert code(moments.NightOrMoment, "2026-02-30") == "not-a-moment"
    assert moments.noon(date(2026, 12, 24), 15.0) == datetime(2026, 12, 24, 11, tzinfo=UTC)


def test_fifty_nine_is_the_last_minute_and_the_last_second() -> None:
    assert units.sexagesimal("5d59m59.9s") == (pytest.approx(5 + 59 / 60 + 59.9 / 3600, abs=1e-12), "d")
    assert units.sexagesimal("+05:59:59") == (pytest.approx(5 + 59 / 60 + 59 / 3600, abs=1e-12), ":")
    assert units.sexagesimal("three o'clock") is None


def test_the_last_right_ascension_is_just_below_a_whole_turn() -> None:
    assert read(units.RightAscension, "23h59m59.99s") < 360.0
    assert read(units.RightAscension, "0h00m00s") == 0.0
    assert read(units.RightAscension, "0 deg") == 0.0
    with pytest.raises(ValidationError) as caught:
        read(units.RightAscension, "24:00:00")
    assert "from 0h to below 24h" in caught.value.errors()[0]["ctx"]["expected"]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_moment_of_any_zone_is_the_same_instant(when: datetime, minutes: int) -> None:
    hours, rest = divmod(abs(minutes), 60)
    zone = f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
    found = read(moments.Moment, f"{when:%Y-%m-%d %H:%M:%S.%f} {zone}")
    assert found == (when - timedelta(minutes=minutes)).replace(tzinfo=UTC)
    assert found.tzinfo == UTC


@pytest.mark.parametrize("zone", ["TT", "TDB"])
def test_terrestrial_time_is_as_far_ahead_as_astropy_has_it(zone: str) -> None:
    found = read(moments.Moment, f"2026-11-21 20:30 {zone}")
    expected = Time("2026-11-21 20:30", scale="tt").utc.to_datetime(timezone=UTC)
    assert abs((found - expected).total_seconds()) < 1e-3


@pytest.mark.parametrize(
    "text", ["2026-11-21.5 12:00 UTC", "2026-11-31 UTC", "2026-11-21 24:30 UTC", "9999-12-31 23:00 -14:00"]
)
def test_a_moment_that_cannot_be_is_none(text: str) -> None:
    assert code(moments.Moment, text) == "not-a-moment"


@given(st.integers(0, 23), SIXTIETHS, SIXTIETHS)
def test_every_clock_time_there_is_can_be_written(hours: int, minutes: int, seconds: int) -> None:
    assert read(moments.ClockTime, f"{hours}:{minutes:02}:{seconds:02}") == time(hours, minutes, seconds)
    assert read(moments.ClockTime, f"{hours:02}:{minutes:02}") == time(hours, minutes)


def test_the_last_second_of_the_day_is_on_the_clock() -> None:
    assert read(moments.ClockTime, "23:59:59") == time(23, 59, 59)
    assert read(moments.ClockTime, "23:59") == time(23, 59)
    assert read(moments.ClockTime, "0:00:59") == time(0, 0, 59)


@pytest.mark.parametrize("text", ["24:00", "25:00", "12:60", "12:61", "12:30:60", "12:30:61", "1200", "12", 12, None])
def test_a_clock_time_that_no_clock_shows_is_none(text: object) -> None:
    assert code(moments.ClockTime, text) == "not-a-clock-time"


def test_a_quantity_is_kept_in_the_unit_whose_factor_is_one_wherever_it_stands() -> None:
    quantity = units.Quantity("a length", {"km": 1000.0, "m": 1.0, "mm": 1e-3}, "1 m")
    assert quantity.unit == "m"
    assert quantity.read("2 km") == 2000.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.25, "0.25 s"),
        (2.5, "2.5 s"),
        (45, "45 s"),
        (60, "1 min"),
        (3599, "1 h"),
        (3600, "1 h"),
        (11520, "3 h 12 min"),
        (7230, "2 h"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(seconds: float, words: str) -> None:
    assert units.duration(seconds) == words


@pytest.mark.parametrize(
    ("kind", "text", "mend"),
    [
        (units.FullWell, "60 e", "did you mean '60 ke'?"),
        (units.ReadNoise, "6 ke", "did you mean '6 e'?"),
        (units.Micrometres, "3.76 mm", "did you mean '3.76 um'?"),
        (units.Millimetres, "0.2 mm", "write for example '800 mm'"),
        (units.AltitudeDegrees, "100 deg", "write for example '35 deg'"),
        (units.Seconds, "1e400 s", "write for example '180 s'"),
        (units.Parallax, "-0.01 mas", "leave it out: it is too small to be measured"),
        (units.Parallax, "7 arcsec", "did you mean '7 mas'?"),
    ],
)
def test_a_number_out_of_range_that_another_unit_would_bring_into_it_is_told_so(
    kind: Any, text: str, mend: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        read(kind, text)
    assert caught.value.errors()[0]["ctx"]["mend"] == mend


@pytest.mark.parametrize(("unit", "mend"), [("sixty", "did you mean '2 s'?"), ("more", "write for example '1 s'")])
def test_units_that_differ_by_more_than_an_hour_and_a_second_are_not_taken_for_each_other(unit: str, mend: str) -> None:
    quantity = units.Quantity("a duration", {"s": 1.0, "sixty": 3600.0, "more": 3600.5}, "1 s", most=10.0)
    with pytest.raises(PydanticCustomError) as refused:
        quantity.read(f"2 {unit}")
    assert (refused.value.context or {})["mend"] == mend


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("0.24 s", "write for example '60 s'"),
        ("0.25 s", "write at least '1 s'"),
        ("3600 s", "write at most '15 min'"),
        ("3601 s", "write for example '60 s'"),
    ],
)
def test_a_time_that_is_within_four_times_of_a_bound_is_told_the_bound(written: str, mend: str) -> None:
    with pytest.raises(ValidationError) as told:
        TypeAdapter(units.MaxAge).validate_python(written)
    assert told.value.errors()[0]["ctx"]["mend"] == mend


def test_the_end_of_the_last_hour_is_the_beginning_of_the_first() -> None:
    for written in ("23h59m60.0s", "23:59:60"):
        assert TypeAdapter(units.RightAscension).validate_python(written) == 0.0
