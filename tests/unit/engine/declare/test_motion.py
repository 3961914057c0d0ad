"""Places that move, against astropy, and one catalogue against the other."""

from datetime import UTC, datetime
from typing import Any

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import Distance, SkyCoord, angular_separation
from astropy.time import Time
from pydantic import TypeAdapter

from obsy.engine.declare.names import meant
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.body import Fixed
from obsy.schemas.target import Target

WHEN = datetime(2026, 11, 27, tzinfo=UTC)


def declared(**said: object) -> Fixed:
    target = meant(TypeAdapter[Any](Target).validate_python(said))
    assert target is not None
    found = body(target)
    assert isinstance(found, Fixed)
    return found


def moving(place: tuple[float, float], year: tuple[float, float], epoch: float, parallax: float = 0.0) -> Fixed:
    said = {"ra": f"{place[0]} deg", "dec": f"{place[1]} deg", "parallax": f"{parallax} mas"}
    return declared(**said, motion={"ra": f"{year[0]} mas/y", "dec": f"{year[1]} mas/y"}, epoch=f"J{epoch}")


@pytest.mark.parametrize("epoch", [1991.25, 2000.0, 2016.0])
@pytest.mark.parametrize(
    ("ra", "dec", "east", "north"),
    [
        (269.4485, 4.7394, -801.6, 10362.4),  # Barnard's star
        (0.0001, -37.0, 6770.0, -2327.0),  # as Kapteyn's star, over 0 h
        (300.0, 89.99, 5000.0, -5000.0),  # over the pole
    ],
)
def test_a_place_moves_as_astropy_moves_it(ra: float, dec: float, east: float, north: float, epoch: float) -> None:
    far = {"distance": Distance(10, u.pc), "radial_velocity": 0 * u.km / u.s}  # astropy asks for both
    speed = {"pm_ra_cosdec": east * u.mas / u.yr, "pm_dec": north * u.mas / u.yr}
    then = SkyCoord(ra * u.deg, dec * u.deg, obstime=Time(epoch, format="jyear", scale="tdb"), **speed, **far)
    theirs = then.apply_space_motion(new_obstime=Time(WHEN))
    ours = np.radians(moving((ra, dec), (east, north), epoch).on(WHEN))
    assert np.degrees(angular_separation(*ours, theirs.ra.rad, theirs.dec.rad)) * 3.6e6 < 1.0  # mas


@pytest.mark.parametrize(("east", "north"), [(-801.6, 10362.4), (10362.4, 801.6)])
def test_a_motion_of_1850_is_at_j2000_what_astropy_makes_of_it(east: float, north: float) -> None:
    # In 150 years Barnard's star goes 1,560 arcsec across, so farther away, and slower by 0.3 mas a year.
    far = {"distance": Distance(10, u.pc), "radial_velocity": 0 * u.km / u.s}
    speed = {"pm_ra_cosdec": east * u.mas / u.yr, "pm_dec": north * u.mas / u.yr}
    then = SkyCoord(269.4485 * u.deg, 4.7394 * u.deg, obstime=Time("J1850", scale="tdb"), **speed, **far)
    theirs = then.apply_space_motion(new_obstime=Time("J2000", scale="tdb"))
    ours = moving((269.4485, 4.7394), (east, north), 1850.0)
    assert ours.east_mas == pytest.approx(theirs.pm_ra_cosdec.to_value(u.mas / u.yr), abs=0.02)
    assert ours.north_mas == pytest.approx(theirs.pm_dec.to_value(u.mas / u.yr), abs=0.02)


def test_a_place_that_says_no_motion_stands_still() -> None:
    assert declared(ra="10 deg", dec="41 deg").on(WHEN) == (10.0, 41.0)


def test_a_star_by_gaia_stands_where_the_same_by_hipparcos_does() -> None:
    # Gaia DR3 5853498713190525696
    gaia = moving((217.392321472009, -62.676075117), (-3781.741, 769.465), 2016.0, 768.0665)
    named = declared(name="Proxima Centauri")
    assert named.parallax_mas == pytest.approx(768, abs=4)
    for month in (2, 5, 8, 11):
        when = datetime(2026, month, 1, tzinfo=UTC)
        apart = angular_separation(*np.radians((*gaia.on(when), *named.on(when))))
        assert np.degrees(apart) * 3600 < 0.25  # Hipparcos' motions are good to 2 mas a year, its rounding here to 1


def test_what_lies_beside_a_star_moves_with_it() -> None:
    star, beside = declared(name="Barnard's star"), declared(of="Barnard's star", north="1 arcmin")
    assert beside.on(WHEN)[1] - star.on(WHEN)[1] == pytest.approx(1 / 60, abs=1e-5)
