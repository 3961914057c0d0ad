"""What words of a header mean: the units of an exposure by its comment, kinds by their spellings."""

from itertools import product

import pytest

from obsy.engine.frames.fits import CommentedCards
from obsy.engine.frames.header import exposure_of
from obsy.engine.frames.kind import kind_said

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
OTHERS = {"min": 60.0, "minutes": 60.0, "Minute": 60.0, "ms": 1e-3, "msec": 1e-3, "milliseconds": 1e-3}


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
