"""No suggested exposure fills a pixel, and each is as long as the ingress and the pixel allow."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.choice.transits.exposure import FILLED, IN_A_CONTACT, LADDER_S, SHORT_S, suggested
from obsy.engine.declare.sense.brightness import electrons, sky_electrons, well
from obsy.engine.declare.survey import declare
from obsy.schemas.train import Train


@pytest.fixture(scope="module")
def train(root) -> Train:
    return declare(root).instruments[0].train


@given(mag=st.floats(2, 16), contact_s=st.floats(60, 4000))
def test_the_brightest_pixel_stays_half_empty_and_defocus_is_for_what_would_fill_it(train, mag, contact_s) -> None:
    found = suggested(train, mag, contact_s, 21.0)
    assert found.exposure_s in LADDER_S and found.filled is not None and found.filled <= FILLED + 1e-9
    assert found.exposure_s <= max(contact_s / IN_A_CONTACT, LADDER_S[0])
    is_short = found.exposure_s < SHORT_S <= contact_s / IN_A_CONTACT
    assert found.defocus or not is_short and found.is_in_focus
    if found.defocus is not None:
        assert found.defocus.exposure_s >= found.exposure_s
        ratio = train.telescope.focal_length / train.telescope.aperture
        assert found.defocus.shift_mm == pytest.approx(found.defocus.disc_px * train.camera.pixel / 1000 * ratio)


def test_a_fainter_star_is_exposed_longer_and_less_defocused(train) -> None:
    bright, brighter, short, faint = (suggested(train, mag, 2000.0, 21.0) for mag in (7.0, 5.0, 11.5, 15.0))
    assert bright.defocus and brighter.defocus and short.defocus and not faint.defocus
    assert not bright.is_in_focus and bright.filled == pytest.approx(FILLED)
    assert brighter.disc_px / bright.disc_px == pytest.approx(10**0.4, rel=1e-3)  # light goes by the disc's area
    assert short.is_in_focus and 1 < short.exposure_s < SHORT_S and short.disc_px == 0
    assert faint.exposure_s == 180.0


def test_of_a_star_whose_light_nobody_knows_nothing_is_said_but_a_minute(train) -> None:
    assert suggested(train, None, 2000.0, 21.0)[1:] == (60.0, None, None, True)
    strange = train.model_copy(update={"filters": None, "filter": None})
    assert suggested(strange, 10.0, 2000.0, 21.0).role == "C"


def test_a_bright_sky_shortens_the_exposure_of_a_faint_star(train) -> None:
    assert suggested(train, 15.0, 2000.0, 14.0).exposure_s < suggested(train, 15.0, 2000.0, 21.0).exposure_s


def test_a_star_out_of_focus_has_twice_the_mean_light_in_its_brightest_pixel(train) -> None:
    found = suggested(train, 5.0, 2000.0, 21.0)
    light, sky = (each * found.exposure_s for each in (electrons(train, "R", 5.0), sky_electrons(train, "R", 21.0)))
    mean = light / (pi / 4 * found.disc_px**2)
    assert not found.is_in_focus and found.role == "R"
    assert 2 * mean + sky == pytest.approx(well(train) / 2)
