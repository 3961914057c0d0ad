"""Made-up stars: fixed on the sky, and as many as there are."""

import numpy as np

from obsy.engine.devices.simulated.picture.faint import crowding, faint


def within(found, ra, dec, radius):
    near = np.hypot((found.ra_deg - ra) * np.cos(np.radians(dec)), found.dec_deg - dec) < radius
    return set(zip(found.ra_deg[near], found.dec_deg[near], strict=True))


def test_two_overlapping_fields_share_their_stars():
    first, second = faint(100.0, 30.0, 0.6), faint(100.3, 30.2, 0.6)
    assert within(first, 100.15, 30.1, 0.3) == within(second, 100.15, 30.1, 0.3)
    assert within(first, 100.15, 30.1, 0.3)


def test_a_field_across_midnight_has_no_seam():
    found = faint(0.0, 10.0, 0.5)
    east, west = np.sum(found.ra_deg < 0.5), np.sum(found.ra_deg > 359.5)
    assert 0.8 < east / west < 1.25


def test_the_pole_is_as_full_as_what_is_around_it():
    dec = faint(10.0, 89.9, 1.5).dec_deg
    inner, outer = np.sum(dec > 89.5), np.sum((dec > 89) & (dec <= 89.5))
    assert 0.8 < 3 * inner / outer < 1.25


def test_the_milky_way_is_more_crowded():
    assert crowding(300, 35) > 4 * crowding(192.9, 27.1)


def test_they_begin_where_the_catalogue_ends():
    assert faint(100.0, 30.0, 0.5).mag.min() > 11.5
