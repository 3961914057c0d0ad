"""Of a series of frames: a field that drifts and turns over is the same field, and each star keeps its light."""

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.science.transit.relative import relative
from obsy.engine.science.transit.series import measure, seen_frame, target_in
from obsy.errors import FrameError, UserError

SIDE, SIGMA = 300, 1.4


def frame(path, stars, light):
    """A picture of stars (x, y) with so much light each, over a sky of 300 ADU."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    counts = np.random.default_rng(len(path.name)).normal(300, 4, (SIDE, SIDE))
    for (x, y), each in zip(stars, light, strict=True):
        counts += each / (2 * np.pi * SIGMA**2) * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * SIGMA**2))
    fits.PrimaryHDU(counts.astype(np.float32)).writeto(path)
    return path


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """Four frames that drift by 5 px each and turn over after the second; the target, 0, dims by 10 % in the last."""
    folder, dice = tmp_path_factory.mktemp("night"), np.random.default_rng(11)
    stars, light = dice.uniform(40, SIDE - 60, (26, 2)), dice.uniform(2e4, 6e4, 26)
    paths = []
    for number in range(4):
        places = stars + 5 * number
        here = light * (np.arange(26) > 0) + light[0] * (np.arange(26) == 0) * (0.9 if number == 3 else 1)
        paths.append(frame(folder / f"{number}.fits", SIDE - 1 - places if number > 1 else places, here))
    return paths, stars, light


@pytest.mark.long
def test_each_star_keeps_its_light_over_drift_and_flip(night):
    paths, stars, light = night
    found = measure(paths, seen_frame(paths[0]), stars[0])
    assert found.used == (0, 1, 2, 3) and found.is_turned.tolist() == [False, False, True, True]
    np.testing.assert_allclose(found.x[:2], stars[0, 0] + [0, 5], atol=0.1)
    widest = found.flux[-1]
    assert widest[3, 0] / widest[0, 0] == pytest.approx(0.9, abs=0.01)
    np.testing.assert_allclose(relative(found.flux[-1]).flux[:3], 1.0, atol=0.02)


@pytest.mark.long
@pytest.mark.once
def test_a_frame_of_another_field_is_named(night, tmp_path):
    paths, stars, _ = night
    other = frame(tmp_path / "other.fits", np.random.default_rng(5).uniform(20, 280, (30, 2)), np.full(30, 3e4))
    found = measure([*paths, other], seen_frame(paths[0]), stars[0])
    assert found.used == (0, 1, 2, 3) and "are those of the first frame" in found.refused["other.fits"]


def test_a_frame_without_stars_is_named(night, tmp_path):
    paths, stars, _ = night
    empty = frame(tmp_path / "empty.fits", np.zeros((0, 2)), [])
    assert "no star" in measure([*paths, empty], seen_frame(paths[0]), stars[0]).refused["empty.fits"]


@pytest.mark.long
@pytest.mark.once
def test_a_first_frame_that_is_not_recognised_is_told_with_the_scale_to_say(night):
    with pytest.raises(UserError, match=r"not recognised near 10\.000, \+80\.000 deg .* say its scale with '--scale'"):
        target_in(seen_frame(night[0][0]), (10.0, 80.0), 2.0, (10.0, 80.0))


@pytest.mark.parametrize(("card", "value"), [("BITPIX", 7), ("NAXIS2", 0)])
def test_a_header_that_describes_no_picture_makes_a_frame_that_cannot_be_used(tmp_path, card, value):
    path = tmp_path / "odd.fits"
    fits.PrimaryHDU(np.zeros((20, 20), dtype=np.int16)).writeto(path)
    whole = path.read_bytes()
    at = whole.index(f"{card:8}=".encode())
    path.write_bytes(whole[:at] + f"{card:8}= {value:>20}".encode() + whole[at + 30 :])
    with pytest.raises(FrameError, match="odd.fits"):
        seen_frame(path)
