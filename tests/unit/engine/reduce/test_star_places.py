"""Where light is measured: at what was detected, at what the catalogue has besides, and at the target."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.nddata import CCDData

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Masters
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import LightOrder, Measures, Optics
from obsy.engine.reduce.plane import pixels, sky, tangent, touched
from obsy.engine.reduce.shape import Shapes
from obsy.engine.reduce.star_places import LISTED, in_frame, star_places
from obsy.engine.reduce.stars import DetectedStars
from obsy.engine.sky.catalogue import CatalogueStars
from obsy.schemas.pipeline import Pipeline
from tests.support.frames import A_LIGHT

SHAPE, FWHM = (120, 160), 3.0
PLANE = tangent(10.6847, 41.2690, (79.5, 59.5), np.diag([-3.8, 3.8]) / 3600)
DETECTED = np.array([[40.0, 30.0], [100.0, 80.0]])
PIPELINE = Pipeline.model_validate({"kind": "pipeline", "name": "p", "steps": [{"step": "photometry"}]})


@pytest.fixture
def light(draw_stars):  # type: ignore[no-untyped-def]
    """Makes a light that shows stars at some places, of which only the two of `DETECTED` were detected."""

    def made(*others: tuple[float, float], aim: tuple[float, float] | None = None) -> LightFrame:
        places, whatever = np.vstack([DETECTED, np.array(others).reshape(-1, 2)]), Path("whatever")
        counts = draw_stars(SHAPE, *places.T, np.full(len(places), 9000.0), (FWHM / 2.3548, FWHM / 2.3548, 0.0))
        counts += 300 + np.random.default_rng(1).normal(0, 3, SHAPE)
        optics, frame = Optics(3.8, 1.2, 5.0, 60000.0), Frame(**A_LIGHT | {"path": whatever})
        order = LightOrder(frame, whatever, whatever, Masters(), PIPELINE, None, optics, None, aim=aim)
        adu = CCDData(counts.astype(np.float32), unit="adu")
        measures = Measures(background_adu=300.0, fwhm_px=FWHM)
        stars = DetectedStars(*DETECTED.T, np.array([2.0, 1.0]), np.zeros(2, dtype=bool))
        shapes = Shapes(*DETECTED.T, np.full(2, FWHM), np.zeros(2), np.full(2, FWHM / 2))
        return LightFrame(order, {}, adu, counts > 60000, 60.0, measures, stars=stars, shapes=shapes)

    return made


def listed(*places: tuple[float, float]) -> CatalogueStars:
    """A catalogue of stars at these pixels."""
    ra, dec = np.array([sky(PLANE, *place) for place in places]).reshape(-1, 2).T
    return CatalogueStars(ra, dec, np.full(len(places), 9.0))


def test_what_was_detected_comes_first_and_once(light) -> None:  # type: ignore[no-untyped-def]
    """A star of the catalogue within 2 px of one that is seen is that star."""
    found = star_places(light(), PLANE, listed((41.9, 30.0), (100.0, 80.5)))
    np.testing.assert_array_equal(np.column_stack([found.x, found.y]), DETECTED)
    np.testing.assert_array_equal(found.fwhm, [FWHM, FWHM])


def test_a_listed_star_is_measured_at_the_middle_of_what_is_there(light) -> None:  # type: ignore[no-untyped-def]
    """Where something of a star's shape lies within a pixel; where nothing does, or farther off, at its own place."""
    found = star_places(light((70.3, 50.2), (131.4, 100.0)), PLANE, listed((70.0, 50.0), (130.0, 100.0), (20.0, 90.0)))
    assert (found.x[2], found.y[2]) == (pytest.approx(70.3, abs=0.05), pytest.approx(50.2, abs=0.05))
    assert found.fwhm[2] == pytest.approx(FWHM, rel=0.1)
    np.testing.assert_allclose([found.x[3], found.y[3]], [130.0, 100.0], atol=1e-6)
    np.testing.assert_allclose([found.x[4], found.y[4]], [20.0, 90.0], atol=1e-6)
    assert np.isnan(found.fwhm[3:]).all()


def test_what_lies_outside_is_not_measured_and_of_a_crowd_only_the_brightest_are(light) -> None:  # type: ignore[no-untyped-def]
    """The frame ends with the middle of its last pixels."""
    beside = star_places(light(), PLANE, listed((-0.1, 60.0), (159.1, 60.0), (80.0, -0.1), (80.0, 119.1)))
    assert len(beside.x) == 2
    inside = star_places(light(), PLANE, listed((0.1, 60.0), (158.9, 60.0), (80.0, 0.1), (80.0, 118.9)))
    assert len(inside.x) == 6
    crowd = [(3.0 + 7 * (number % 22), 3.0 + 7 * (number // 22)) for number in range(LISTED + 50)]
    near = sum(np.hypot(*(DETECTED - place).T).min() <= 2 for place in crowd[:LISTED])
    assert len(star_places(light(), PLANE, listed(*crowd)).x) == 2 + LISTED - near


def test_a_target_is_measured_once_where_it_is_or_must_be(light) -> None:  # type: ignore[no-untyped-def]
    none = listed()
    unseen = star_places(light(aim=sky(PLANE, 70.0, 95.0)), PLANE, none)
    assert (unseen.x[2], unseen.y[2]) == (pytest.approx(70.0), pytest.approx(95.0))
    assert np.isnan(unseen.fwhm[2])
    assert len(star_places(light(aim=sky(PLANE, 43.0, 30.0)), PLANE, none).x) == 2, "a detected star is the target"
    assert len(star_places(light(aim=sky(PLANE, 46.0, 30.0)), PLANE, none).x) == 3, "1.5 widths from it is another"
    assert len(star_places(light(aim=sky(PLANE, -5.0, 30.0)), PLANE, none).x) == 2, "it is not in the frame"
    assert len(star_places(light(aim=sky(PLANE, 70.0, 95.0)), PLANE, listed((70.5, 95.0))).x) == 3


def test_stars_that_were_not_measured_have_no_places(light) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="once they are measured"):
        star_places(replace(light(), shapes=None), PLANE, listed())


def test_the_catalogue_s_stars_are_those_in_and_around_the_frame(light) -> None:  # type: ignore[no-untyped-def]
    stars = in_frame(light(), PLANE)
    corner = np.hypot(*SHAPE) / 2
    away = np.hypot(*(pixels(PLANE, stars.ra_deg, stars.dec_deg) - (79.5, 59.5)).T)
    assert len(stars.ra_deg) > 0
    assert corner < 1.2 * away.max()
    assert away.max() < 1.1 * corner
    assert touched(PLANE) == pytest.approx((10.6847, 41.2690))
