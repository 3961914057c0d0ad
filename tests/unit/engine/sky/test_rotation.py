import astropy.units as u
import numpy as np
from astropy.coordinates.builtin_frames.utils import get_polar_motion
from astropy.time import Time

from obsy.engine.sky import instants  # noqa: F401  (keeps astropy off the network here too)
from obsy.engine.sky.rotation import rotation


def test_it_is_the_rotation_that_astropy_reads():
    times = Time("1990-01-01T07:00") + np.arange(0, 13600, 13.7) * u.day  # over leap seconds, into the predictions
    theirs = (times.ut1.jd1 - times.tai.jd1 + times.ut1.jd2 - times.tai.jd2) * 86400
    # astropy takes the long past from another IERS series; 1 ms turns the sky by 0.015 arcsec.
    assert np.abs(rotation(times).ut1_tai_s - theirs).max() < 1e-3


def test_the_pole_is_where_astropy_reads_it():
    times = Time("1990-01-01T07:00") + np.arange(0, 13600, 13.7) * u.day
    assert np.allclose(rotation(times)[1:], get_polar_motion(times), rtol=0, atol=5e-8)


def test_beyond_the_table_the_last_line_holds():
    far, farther = rotation(Time(["2028-03-01", "2028-11-01"])).ut1_tai_s
    assert far == farther
