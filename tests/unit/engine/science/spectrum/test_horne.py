import numpy as np
import pytest

from obsy.engine.science.spectrum.horne import extracted
from obsy.engine.science.spectrum.traced import traced
from obsy.errors import UserError
from tests.support.made_spectrum import MadeSpectrum

pytestmark = [pytest.mark.long, pytest.mark.once]


def pulls(made: MadeSpectrum) -> np.ndarray:
    frame = made.star()
    way = traced(frame)
    assert np.abs(way.centre - made.trace).max() < 0.15
    found = extracted(frame, way, way.noise(made.read_noise))
    assert np.isfinite(found.flux).all()
    return (found.flux - made.flux) / found.error


@pytest.mark.parametrize("light", [300, 50_000])
def test_light_is_found_within_its_error_on_a_bent_trace_among_sky_lines_and_cosmic_rays(light: float) -> None:
    off = np.concatenate([pulls(MadeSpectrum(light=light, seed=seed, columns=600)) for seed in (1, 2)])
    assert 0.9 < off.std() < 1.1
    assert abs(off.mean()) < 0.25


def test_a_hit_leaves_no_line_behind() -> None:
    made = MadeSpectrum(columns=400, hits=0)
    frame = made.star()
    frame[round(made.trace[200]), 200] += 30_000
    way = traced(frame)
    found = extracted(frame, way, made.read_noise)
    assert found.hits >= 1
    assert abs(found.flux[200] - made.flux[200]) < 5 * found.error[200]


def test_a_frame_without_a_star_is_told() -> None:
    with pytest.raises(UserError, match="no spectrum stands out"):
        traced(MadeSpectrum(light=0.0, hits=0, columns=400).star())


def test_a_spectrum_at_the_edge_has_no_sky() -> None:
    made = MadeSpectrum(columns=400, rows=20, hits=0)
    with pytest.raises(UserError, match="no sky is left beside it"):
        traced(made.star())
