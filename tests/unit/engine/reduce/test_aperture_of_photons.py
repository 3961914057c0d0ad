"""On made photons, the aperture that other stars choose serves a faint target better, and its errors are true."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.plane import sky
from obsy.engine.science.best_ensemble import best_ensemble
from obsy.engine.science.ensemble import ensemble
from obsy.schemas.comparison import ComparisonTable
from tests.unit.engine.reduce.steps.test_photometry import FIELD, PLANE, SIGMA, table_of
from tests.unit.engine.reduce.test_by_psf import frame

FRAMES, LIGHT = 14, 2500.0
TARGET = (95.0, 95.0)


@pytest.mark.slow
def test_a_faint_star_scatters_less_in_the_aperture_that_others_choose_while_the_seeing_changes(draw_stars):
    tables = []
    for n in range(FRAMES):
        counts = frame(draw_stars, [*FIELD, (*TARGET, LIGHT)], SIGMA * (1 + 0.5 * n / FRAMES), seed=n)
        tables.append(table_of(counts, aim=sky(PLANE, *TARGET)))
    minutes = np.arange(FRAMES) / 1440
    tables = [_at(each, late) for each, late in zip(tables, minutes, strict=True)]
    declared = ensemble(tables, _declared(), "V", sky(PLANE, *TARGET))
    best = best_ensemble(tables, _declared(), "V", sky(PLANE, *TARGET))
    assert float(best.search.taken) < 1.5
    assert best.scatter < 0.85 * declared.scatter
    own = np.sqrt(best.curve.error**2 - best.common_error**2)
    pulls = (best.curve.magnitude - _magnitude(LIGHT)) / own
    assert 0.6 < pulls.std(ddof=1) < 1.4 and abs(pulls.mean()) < 1.0


def _at(table, late):
    seen = table.observation
    return replace(table, observation=replace(seen, jd_utc=seen.jd_utc + late))


def _magnitude(light):
    return 20 - 2.5 * np.log10(light)


def _declared():
    stars = [(sky(PLANE, x, y), light) for x, y, light in FIELD]
    said = [
        {
            "name": f"S{n}",
            "ra": f"{float(ra)!r} deg",
            "dec": f"{float(dec)!r} deg",
            "magnitudes": {"V": f"{_magnitude(light):.4f} +- 0.005 mag"},
        }
        for n, ((ra, dec), light) in enumerate(stars)
    ]
    head = {"kind": "comparison", "name": "v1-exa", "of": "V1 Exa", "chart": "X1", "check": "S0"}
    return ComparisonTable.model_validate({**head, "stars": said})
