"""What a frame of an Alpaca camera says of itself is what INDI's drivers say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from obsy.engine.devices.alpaca.fits import camera_cards
from obsy.engine.devices.ports import Exposure
from tests.support.equipment import example

TRAIN = example().instruments[0].train
LIGHT = Exposure("light", 30.0, "R", 100, 10, 1, "M31")
BEGAN = datetime(2026, 11, 21, 22, 0, 0, 1500, tzinfo=UTC)


def said(exposure=LIGHT, train=TRAIN, celsius=-9.98765):
    return {keyword: value for keyword, value, _ in camera_cards(train, exposure, 30.0, BEGAN, celsius)}


def test_a_light_says_when_and_how_it_was_taken():
    assert said() == {
        "ROWORDER": "TOP-DOWN", "INSTRUME": TRAIN.camera.model, "EXPTIME": 30.0, "PIXSIZE1": TRAIN.camera.pixel,
        "PIXSIZE2": TRAIN.camera.pixel, "XBINNING": 1, "YBINNING": 1, "XPIXSZ": TRAIN.camera.pixel,
        "YPIXSZ": TRAIN.camera.pixel, "FRAME": "Light", "IMAGETYP": "Light Frame",
        "DATE-OBS": "2026-11-21T22:00:00.001", "CCD-TEMP": -9.988,
    }  # fmt: skip


def test_binned_pixels_are_larger_and_the_sensors_own_stay():
    cards, pixel = said(replace(LIGHT, binning=3)), TRAIN.camera.pixel
    assert (cards["XBINNING"], cards["YBINNING"], cards["PIXSIZE1"]) == (3, 3, pixel)
    assert (cards["XPIXSZ"], cards["YPIXSZ"]) == (pytest.approx(3 * pixel), pytest.approx(3 * pixel))


def test_a_dark_says_how_long_it_was():
    assert said(replace(LIGHT, kind="dark"))["DARKTIME"] == 30.0


def test_a_camera_without_a_thermometer_says_nothing_of_it():
    assert "CCD-TEMP" not in said(celsius=None)


def test_a_sensor_of_colours_says_which_and_that_they_begin_at_its_corner():
    camera = TRAIN.camera.model_copy(update={"bayer": "RGGB"})
    cards = said(train=TRAIN.model_copy(update={"camera": camera}))
    assert (cards["BAYERPAT"], cards["XBAYROFF"], cards["YBAYROFF"]) == ("RGGB", 0, 0)
