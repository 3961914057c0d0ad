"""Each limit at its edge, the weightiest reason first, and no number that hides why it is one too many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.grade import grade
from obsy.engine.reduce.orders import Measures
from obsy.schemas.policy import Quality

QUALITY = Quality.model_validate(
    {
        "fwhm": "below 6 arcsec",
        "eccentricity": {"below": 0.7},
        "stars": {"at_least": 8},
        "background": "below 20000 adu",
        "verdict": "60 s",
    }
)
GOOD = {"background_adu": 900.0, "stars": 60, "fwhm_arcsec": 3.4, "eccentricity": 0.4}


def said(**changed):
    return grade(Measures(**(GOOD | changed)), QUALITY)


def test_a_good_light_has_no_fault():
    assert said() is None


def test_wide_stars_are_named_with_their_limit():
    assert said(fwhm_arcsec=8.2) == ("fwhm", "fwhm: 8.2 arcsec, above 6")


def test_a_value_barely_beyond_its_limit_shows_it():
    assert said(fwhm_arcsec=6.004) == ("fwhm", "fwhm: 6.004 arcsec, above 6")


def test_trails_are_rejected():
    assert said(eccentricity=0.81) == ("eccentricity", "eccentricity: 0.81, above 0.7")


def test_few_stars_are_rejected():
    assert said(stars=3) == ("stars", "stars: 3, fewer than 8")


def test_a_bright_sky_is_rejected():
    assert said(background_adu=31000.0) == ("background", "background: 31000 adu, above 20000")


def test_no_star_at_all_outranks_every_limit():
    assert said(stars=0, fwhm_arcsec=None) == ("no-stars", "no-stars: none above the noise, too few to judge by")


def test_what_could_not_be_measured_does_not_pass():
    assert said(fwhm_arcsec=None) == ("fwhm", "fwhm: could not be measured, and must be below 6 arcsec")


def test_without_a_policy_stars_are_enough():
    assert grade(Measures(stars=3), None) is None
    assert grade(Measures(stars=0), None) == ("no-stars", "no-stars: none above the noise, too few to judge by")


@pytest.mark.parametrize(
    ("measure", "edge", "words"),
    [
        ("fwhm_arcsec", 6.0, "fwhm: 6.0 arcsec, above 6"),
        ("eccentricity", 0.7, "eccentricity: 0.70, above 0.7"),
        ("background_adu", 20000.0, "background: 20000 adu, above 20000"),
    ],
)
def test_below_a_limit_is_below_and_not_at_it(measure, edge, words):
    assert said(**{measure: edge}) == (words.partition(":")[0], words)
    assert said(**{measure: edge * 0.999999}) is None


def test_at_least_so_many_stars_are_enough():
    assert said(stars=8) is None
    assert said(stars=7) == ("stars", "stars: 7, fewer than 8")


@pytest.mark.parametrize("stars", [None, 0, 1, 2])
def test_fewer_than_three_stars_say_nothing(stars):
    code, words = grade(Measures(stars=stars), None)
    assert code == "no-stars"
    assert words == f"no-stars: {stars or 'none'} above the noise, too few to judge by"


def test_a_policy_that_asks_for_nothing_is_met_by_three_stars():
    nothing = Quality.model_validate({"verdict": "60 s"})
    assert grade(Measures(stars=3), nothing) is None
    assert grade(Measures(stars=2), nothing)[0] == "no-stars"


def test_a_policy_without_one_limit_still_holds_the_others():
    for kept, value, code in (("eccentricity", 0.9, "eccentricity"), ("background_adu", 30000.0, "background")):
        policy = {code: {"eccentricity": {"below": 0.7}, "background": "below 20000 adu"}[code], "verdict": "60 s"}
        assert grade(Measures(**(GOOD | {kept: value})), Quality.model_validate(policy))[0] == code


def test_of_several_reasons_the_weightiest_is_told():
    everything = {"stars": 3, "fwhm_arcsec": 9.0, "eccentricity": 0.9, "background_adu": 30000.0}
    for measure, worst in zip(list(everything), ("stars", "fwhm", "eccentricity", "background"), strict=True):
        assert said(**everything)[0] == worst
        everything[measure] = GOOD[measure]
    assert said(**everything) is None


@given(st.floats(0, 1e5), st.floats(1, 100))
def test_the_words_never_show_a_number_that_would_have_passed(value, limit):
    policy = Quality.model_validate({"fwhm": f"below {limit!r} arcsec", "verdict": "60 s"})
    found = grade(Measures(stars=60, fwhm_arcsec=value), policy)
    assert (found is None) == (value < limit)
    if found is not None and value > limit * (1 + 1e-6) + 1e-6:
        assert float(found[1].split()[1]) > limit


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (6.04, "6.04"),
        (6.05, "6.05"),
        (6.06, "6.1"),
        (6.0004, "6.0004"),
        (6.0000004, "6.000000"),
        (6.000001, "6.000001"),
    ],
)
def test_a_value_is_shown_with_as_few_digits_as_tell(value, shown):
    assert said(fwhm_arcsec=value) == ("fwhm", f"fwhm: {shown} arcsec, above 6")


def test_a_light_whose_stars_are_to_leave_trails_is_judged_by_its_background_alone():
    trails = Measures(**(GOOD | {"stars": 0, "fwhm_arcsec": 60.0, "eccentricity": 0.99}))
    assert grade(trails, QUALITY) is not None
    assert grade(trails, QUALITY, trails=True) is None
    bright = Measures(**(GOOD | {"stars": 0, "background_adu": 30000.0}))
    assert grade(bright, QUALITY, trails=True)[0] == "background"
