import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from obsy.engine.reduce.stretch import EDGE_PX, binned, grey, write_picture


@pytest.fixture
def nebula():
    row, column = np.mgrid[:400, :400]
    glow = 60 * np.exp(-((row - 200) ** 2 + (column - 150) ** 2) / (2 * 40**2))
    return (1000 + glow + np.random.default_rng(4).normal(0, 10, (400, 400))).astype(np.float32)


def test_one_sees_the_object_and_the_sky_is_dark(nebula):
    shown = grey(nebula)[::-1].astype(float)
    sky = shown[:60, 300:].mean()
    assert sky < 40
    assert shown[190:210, 140:160].mean() > 3 * sky


def test_the_first_row_of_fits_is_at_the_bottom(nebula):
    nebula[:10] += 5000
    assert grey(nebula)[-10:].mean() > 3 * grey(nebula)[:10].mean()


def test_what_has_no_value_is_black(nebula):
    nebula[:100] = np.nan
    assert (grey(nebula)[-100:] == 0).all()
    assert (grey(np.full((50, 50), np.nan, dtype=np.float32)) == 0).all()


@given(st.integers(1, 2500), st.integers(1, 40))
def test_binning_keeps_the_mean_and_fits_the_page(rows, columns):
    counts = np.ones((rows, columns), dtype=np.float32)
    factor = -(-max(rows, columns) // EDGE_PX)
    if columns >= factor:
        assert max(binned(counts).shape) <= EDGE_PX
        assert (binned(counts) == 1).all()


def test_a_picture_holds_the_pixels(nebula, tmp_path):
    write_picture(tmp_path / "nebula.png", nebula)
    with Image.open(tmp_path / "nebula.png") as picture:
        assert (np.asarray(picture) == grey(nebula)).all()
