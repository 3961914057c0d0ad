"""Sun and Moon, against astropy."""

from datetime import UTC, datetime, timedelta

import pytest
from astropy.coordinates import TETE, get_body
from astropy.time import Time

from obsy.engine.devices.simulated.horizontal import separation_deg
from obsy.engine.devices.simulated.luminaries import moon, sun
from obsy.engine.sky.instants import any_date


@pytest.mark.parametrize("days", range(0, 30, 5))
@pytest.mark.parametrize(("body", "light", "within"), [("sun", sun, 0.02), ("moon", moon, 0.4)])
def test_it_stands_where_astropy_says(days, body, light, within):
    when = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(days=days)
    with any_date():
        truth = get_body(body, Time(when)).transform_to(TETE(obstime=Time(when)))
    found = light(when.timestamp())
    assert separation_deg((found.ra_deg, found.dec_deg), (truth.ra.deg, truth.dec.deg)) < within
