"""The brightness of the sky, against others' numbers."""

import pytest

from obsy.engine.devices.simulated.picture.brightness import (
    Glow,
    Moonlight,
    magnitude,
    moonlight_nl,
    nanolamberts,
    night_nl,
    passband,
    surface,
    twilight_mag,
)

DARK = Glow(60, -40, Moonlight(-10, 90, 90))
FULL = Glow(60, -40, Moonlight(50, 60, 5))


def test_moonlight_agrees_with_specsim():
    # specsim 0.14, krisciunas_schaefer(20 deg, 70 deg, 50 deg, phase 0.25, k 0.15) = 19.855 mag/arcsec2
    glow = Glow(70, -40, Moonlight(20, 50, 45))
    assert magnitude(moonlight_nl(glow, 0.15)) == pytest.approx(19.855, abs=0.005)


def test_no_moonlight_when_it_is_down():
    assert moonlight_nl(DARK) == 0


def test_nanolamberts_come_back():
    assert magnitude(nanolamberts(21.3)) == pytest.approx(21.3)


def test_the_horizon_is_brighter_than_the_zenith():
    low = Glow(20, -40, DARK.moon)
    assert night_nl(low) > night_nl(DARK)


def test_a_full_moon_outshines_the_night_several_times():
    band = passband("L")
    assert 3 < surface(band, FULL) / surface(band, DARK) < 30


def test_narrow_bands_see_little_of_the_moon():
    assert surface(passband("Ha"), FULL) < surface(passband("L"), FULL) / 30


@pytest.mark.parametrize(("sun", "mag"), [(-6, 13.3), (-9, 17.0), (-12, 19.9)])
def test_twilight_is_as_measured(sun, mag):
    # Patat et al. 2006, figure 5 (V, zenith), read by eye: 0.4 mag
    assert twilight_mag(545, sun) == pytest.approx(mag, abs=0.4)


def test_twilight_only_fades():
    mags = [twilight_mag(545, -0.5 * step) for step in range(2, 40)]
    assert mags == sorted(mags)
