"""When an exposure began where its header contradicts itself: it is not known, and never taken for UTC."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from astropy.time import Time

from obsy.engine.frames.cards import CommentedCards
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.start import proven_start, taken_at
from obsy.errors import FrameError

START = datetime(2024, 1, 1, 22, 0, tzinfo=UTC)
WRITTEN = "2024-01-01T22:00:00"
TAKEN = Repair.NO_ZONE
Said = tuple[str, str | float, str]


def header(*cards: Said, date: str = WRITTEN, comment: str = "", exposure_s: float = 60.0) -> CommentedCards:
    """The cards of a frame, with what stands behind them."""
    made = CommentedCards()
    for key, value, said in (("DATE-OBS", date, comment), ("EXPTIME", exposure_s, ""), *cards):
        made[key], made.comments[key] = value, said
    return made


def days(hours: float) -> dict[str, Said]:
    """A Julian date so many hours after the start, as the cards that hold one say it."""
    at = Time(START + timedelta(hours=hours))
    return {
        "JD": ("JD", float(at.jd), "Julian Date at start of exposure"),
        "JD-OBS": ("JD-OBS", float(at.jd), ""),
        "JD_UTC": ("JD_UTC", float(at.jd), ""),
        "MJD-OBS": ("MJD-OBS", float(at.mjd), ""),
        "MJD-BEG": ("MJD-BEG", float(at.mjd), ""),
    }


def clocks(hours: float) -> dict[str, Said]:
    """A time of day so many hours after the start, as the cards that hold one say it."""
    at = f"{START + timedelta(hours=hours):%H:%M:%S}.00"
    return {key: (key, at, "") for key in ("UT", "UT-TIME", "UTC-OBS", "UT-OBS", "UTC")}


def refused(cards: CommentedCards) -> str:
    """Why its start is not known."""
    with pytest.raises(FrameError) as fault:
        taken_at(cards)
    assert fault.value.code == "no-time"
    found = proven_start(cards)
    assert found.value is None
    assert str(fault.value).endswith(found.repair)
    return found.repair


@pytest.mark.parametrize("hours", [-11.75, -7.0, -1.0, -0.25, 0.5, 1.0, 5.75, 7.0, 11.0])
@pytest.mark.parametrize("comment", ["", "UTC", "start of observation, UT"])
def test_a_card_of_another_clock_says_that_the_start_is_not_known(hours, comment):
    for card in (*days(hours).values(), *clocks(hours).values()):
        assert refused(header(card, comment=comment)) == f"its {card[0]} is {abs(hours):.1f} h from its DATE-OBS"
        refused(header(card, date=f"{WRITTEN}Z"))
        refused(header(("TIME-OBS", "22:00:00", ""), card, date="2024-01-01"))


def test_the_farthest_card_is_told():
    assert refused(header(days(2.0)["MJD-OBS"], clocks(7.0)["UT"])) == "its UT is 7.0 h from its DATE-OBS"


@pytest.mark.parametrize("name", ["JD", "JD-OBS", "MJD-OBS", "MJD-BEG"])
def test_a_julian_date_proves_utc_only_to_the_second(name):
    for seconds, repair in ((2.0, ""), (100.0, TAKEN), (-100.0, TAKEN)):
        assert taken_at(header(days(seconds / 3600)[name])) == (START, repair), seconds


def test_the_middle_and_the_end_of_an_exposure_contradict_nothing():
    for hours in (0.25, 0.5):
        for card in (*days(hours).values(), *clocks(hours).values()):
            assert taken_at(header(card, exposure_s=1800.0)).value == START
            refused(header(card, exposure_s=60.0))
    refused(header(days(-0.5)["JD"], exposure_s=1800.0))
    refused(header(days(7.0)["JD"], exposure_s=90000.0))


@pytest.mark.parametrize(
    "card",
    [
        ("MJD-OBS", 60310.0, ""),
        ("MJD-OBS", 60310.9, ""),
        ("JD", 2460310.5, ""),
        ("JD", 2460311.4, ""),
        ("MJD-OBS", 0.0, ""),
        ("JD", 0.0, ""),
        ("UT", "00:00:00", ""),
        ("UT", "", ""),
        ("UTC", 2640.8, ""),
    ],
)
def test_a_card_that_names_the_day_only_or_nothing_contradicts_nothing(card):
    assert taken_at(header(card)) == (START, TAKEN)


def test_a_day_that_is_another_contradicts():
    for card in (("MJD-OBS", 60308.0, ""), ("MJD-OBS", 60312.0, ""), ("JD", 2460312.5, "")):
        assert "h from its DATE-OBS" in refused(header(card))


@pytest.mark.parametrize(
    "comment",
    [
        "Start date & time of observation, LT",
        "local time of start",
        "Local time (UTC+2)",
        "Local time, not UTC",
        "not UTC",
        "not in UT",
        "start, UTC-7",
        "GMT + 5",
        "UT+05:30",
    ],
)
def test_a_comment_that_says_local_time_is_believed(comment):
    why = "its DATE-OBS is local time, as its comment says"
    assert refused(header(comment=comment)) == why
    assert refused(header(clocks(0.0)["UT"], comment=comment)) == why
    assert refused(header(("TIME-OBS", "22:00:00", comment), date="2024-01-01", comment="UT date")) == why
    assert taken_at(header(comment=comment, date="2024-01-01T15:00:00-0700")) == (START, "")


@pytest.mark.parametrize(
    "comment", ["UTC, not local time", "UTC+0", "UTC - start", "GMT+00:00", "UT date, default", "UTC since midnight"]
)
def test_a_comment_that_says_utc_is_believed(comment):
    assert taken_at(header(comment=comment)) == (START, "")


@pytest.mark.parametrize("comment", ["mid exposure UTC", "UTC of midpoint", "Middle of the exposure"])
def test_the_middle_of_an_exposure_is_not_its_start(comment):
    assert refused(header(comment=comment)) == "its DATE-OBS is the middle of the exposure, as its comment says"
    refused(header(comment=comment, date=f"{WRITTEN}Z"))


def test_a_program_whose_clock_is_proven_is_read_whatever_its_comment_says():
    assert taken_at(header(("CREATOR", "ZWO ASIAIR Plus", ""), comment="local time, mid")) == (START, "")
    refused(header(("CREATOR", "ZWO ASIAIR Plus", ""), days(7.0)["MJD-OBS"]))


def test_seven_and_a_half_minutes_are_the_most_that_cards_may_be_apart():
    for hours, exposure_s in ((450 / 3600, 0.0), (-450 / 3600, 0.0), (4050 / 3600, 7200.0)):
        assert taken_at(header(clocks(hours)["UT"], exposure_s=exposure_s)) == (START, TAKEN)
        further = hours + (1 / 3600 if hours > 0 else -1 / 3600)
        assert refused(header(clocks(further)["UT"], exposure_s=exposure_s)).startswith("its UT is")


def test_a_clock_that_is_past_midnight_is_near():
    late = "2024-01-01T23:59:00"
    assert taken_at(header(("UT", "00:01:00", ""), date=late, exposure_s=0.0)).value == START + timedelta(minutes=119)
    latest = header(("UT", "00:03:45", ""), date="2024-01-01T23:56:15", exposure_s=0.0)
    assert taken_at(latest).repair == TAKEN
    early = "2024-01-01T00:01:00"
    assert taken_at(header(("UT", "23:59:00", ""), date=early, exposure_s=0.0)).repair == TAKEN
    assert refused(header(("UT", "23:50:00", ""), date=early, exposure_s=0.0)) == "its UT is 0.2 h from its DATE-OBS"


def test_where_no_exposure_is_told_a_clock_may_not_be_later_for_it() -> None:
    for seconds, known in ((450, True), (451, False)):
        cards = header(clocks(seconds / 3600)["UT"])
        del cards["EXPTIME"]
        assert (proven_start(cards).repair == TAKEN) is known


@pytest.mark.parametrize("card", [("MJD-OBS", 60310.5, ""), ("JD", 2460311.0, "")])
def test_a_julian_date_is_believed_to_its_last_place(card: Said) -> None:
    """A tenth of a day is 8640 s, and 450 s are what cards may be apart."""
    noon, most = datetime(2024, 1, 1, 12, tzinfo=UTC), timedelta(seconds=9090)
    for away in (most, -most):
        further = away + timedelta(seconds=1 if away > timedelta() else -1)
        assert taken_at(header(card, date=f"{noon - away:%Y-%m-%dT%H:%M:%S}", exposure_s=0.0)).repair == TAKEN
        assert refused(header(card, date=f"{noon - further:%Y-%m-%dT%H:%M:%S}", exposure_s=0.0)).startswith(
            f"its {card[0]} is 2.5 h"
        )


def test_local_time_is_believed_of_whichever_cards_say_the_start() -> None:
    begins = header()
    del begins["DATE-OBS"]
    begins["DATE-BEG"], begins.comments["DATE-BEG"] = WRITTEN, "local time"
    refused(begins)
    refused(header(("UT", "22:00:00", "local time"), date="2024-01-01"))


def test_no_camera_of_ours_exposed_before_1900_or_after_2199():
    for date, known in (("1899-12-31", False), ("1900-01-01", True), ("2199-12-31", True), ("2200-01-01", False)):
        with nullcontext() if known else pytest.raises(FrameError, match="is not between 1900 and 2199"):
            assert taken_at(header(date=f"{date}T12:00:00")).repair == TAKEN
