"""Where a telescope points is found in real skies, up to a frame away from where it is believed to, or not at all."""

from math import cos, radians
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.devices.ports import Pointing
from obsy.engine.reduce.plane import pixels, tangent
from obsy.engine.reduce.pointing import _trusted, recognised
from obsy.engine.reduce.solution import Near, Solution
from obsy.engine.reduce.work import pointed
from obsy.engine.sky.catalogue import cone
from tests.unit.engine.reduce.conftest import star_image

SCALE, SHAPE = 3.8, (512, 512)
RA, DEC = 10.6847, 41.2690
FIELD_DEG = SHAPE[0] * SCALE / 3600


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sky at RA, DEC as Tycho-2 has it."""
    step = SCALE / 3600
    plane = tangent(RA, DEC, ((SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2), np.array([[-step, 0.0], [0.0, step]]))
    stars = cone(RA, DEC, FIELD_DEG)
    x, y = pixels(plane, stars.ra_deg, stars.dec_deg).T
    inside = (x > 0) & (x < SHAPE[1] - 1) & (y > 0) & (y < SHAPE[0] - 1)
    flux = 10 ** (-0.4 * (stars.mag[inside] - 12)) * 4000
    counts = star_image(SHAPE, x[inside], y[inside], flux, (1.5, 1.5, 0.0))
    return written(tmp_path_factory.mktemp("sky") / "sky.fits", counts)


def written(path: Path, counts: np.ndarray) -> Path:
    noisy = counts + np.random.default_rng(3).normal(800, 12, SHAPE)
    fits.writeto(path, np.clip(noisy, 0, 65535).astype(np.uint16))
    return path


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (0.15, -0.1), (0.7, 0.0), (-0.75, 0.75)])
def test_the_middle_of_a_frame_is_found_up_to_a_frame_away(frame: Path, east: float, north: float) -> None:
    believed = Pointing(RA + east * FIELD_DEG / cos(radians(DEC)), DEC + north * FIELD_DEG)
    found = pointed(frame, believed, SCALE)
    assert isinstance(found, Pointing)
    assert (found.ra_deg, found.dec_deg) == pytest.approx((RA, DEC), abs=1.0 / 3600)


@pytest.mark.long
@pytest.mark.once
def test_a_frame_of_another_sky_is_not_taken_for_this_one(frame: Path) -> None:
    assert isinstance(pointed(frame, Pointing(200.0, -30.0), SCALE), str)


def test_a_sky_without_stars_says_so(tmp_path: Path) -> None:
    empty = written(tmp_path / "clouds.fits", np.zeros(SHAPE))
    assert pointed(empty, Pointing(RA, DEC), SCALE) == "0 stars are too few to be recognised, at least 6 are needed"


def test_a_file_that_is_no_picture_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.fits"
    path.write_bytes(b"SIMPLE  =")
    assert "cannot be read as FITS" in str(pointed(path, Pointing(RA, DEC), SCALE))


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("seed", [7, 16, 23, 26, 30, 48])
def test_stars_by_chance_are_not_believed(seed: int) -> None:
    """Of the seeds below 50 these are solved, falsely, where six pairs within a pixel are enough."""
    stars = np.random.default_rng(seed).uniform(0, SHAPE[0] - 1, (100, 2))
    assert isinstance(recognised(stars, Near(61.95, 62.33, 3.351, SHAPE)), str)


@pytest.mark.parametrize(
    ("pairs", "rms_px", "needed", "why"),
    [
        (7, 0.25, 7, ""),
        (6, 0.25, 7, "only 6 stars fall on the catalogue's, at least 7 are needed to slew by them"),
        (7, 0.98, 7, "7 stars fall on the catalogue's, but 1.0 px off: that may be chance"),
        (7, 0.25, 10, "only 7 stars fall on the catalogue's, at least 10 are needed to slew by them"),
        (10, 0.5, 10, ""),
        (14, 0.8, 10, "14 stars fall on the catalogue's, but 0.8 px off: that may be chance"),
        (15, 0.8, 10, ""),
    ],
)
def test_few_pairs_must_lie_close(pairs: int, rms_px: float, needed: int, why: str) -> None:
    """The third and fourth are a field in NGC 1502, once believed 20 arcmin from where the telescope pointed."""
    plane = tangent(RA, DEC, (0.0, 0.0), np.eye(2))
    made = Solution(plane, np.arange(pairs), np.arange(pairs), rms_px)
    assert _trusted(made, needed) == (why or made)
