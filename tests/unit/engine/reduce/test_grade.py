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
