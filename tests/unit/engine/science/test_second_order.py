"""What the air takes more of red stars comes out as it was put in, and only where two heights tell it."""

import numpy as np
import pytest

from obsy.engine.science.second_order import second_order
from obsy.engine.science.standard_field import standard_field
from tests.unit.engine.science import standard_fields
from tests.unit.engine.science.standard_fields import ColouredField

HIGH_AND_LOW = (1.1,) * 4 + (2.0,) * 4


class RedderBelow(ColouredField):
    """A field through an air that takes less of red stars."""

    def true(self, band):
        """Return the magnitudes as the frame that is being drawn has them; the catalogue's where none is."""
        return super().true(band) + getattr(self, "second", 0.0) * self.colour * getattr(self, "air", 0.0)

    def _table(self, band, airmass, minute, train):
        self.air = airmass
        try:
            return super()._table(band, airmass, minute, train)
        finally:
            self.air = 0.0


def measured(airmasses=HIGH_AND_LOW, second=0.0, **more):
    field = RedderBelow(known_noise=0.005, **more)
    field.second = second
    declared = field.declared("BV")
    found = [standard_field(field.tables(band, airmasses), declared.stars, band) for band in "BV"]
    return found[0], found[0].known - found[1].known


@pytest.mark.parametrize("second", [-0.03, 0.0, 0.05])
def test_it_is_what_was_put_in_within_its_error(second):
    found = second_order(*measured(second=second))
    assert abs(found.value - second) < 3 * found.error < 0.03


def test_it_moves_neither_with_the_zero_points_nor_with_a_wrong_catalogue(monkeypatch):
    before = second_order(*measured(second=-0.03))
    monkeypatch.setitem(standard_fields.EXTINCTION, "B", 0.9)
    after = second_order(*measured(second=-0.03))
    assert after.value == pytest.approx(before.value, abs=1e-3)


def test_one_height_or_few_stars_tell_nothing():
    assert second_order(*measured((1.1,) * 4 + (1.3,) * 4)) is None
    assert second_order(*measured(stars=7)) is None
    field, colour = measured()
    assert second_order(field, np.where(np.arange(len(colour)) < 7, colour, np.nan)) is None
