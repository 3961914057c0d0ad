import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time

from obsy.engine.sky.barycentre import light_time_d
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.location import Location

HAT_P_32 = Fixed(31.042742, 46.687851)
WHIPPLE = Location(31.6811, -110.8783, 1268.0)


def test_a_year_of_light_times_is_astropys_within_a_tenth_of_a_millisecond():
    times = Time("2026-01-01") + np.arange(0, 366, 5.3) * u.day
    location = EarthLocation.from_geodetic(WHIPPLE.longitude_deg, WHIPPLE.latitude_deg, WHIPPLE.elevation_m)
    star = SkyCoord(HAT_P_32.ra_deg, HAT_P_32.dec_deg, unit="deg")
    theirs = times.light_travel_time(star, location=location, ephemeris="builtin").to_value("s")
    ours = 86400 * light_time_d(HAT_P_32, times, WHIPPLE)
    assert np.abs(ours - theirs).max() < 1e-4
    assert 300 < np.abs(ours).max() < 510
