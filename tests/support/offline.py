"""To import it is enough: astropy goes by the tables of the Earth that it came with, and asks no network for newer."""

from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
