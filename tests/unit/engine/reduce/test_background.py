import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from photutils.background import Background2D, MedianBackground

from obsy.engine.reduce.background import background


def test_the_mesh_agrees_with_photutils(sky):
    made = sky(shape=(512, 512))
    row = np.linspace(0, 200, 512)
    counts = (made.counts() + row[:, None]).astype(np.float32)
    ours = background(counts, 64)
    theirs = Background2D(counts, 64, filter_size=3, bkg_estimator=MedianBackground())
    inside = (slice(1, -1), slice(1, -1))  # at the rim photutils' filter takes fewer cells, and so follows a slope less
    assert np.abs(ours.mesh - theirs.background_mesh)[inside].max() < 1.0  # a mesh point's own noise is 0.23 ADU
    inner = (slice(128, -128), slice(128, -128))
    assert np.abs(ours.image() - theirs.background)[inner].max() < 3.0  # linear here, cubic there
    assert ours.noise_adu == pytest.approx(theirs.background_rms_median, rel=0.02)


def test_noise_is_that_of_a_pixel(sky):
    assert background(sky(noise=12.0).counts().astype(np.float32), 64).noise_adu == pytest.approx(12.0, rel=0.02)


@given(st.integers(8, 90), st.integers(8, 90), st.floats(-1e3, 6e4, width=32))
def test_a_flat_sky_is_its_own_background(rows, columns, level):
    found = background(np.full((rows, columns), level, dtype=np.float32), 32)
    assert found.noise_adu == 0.0
    assert np.allclose(found.image(), level, rtol=1e-5)
