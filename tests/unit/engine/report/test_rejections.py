from datetime import UTC, datetime

from obsy.engine.report.rejections import rejections
from obsy.engine.report.story import FrameStory

BEGAN = datetime(2026, 11, 21, 20, tzinfo=UTC)


def shot(reason: str, verdict: str = "rejected") -> FrameStory:
    return FrameStory("a.fits", "light", "L", 180.0, "m31", "L-180s", BEGAN, verdict, reason)


def test_measured_reasons_become_a_range() -> None:
    (group,) = rejections([shot("fwhm: 8.2 arcsec, above 6"), shot("fwhm: 10.1 arcsec, above 6")])
    assert (group.code, group.count, group.words) == ("fwhm", 2, "8.2 to 10.1 arcsec, above 6")


def test_a_single_measure_is_no_range() -> None:
    assert rejections([shot("fwhm: 8.2 arcsec, above 6")])[0].words == "8.2 arcsec, above 6"


def test_reasons_in_words_are_told_by_the_first() -> None:
    (group,) = rejections([shot("no-stars: cloud or no focus"), shot("no-stars: the cap is on")])
    assert (group.count, group.words) == (2, "cloud or no focus")


def test_a_bare_code_stands_for_itself() -> None:
    assert rejections([shot("no-plan")])[0].words == "no-plan"


def test_the_commonest_reason_comes_first() -> None:
    groups = rejections([shot("stars: 3, below 20"), shot("fwhm: 9 arcsec"), shot("fwhm: 8 arcsec")])
    assert [group.code for group in groups] == ["fwhm", "stars"]


def test_accepted_frames_have_no_reason() -> None:
    assert rejections([shot("", "accepted"), shot("", "waiting")]) == ()
