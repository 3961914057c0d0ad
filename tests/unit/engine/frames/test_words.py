"""What words of a header mean: the units of an exposure by its comment, kinds by their spellings."""

from itertools import product

import pytest

from obsy.engine.frames.cards import CommentedCards
from obsy.engine.frames.header import exposure_of, temperature
from obsy.engine.frames.kind import kind_said
from obsy.engine.frames.repair import Repair

NOISE = [
    "exposure",
    "Exposure time",
    "MS Windows",
    "max 10 minutes",
    "1 ms steps",
    "read out in 30 ms",
    "every 5min",
    "minimum",
    "of minutes",
]
SECONDS = ["[s]", "(s)", "[sec]", "sec", "(sec.)", "in seconds", "Seconds", "[ s ]"]
OTHERS = {
    **dict.fromkeys(["min", "mins", "minutes", "Minute"], 60.0),
    **dict.fromkeys(["ms", "msec", "msecs", "m-sec", "m sec", "milliseconds", "milli-seconds", "milli seconds"], 1e-3),
    **dict.fromkeys(["us", "usec", "microseconds", "micro-seconds", "\xb5s"], 1e-6),
    **dict.fromkeys(["ns", "nanoseconds", "nano-seconds"], 1e-9),
    **dict.fromkeys(["hr", "hrs", "hour", "Hours"], 3600.0),
    **dict.fromkeys(["day", "days"], 86400.0),
}


def seconds(comment: str) -> float:
    """What an EXPTIME of 60 with this comment is."""
    cards = CommentedCards()
    cards["EXPTIME"], cards.comments["EXPTIME"] = 60.0, comment
    found = exposure_of(cards)
    assert found is not None
    assert (found.repair == "") == (found.value == 60.0)
    return found.value


@pytest.mark.parametrize("unit", SECONDS)
def test_seconds_are_seconds_whatever_else_a_comment_says(unit):
    for before, behind in product(["", *NOISE], repeat=2):
        assert seconds(f"{before} {unit}, {behind}".strip(", ")) == 60.0, (before, behind)
        assert seconds(f"{before}, {behind} {unit}".strip(", ")) == 60.0, (before, behind)


@pytest.mark.parametrize("unit", OTHERS)
def test_another_unit_counts_in_brackets_and_at_the_end(unit):
    for before, behind in product(["", *NOISE], repeat=2):
        for shape in ("[{}]", "({})", "[ {} ]"):
            assert seconds(f"{before} {shape.format(unit)} {behind}") == pytest.approx(60.0 * OTHERS[unit])
    for before in NOISE[:2]:
        assert seconds(f"{before} in {unit}") == pytest.approx(60.0 * OTHERS[unit])


@pytest.mark.parametrize(("letter", "unit_s"), [("h", 3600.0), ("d", 86400.0)])
def test_one_letter_is_a_unit_only_in_brackets(letter, unit_s):
    assert seconds(f"[{letter}] exposure") == 60.0 * unit_s
    assert seconds(f"exposure {letter}") == 60.0


@pytest.mark.parametrize(
    "comment", ["[ks]", "(m)", "(10 ms)", "[1/100 s]", "in units of 1/100", "(ticks)", "[frames] long"]
)
def test_a_unit_that_nobody_reads_is_told(comment):
    cards = CommentedCards()
    cards["EXPTIME"], cards.comments["EXPTIME"] = 60.0, comment
    assert exposure_of(cards) == (60.0, Repair.UNIT_UNREAD)


def degrees(value: float, comment: str) -> tuple[float | None, str]:
    """What a CCD-TEMP with this comment is."""
    cards = CommentedCards()
    cards["CCD-TEMP"], cards.comments["CCD-TEMP"] = value, comment
    return temperature(cards)


@pytest.mark.parametrize(
    "comment",
    ["[K] detector temperature", "(K)", "Kelvin", "temperature in K", "[deg K]", "(degK)", "[ K ]", "kelvins, cold"],
)
def test_kelvin_below_a_hundred_are_kelvin(comment):
    assert degrees(95.0, comment) == (pytest.approx(-178.15), Repair.IN_KELVIN)
    assert degrees(-1.0, comment) == (None, Repair.IN_KELVIN)


@pytest.mark.parametrize("comment", ["", "[C]", "deg C", "K filter", "OK, in C", "(Celsius)", "KAF", "temperature of"])
def test_other_words_leave_a_temperature_as_it_is(comment):
    assert degrees(20.0, comment) == (20.0, "")


@pytest.mark.parametrize("comment", ["Fahrenheit", "[F]", "CCD temperature (deg F)", "in F"])
def test_a_temperature_in_fahrenheit_is_not_known(comment):
    assert degrees(20.0, comment) == (None, Repair.NOT_CELSIUS)


def test_another_unit_elsewhere_is_an_amount_of_something_else():
    for before, behind in product(NOISE, NOISE[:-1]):
        assert seconds(f"{before}, {behind}") == 60.0, (before, behind)


def kind(said: str) -> str | None:
    return kind_said({"IMAGETYP": said}).value


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("TWILIGHT", "flat"),
        ("SKY TWILIGHT", "flat"),
        ("twilight flat", "flat"),
        ("dome light", "flat"),
        ("DOME", "flat"),
        ("SKYFLAT", "flat"),
        ("FlatField", "flat"),
        ("FLATFIELD", "flat"),
        ("DomeFlats", "flat"),
        ("flat_007", "flat"),
        ("darkflat", "dark"),
        ("FlatDark", "dark"),
        ("FLATDARK", "dark"),
        ("DARKFRAMES", "dark"),
        ("biases", "bias"),
        ("Bias-Frame", "bias"),
        ("unbiased object", "light"),
        ("LightFrame", "light"),
        ("LIGHTS", "light"),
        ("Object", "light"),
        ("moonlight", None),
        ("unbiased", None),
        ("objection", None),
        ("zeroed", None),
        ("standardised", None),
        ("indomed", None),
    ],
)
def test_a_kind_is_named_by_a_whole_word(said, means):
    assert kind(said) == means
