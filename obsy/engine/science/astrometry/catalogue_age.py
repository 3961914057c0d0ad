"""What the catalogue's stars have moved by since its epoch, all in common: it is shipped without proper motions."""

J2000_JD, YEAR_D = 2451545.0, 365.25
DRIFT_MAS = 5.0
"""By how much all stars of a field may move together a year, in one coordinate, rounded up.

The Sun moves by 18 km/s (Schoenrich et al. 2010, MNRAS 403, 1829) among stars half a kiloparsec away, which is 7.6 mas
a year across, 4.4 in each of three directions; the Galaxy's turning adds up to 3.
"""


def catalogue_error_arcsec(jd_utc: float) -> float:
    """Return by how much all places of a field may be off together, in one coordinate."""
    return abs(jd_utc - J2000_JD) / YEAR_D * DRIFT_MAS / 1000
