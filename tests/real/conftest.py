"""Tests with real parts ask no network for the Earth's rotation, whichever of them runs first."""

from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
