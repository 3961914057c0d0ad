"""The shipped stars, against brute force, published counts and Hipparcos."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.sky.catalogue import CatalogueStars, cone, separation_deg
from tests.support.effort import examples


@pytest.fixture(scope="module")
def sky() -> CatalogueStars:
    return cone(0.0, 0.0, 180.0)


@pytest.fixture(scope="module")
def ways(sky: CatalogueStars) -> np.ndarray:
    """(3, stars): each star's unit vector."""
    return unit_vectors(sky.ra_deg, sky.dec_deg)


def unit_vectors(ra_deg: Any, dec_deg: Any) -> np.ndarray:
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def apart(ways: np.ndarray, ra_deg: float, dec_deg: float) -> np.ndarray:
    """The square of the chord from a direction to each star: another formula than the code's."""
    return np.asarray(((ways - unit_vectors(ra_deg, dec_deg)[:, None]) ** 2).sum(axis=0))


def chord(radius_deg: float) -> float:
    """The square of the chord under an angle."""
    return float((2 * np.sin(np.radians(radius_deg) / 2)) ** 2)


@pytest.mark.long
@pytest.mark.once
def test_the_whole_sky_is_there(sky: CatalogueStars) -> None:
    # rows of MAG_VT in index-tycho2-07.littleendian.fits
    assert len(sky) == 1_871_011


@pytest.mark.once
@pytest.mark.parametrize(("limit", "count"), [(9.0, 119_000), (10.0, 326_000), (11.0, 849_000), (11.5, 1_270_000)])
def test_counts_by_magnitude_are_those_of_tycho2(sky: CatalogueStars, limit: float, count: int) -> None:
    # counted in the index itself and rounded to thousands (1.27 million to ten thousands): 0.5 %
    assert np.count_nonzero(sky.mag < limit) == pytest.approx(count, rel=0.005)


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    ("ra", "dec", "radius"),
    [
        (0.0, 90.0, 1.0),
        (200.0, -90.0, 2.0),
        (10.0, 89.4, 1.0),
        (355.0, -88.9, 1.5),
        (0.0, 12.0, 1.0),
        (359.9, -40.0, 3.0),
        (0.2, 71.0, 5.0),
        (-0.3, 5.0, 1.0),
        (83.6, 22.0, 0.05),
        (180.0, 0.0, 100.0),
        (266.4, -29.0, 1.0),
    ],
)
def test_a_cone_holds_what_brute_force_finds(
    sky: CatalogueStars, ways: np.ndarray, ra: float, dec: float, radius: float
) -> None:
    assert np.array_equal(cone(ra, dec, radius).mag, np.sort(sky.mag[apart(ways, ra, dec) <= chord(radius)]))


@settings(max_examples=examples(15), deadline=None)
@given(st.floats(0, 360), st.floats(-90, 90), st.floats(0.001, 8))
def test_any_cone_holds_what_brute_force_finds(
    sky: CatalogueStars, ways: np.ndarray, ra: float, dec: float, radius: float
) -> None:
    found, away = cone(ra, dec, radius).mag, apart(ways, ra, dec)
    # a star within 1e-9 deg of the rim may fall either way between two formulae
    surely, perhaps = away <= chord(radius - 1e-9), away <= chord(radius + 1e-9)
    assert np.count_nonzero(surely) <= len(found) <= np.count_nonzero(perhaps)
    assert np.isin(found, sky.mag[perhaps]).all()


def test_the_brightest_come_first() -> None:
    assert np.all(np.diff(cone(56.87, 24.11, 2.0).mag) >= 0)


def test_a_cone_on_nothing_is_empty() -> None:
    assert len(cone(83.6, 22.0, 1e-7)) == 0


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "ra", "dec", "hp"),
    [
        # Hipparcos, the new reduction (van Leeuwen 2007), moved from 1991.25 to J2000.0; Hp within 0.3 mag of VT
        ("HIP 2", 0.004269, -19.498841, 9.40),
        ("Lalande 21185", 165.834141, 35.969880, 7.51),
        ("RR Lyr", 291.366304, 42.784359, 8.00),
        ("HD 189733", 300.182139, 22.710851, 7.83),
        ("HIP 100000", 304.315413, -19.960858, 8.03),
        ("HD 209458", 330.794884, 18.884317, 7.77),
    ],
)
def test_known_stars_stand_where_hipparcos_puts_them(name: str, ra: float, dec: float, hp: float) -> None:
    found = cone(ra, dec, 2 / 3600)
    assert len(found) >= 1, name
    assert separation_deg(found.ra_deg, found.dec_deg, ra, dec).min() * 3600 < 0.3
    assert found.mag[0] == pytest.approx(hp, abs=0.3)
