"""Target, comparison and check star are compared in one way, whichever that is."""

from dataclasses import replace

import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.reduce.star_ways import WayLight
from obsy.engine.science.best_ensemble import best_ensemble
from obsy.engine.science.by_shape import by_shape
from obsy.errors import UserError
from tests.unit.engine.science.star_fields import TARGET, StarField

FRAMES = 10


def tables(method, blended=0, fitted=FRAMES):
    """Tables of which so many have the target blended, at twice its light, and so many were fitted as well."""
    field, told = StarField(frames=FRAMES), []
    for n, table in enumerate(field.tables()):
        row = table.nearest(*TARGET, 1.0)
        flux, flags = table.flux.copy(), table.flags.copy()
        flux[row] *= 2.0 if n < blended else 1.0
        flags[row] |= int(Flag.BLENDED) if n < blended else 0
        shape = WayLight(table.flux * 1.1, table.flux_error * 1.1, table.flags)
        about = replace(table.observation, method=method, aperture_fwhm=1.5)
        told.append(
            replace(table, flux=flux, flags=flags, ways={"psf": shape} if n < fitted else {}, observation=about)
        )
    return field, told


@pytest.mark.parametrize(
    ("method", "blended", "fitted", "way"),
    [
        ("psf", 0, FRAMES, "psf"), ("aperture", FRAMES, FRAMES, ""), ("auto", 0, FRAMES, ""), ("auto", 9, 9, "psf"),
        ("auto", 4, 4, ""), ("psf", 0, 4, ""), ("psf", 0, 7, "psf"),
    ],
)  # fmt: skip
def test_a_night_is_measured_in_one_way(method, blended, fitted, way):
    found, told = by_shape(tables(method, blended, fitted)[1], TARGET, 2.0)
    assert {each.observation.way for each in found} == {way}
    assert len(found) == (fitted if way else FRAMES)
    lacking = fitted < FRAMES and method == "psf" or (way and fitted < FRAMES)
    assert bool(told) is bool(lacking)


def test_the_light_of_a_neighbour_is_not_in_the_magnitude_of_a_fitted_star():
    field, crowded = tables("auto", FRAMES)
    found = best_ensemble(crowded, field.declared(), "V", TARGET)
    assert found.mean[0] == pytest.approx(12.0, abs=0.02)
    assert found.search.taken == "psf" and "psf" in found.search.words
    field, crowded = tables("aperture", FRAMES)
    assert best_ensemble(crowded, field.declared(), "V", TARGET).mean[0] == pytest.approx(12.0 - 0.753, abs=0.02)


def test_frames_without_a_fit_are_told():
    field, some = tables("psf", 0, 7)
    found = best_ensemble(some, field.declared(), "V", TARGET)
    assert len(found.curve) == 7 and any(each.startswith("3 of 10 frames: too few lonely") for each in found.left_out)


def test_no_tables_are_no_night():
    with pytest.raises(UserError, match="no frame has a table of stars"):
        best_ensemble([], StarField().declared(), "V", TARGET)
    assert by_shape([], TARGET, 2.0) == ([], "")
