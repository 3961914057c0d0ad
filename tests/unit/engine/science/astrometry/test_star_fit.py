"""From pixels to the sky: bent optics are followed, wrong stars left out, and the error is what it says."""

import numpy as np

from obsy.engine.science.astrometry.star_fit import star_fit
from tests.unit.engine.science.astrometry.moving_fields import MIDDLE, MovingField


def fitted(**said):
    field = MovingField(frames=1, **said)
    (table,) = field.tables()
    return star_fit(table, field.catalogue(*MIDDLE, 1.0), MIDDLE)


def test_a_flat_field_needs_a_straight_line_and_a_bent_one_more():
    assert fitted().degree == 1
    bent = fitted(bend=3.0)
    assert bent.degree == 3 and bent.rms < 0.2


def test_scatter_beside_photons_is_found():
    said = [fitted(seed=seed, catalogue_arcsec=0.4).scatter for seed in range(6)]
    assert np.mean(said) == np.clip(np.mean(said), 0.34, 0.46)


def test_the_scale_and_the_place_come_out():
    one = fitted()
    assert abs(one.scale - 3.0) < 0.01
    ra, dec = one.sky(one.middle[:1], one.middle[1:])
    assert abs(dec[0] - MIDDLE[1]) < 0.1


def test_too_few_stars_are_told():
    assert fitted(listed=5) == "only 5 stars of the catalogue can be measured, at least 6 are needed"
