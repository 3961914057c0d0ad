"""How a star moves among the others, as catalogues have it."""

import re
from typing import Annotated, NamedTuple

from obsy.diagnostics import unfit
from obsy.schemas.model import Model
from obsy.units import Before, ProperMotion, told

_YEAR = r"\s*J(\d{4}(?:\.\d+)?)\s*"
FIRST_YEAR, LAST_YEAR = 1850, 2150


class JulianYear(NamedTuple):
    """An epoch as catalogues have it: years of 365.25 days, 2000.0 at noon of 2000-01-01 TT."""

    years: float

    def said(self) -> str:
        """Return it as a person would write it."""
        return f"J{self.years!r}"


J2000 = JulianYear(2000.0)


def _year(value: object) -> JulianYear:
    if isinstance(value, JulianYear):
        return value
    match = re.fullmatch(_YEAR, value, re.ASCII) if isinstance(value, str) else None
    bare = re.fullmatch(r"\s*J?\s*(\d{4}(?:\.\d+)?)\s*", str(value), re.ASCII)
    expected = "the year of a catalogue, such as 'J2016.0' of Gaia's third or 'J1991.25' of Hipparcos"
    mend = f"write 'J{bare[1]}'" if bare else "write 'J2000.0', or what the catalogue says"
    if match is None and re.fullmatch(r"\s*B\s*\d{4}(\.\d+)?\s*", str(value), re.ASCII):
        mend = "a place of B1950 is of another equinox, and lies elsewhere: write the ICRS place of a newer catalogue"
    if match is None:
        raise unfit("not-a-moment", expected=expected, mend=mend)
    if not FIRST_YEAR <= float(match[1]) <= LAST_YEAR:
        mend = "write the year in which the catalogue gives the place"
        raise unfit("out-of-range", expected=f"a year from J{FIRST_YEAR} to J{LAST_YEAR}", mend=mend)
    return JulianYear(float(match[1]))


Year = Annotated[JulianYear, Before(_year), told("the epoch of a place", "J2016.0", _YEAR)]


class StarMotion(Model):
    """Its proper motion in a year."""

    ra: ProperMotion
    """In right ascension, times the cosine of the declination, as Hipparcos and Gaia have it: 'pmRA', 'pmra'."""
    dec: ProperMotion
    """In declination."""
