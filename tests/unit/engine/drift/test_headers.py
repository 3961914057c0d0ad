"""Scale, optics and place of frames are held against what is declared, and a scatter is no drift."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.survey import survey
from obsy.engine.drift.headers import SolvedScale, optics, place, refused, scale, solved
from obsy.schemas.site import Site
from obsy.schemas.train import Train

DECLARED = survey(Path(__file__).parents[4]).declared
(TRAIN,), (SITE,) = DECLARED.of(Train), DECLARED.of(Site)
SCALE = TRAIN.document.scale


def test_the_scale_of_a_frame_is_that_of_its_matrix_however_it_is_turned() -> None:
    cards = {"CD1_1": 0.0, "CD1_2": -0.001, "CD2_1": 0.001, "CD2_2": 0.0}
    found = solved(cards, "a.fits")
    assert found is not None
    assert found.arcsec == pytest.approx(3.6)
    assert solved({}, "a.fits") is None


def test_a_solution_that_was_refused_for_its_scale_says_it() -> None:
    reason = "not-in-the-stack: its scale would be 2.513 arcsec/px, and the train's is 3.352"
    assert refused(reason, "b.fits") == SolvedScale(2.513, "b.fits")
    assert refused("not-in-the-stack: 3 stars are too few to be recognised", "b.fits") is None


@given(st.floats(0.7, 1.4), st.integers(1, 12))
def test_the_focal_length_to_write_brings_the_scale_into_step(ratio: float, frames: int) -> None:
    told = [*scale(TRAIN, [SolvedScale(SCALE * ratio, "s.fits")] * frames)]
    assert len(told) == (abs(ratio - 1.0) > (0.005 if frames >= 10 else 0.02))
    for each in told:
        focal_mm = float(each.mend.split("'")[1].split()[1])
        assert focal_mm == pytest.approx(800.0 / ratio, abs=0.06)
        assert "site/newton.yaml" in each.mark.file


def test_the_focal_length_of_a_binned_camera_is_that_of_its_telescope() -> None:
    camera = TRAIN.document.camera.model_copy(update={"binning": 2})
    binned = TRAIN._replace(document=TRAIN.document.model_copy(update={"camera": camera}))
    (told,) = scale(binned, [SolvedScale(2 * SCALE * 1.25, "s.fits")])
    assert "write 'focal_length: 640.0 mm'" in told.mend


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("frames", [2, 3, 5, 9, 10, 40])
def test_a_train_that_is_as_declared_is_told_of_in_one_night_of_a_hundred_at_the_most(frames: int) -> None:
    nights = np.random.default_rng(7).normal(SCALE, 0.005 * SCALE, (2000, frames))
    told = [night for night in nights if [*scale(TRAIN, [SolvedScale(float(each), "s.fits") for each in night])]]
    assert len(told) <= 20


def test_many_frames_know_their_scale_better_than_each() -> None:
    each = [SolvedScale(SCALE * ratio, "s.fits") for ratio in (0.995, 1.015, 1.035)]
    assert [*scale(TRAIN, each)] == []
    assert len([*scale(TRAIN, each * 9)]) == 1  # their mean is known to a fifth of their scatter


def test_a_scale_within_its_scatter_is_in_step() -> None:
    wild = [SolvedScale(SCALE * each, "s.fits") for each in (0.93, 1.09, 1.01)]
    assert [*scale(TRAIN, wild)] == []
    assert [*scale(TRAIN, [])] == []


@pytest.mark.parametrize(
    ("cards", "codes"),
    [
        ({"FOCALLEN": 800, "APTDIA": 200.0, "XPIXSZ": 13.0}, []),
        ({"FOCALLEN": 0, "APTDIA": "unknown"}, []),
        ({"FOCALLEN": 640.0}, ["focal-length"]),
        ({"APTDIA": 150, "XPIXSZ": 3.76}, ["aperture", "pixel"]),
    ],
)
def test_optics_that_a_header_says_otherwise_are_told(cards: dict[str, float | str], codes: list[str]) -> None:
    assert [each.code for each in optics(TRAIN, cards, "o.fits")] == codes


def test_degrees_of_longitude_are_shorter_in_the_north() -> None:
    north = SITE._replace(document=SITE.document.model_copy(update={"latitude": 60.0}))
    near, far = ({"SITELAT": 60.0, "SITELONG": SITE.document.longitude + east} for east in (0.016, 0.020))
    assert ([*place(north, near, "p.fits")], len([*place(north, far, "p.fits")])) == ([], 1)  # 0.9 km and 1.1 km


@pytest.mark.parametrize(
    ("latitude", "longitude", "far"),
    [(38.16, -2.33, False), (38.163, 357.67, False), (38.16, -2.31, True), (0, 0, True)],
)
def test_a_place_more_than_a_kilometre_off_is_told(latitude: float, longitude: float, far: bool) -> None:
    assert len([*place(SITE, {"SITELAT": latitude, "SITELONG": longitude}, "p.fits")]) == far
    assert [*place(SITE, {"SITELAT": "unknown"}, "p.fits")] == []
