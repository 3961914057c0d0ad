"""The grids of the scheduler beside astroplan's constraints: the same yes and no, but for one instant at an edge."""

import astropy.units as u
import numpy as np
import pytest
from astroplan import (
    AirmassConstraint,
    AltitudeConstraint,
    AtNightConstraint,
    FixedTarget,
    MoonIlluminationConstraint,
    MoonSeparationConstraint,
    Observer,
)
from astropy.coordinates import SkyCoord

from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import allows
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.when import When
from tests.support.turning import earth_location, instants

STARS = (Fixed(10.68, 41.27), Fixed(83.82, -5.39), Fixed(202.47, 47.2), Fixed(56.87, 24.1))
CASES = [
    ("altitude", "above 35 deg", AltitudeConstraint(min=35 * u.deg)),
    ("altitude", {"above": "25 deg", "below": "60 deg"}, AltitudeConstraint(min=25 * u.deg, max=60 * u.deg)),
    ("sun", "below -15 deg", AtNightConstraint(max_solar_altitude=-15 * u.deg)),
    ("moon", "farther than 60 deg", MoonSeparationConstraint(min=60 * u.deg)),
    ("moon", "fainter than 93 %", MoonIlluminationConstraint(max=0.93)),
    ("airmass", "below 2", AirmassConstraint(max=2.0)),
]


@pytest.mark.long
@pytest.mark.once
@pytest.mark.filterwarnings("ignore:transforming other coordinates")
@pytest.mark.parametrize("case", CASES, ids=[f"{word} {said}" for word, said, _ in CASES])
def test_a_constraint_holds_when_astroplan_says(case, evening, calar_alto):
    word, said, theirs = case
    grid = Grid.over(evening.start, evening.end, 300.0)
    constraint = getattr(When.model_validate({word: said}), word)
    observer = Observer(location=earth_location(calar_alto))
    for star, track in zip(STARS, tracks(STARS, grid, calar_alto), strict=True):
        target = FixedTarget(SkyCoord(star.ra_deg, star.dec_deg, unit="deg"))
        expected = np.ravel(theirs(observer, target, times=instants(grid)))
        expected |= (track.moon_altitude_deg < 0) if word == "moon" else False
        changes = max(np.count_nonzero(np.diff(expected)), 1)
        assert np.count_nonzero(allows(constraint, track) != expected) <= changes
