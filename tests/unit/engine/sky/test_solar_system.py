import pytest

from obsy.engine.sky.solar_system import SolarSystemBody


def test_an_unknown_planet_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="'vulcan' is none of moon, mercury"):
        SolarSystemBody("vulcan")
