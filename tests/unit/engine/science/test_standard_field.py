"""A standard field in one filter: its stars above the air, whatever each frame lost, and what the air takes."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.standard_field import standard_field
from tests.unit.engine.science.standard_fields import EXTINCTION, TERMS, ColouredField


def measured(airmasses=(1.1, 1.1, 1.9, 1.9), spoil=None, **more):
    field = ColouredField(known_noise=0.002, noise=0.003, **more)
    tables = field.tables("B", airmasses)
    if spoil:
        spoil(tables)
    return field, standard_field(tables, field.declared("BV").stars, "B")


def test_what_is_left_of_a_star_is_its_colour_times_the_trains_own():
    field, found = measured()
    left = found.known - found.magnitude
    slope = np.polyfit(field.colour, left, 1)[0]
    assert slope == pytest.approx(TERMS["B"], abs=0.005)
    assert np.std(left - slope * field.colour) < 0.006 and (found.error < 0.005).all()


def test_a_frame_through_clouds_changes_no_star():
    def clouds(tables):
        tables[1] = replace(tables[1], flux=tables[1].flux * 0.5)

    (_, clear), (_, cloudy) = measured(), measured(spoil=clouds)
    assert np.abs(cloudy.magnitude - clear.magnitude).max() < 0.003  # the frame lost 0.75 mag


def test_a_star_that_no_frame_shows_whole_says_nothing_and_is_kept_in_its_place():
    def saturated(tables):
        for each in tables:
            each.flags[5] = int(Flag.SATURATED)

    field, found = measured(spoil=saturated)
    assert np.flatnonzero(np.isnan(found.magnitude)).tolist() == [5] and np.isfinite(found.known[5])
    assert found.residual.shape == (4, field.stars) and np.isnan(found.residual[:, 5]).all()


@pytest.mark.parametrize(
    ("airmasses", "is_told"),
    [((1.1, 1.1, 1.5, 1.5), True), ((1.1, 1.1, 1.35, 1.35), False), ((1.1, 1.9, 1.9), False), ((None,) * 4, False)],
)
def test_extinction_is_told_by_four_frames_at_heights_that_differ(airmasses, is_told):
    field = ColouredField(known_noise=0.002)
    tables = [
        replace(table, observation=replace(table.observation, airmass=air))
        for table, air in zip(field.tables("B", [each or 1.0 for each in airmasses]), airmasses, strict=True)
    ]
    taken = standard_field(tables, field.declared("BV").stars, "B").extinction
    assert (taken is not None) == is_told
    assert taken is None or abs(taken.value - EXTINCTION["B"]) < 4 * taken.error
