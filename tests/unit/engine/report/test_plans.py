from datetime import UTC, datetime
from pathlib import Path

from obsy.engine.capture import Capture
from obsy.engine.report.plans import rejections

BEGAN = datetime(2026, 11, 21, 20, tzinfo=UTC)


def capture(reason: str, verdict: str = "rejected") -> Capture:
    return Capture(Path("a.fits"), "newton", "light", "L", 180.0, BEGAN, "m31", "L-180s", verdict, reason)


def test_measured_reasons_become_a_range() -> None:
    (group,) = rejections([capture("fwhm: 8.2 arcsec, above 6"), capture("fwhm: 10.1 arcsec, above 6")])
    assert (group.code, group.count, group.words) == ("fwhm", 2, "8.2 to 10.1 arcsec, above 6")


def test_a_single_measure_is_no_range() -> None:
    assert rejections([capture("fwhm: 8.2 arcsec, above 6")])[0].words == "8.2 arcsec, above 6"


def test_reasons_in_words_are_told_by_the_first() -> None:
    (group,) = rejections([capture("no-stars: cloud or no focus"), capture("no-stars: the cap is on")])
    assert (group.count, group.words) == (2, "cloud or no focus")


def test_a_bare_code_stands_for_itself() -> None:
    assert rejections([capture("no-plan")])[0].words == "no-plan"


def test_the_commonest_reason_comes_first() -> None:
    groups = rejections([capture("stars: 3, below 20"), capture("fwhm: 9 arcsec"), capture("fwhm: 8 arcsec")])
    assert [group.code for group in groups] == ["fwhm", "stars"]


def test_accepted_frames_have_no_reason() -> None:
    assert rejections([capture("", "accepted"), capture("", "waiting")]) == ()
