"""The instrument of a frame, as over a hundred real headers of some sixty programs tell it."""

from pathlib import Path
from typing import Any

import pytest

from obsy.engine.frames.taken_with import TakenWith, taken_with
from tests.unit.engine.frames.test_dialects import CASES, cards_of

WITH_PIXELS = [case for case in CASES if {"NAXIS1", "NAXIS2"} <= {key for key, *_ in case["cards"]}]
TOLD_IN_WORDS = "Pi of the Sky (foreign page)"


def of(**cards: Any) -> TakenWith:
    return taken_with({"NAXIS1": 100, "NAXIS2": 80} | cards)


@pytest.mark.long
def test_pixels_focal_lengths_and_colours_are_read_as_each_program_means_them(tmp_path: Path) -> None:
    met = {"pixel_um": 0, "focal_mm": 0, "bayer": 0}
    for case in WITH_PIXELS:
        found, means = taken_with(cards_of(case, tmp_path / "a.fits")), case["means"]
        for key in met:
            if key not in means or case["program"] == TOLD_IN_WORDS:
                continue
            said = getattr(found, key)
            if key == "pixel_um" and found.binning > 1 and means[key] != pytest.approx(said, rel=0.005):
                said *= found.binning  # the gathered reading is that of the card, binned or not
            assert said == (means[key] if key == "bayer" else pytest.approx(means[key], rel=0.005)), case["program"]
            met[key] += 1
    assert met == {"pixel_um": 73, "focal_mm": 31, "bayer": 22}


def test_what_nobody_set_is_unsaid() -> None:
    unset = of(FOCALLEN=0.0, APTDIA=-1000, XPIXSZ=0, EGAIN=0.0, INSTRUME=" ", BAYERPAT="MONO")
    assert unset == TakenWith("", (100, 80), 1, None, None, None, None, None, None, None)


def test_what_no_camera_has_is_unsaid() -> None:
    odd = {"SET-TEMP": 9999.0, "EGAIN": 1e308, "XPIXSZ": 9e9}
    assert of(**odd)[3:9] == (None,) * 6
    assert of(**{"SET-TEMP": -10.0, "EGAIN": 0.0, "CVF": 0.25})[7:9] == (0.25, -10.0)


def test_the_size_is_that_of_the_unbinned_sensor() -> None:
    assert of(XBINNING=2, YBINNING=2, XPIXSZ=7.52)[1:4] == ((200, 160), 2, 3.76)


def test_an_aperture_may_be_told_by_the_focal_ratio() -> None:
    assert of(FOCALLEN=800.0, FOCRATIO=4.0).aperture_mm == 200.0


def test_a_solution_tells_the_scale_before_a_card_that_was_typed() -> None:
    turned = {"CTYPE1": "RA---TAN-SIP", "CD1_1": -3e-4, "CD2_1": 4e-4}
    assert of(**turned, SCALE=9.0).scale_arcsec == pytest.approx(1.8)
    assert of(CTYPE1="RA---TAN", CDELT1=-5e-4).scale_arcsec == pytest.approx(1.8)
    assert of(CD1_1=-3e-4, SCALE=1.7).scale_arcsec == 1.7  # no plane of the sky


@pytest.mark.parametrize(
    ("offsets", "colours"), [((0, 0), "RGGB"), ((1, 0), "GRBG"), ((0, 1), "GBRG"), ((1, 1), "BGGR"), ((2, 4), "RGGB")]
)
def test_offsets_move_the_colours_by_columns_and_rows(offsets: tuple[int, int], colours: str) -> None:
    assert of(BAYERPAT="RGGB", XBAYROFF=offsets[0], YBAYROFF=offsets[1]).bayer == colours
