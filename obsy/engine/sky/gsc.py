"""Answers as the Guide Star Catalogue's `gsc` does, from the shipped stars, so that INDI's CCD simulator has a sky.

python -m obsy.engine.sky.gsc -c RA DEC -r RADIUS -m BRIGHT FAINT -n COUNT: degrees J2000, arcminutes, magnitudes.
"""

import argparse
import math
from collections.abc import Iterator, Sequence

from obsy.engine.sky.catalogue import cone


def main(words: Sequence[str] | None = None) -> None:
    """Print a line for each star, the brightest first.

    words: the command line; None for that of this process.
    """
    asked = argparse.ArgumentParser(prog="gsc")
    asked.add_argument("-c", dest="centre", nargs=2, type=float, required=True)
    asked.add_argument("-r", dest="radius_arcmin", type=float, required=True)
    asked.add_argument("-m", dest="magnitudes", nargs=2, type=float, required=True)
    asked.add_argument("-n", dest="count", type=int, required=True)
    wanted = asked.parse_args(words)
    ra_deg, dec_deg = wanted.centre
    for line in list(_lines(ra_deg, dec_deg, wanted.radius_arcmin, wanted.magnitudes))[: wanted.count]:
        print(line)


def _lines(ra_deg: float, dec_deg: float, radius_arcmin: float, magnitudes: tuple[float, float]) -> Iterator[str]:
    """Yield id, ra, dec, poserr, mag, magerr, band, class, plate, multiple, distance and angle of each star."""
    stars, (brightest, faintest) = cone(ra_deg, dec_deg, radius_arcmin / 60), magnitudes
    rows = zip(stars.ra_deg.tolist(), stars.dec_deg.tolist(), stars.mag.tolist(), strict=True)
    for number, (ra, dec, mag) in enumerate(rows):
        if brightest <= mag <= faintest:
            away, angle = _from(ra_deg, dec_deg, ra, dec)
            yield f"{number:010d} {ra:.6f} {dec:.6f} 0.1 {mag:.2f} 0.01 1 0 TYC2 F {away:.2f} {angle:.0f}"


def _from(ra0_deg: float, dec0_deg: float, ra_deg: float, dec_deg: float) -> tuple[float, float]:
    """Distance in arcminutes and position angle, on the tangent plane, good enough for columns nobody reads."""
    east = (ra_deg - ra0_deg + 180) % 360 - 180
    east, north = east * math.cos(math.radians(dec0_deg)), dec_deg - dec0_deg
    return 60 * math.hypot(east, north), math.degrees(math.atan2(east, north)) % 360


if __name__ == "__main__":
    main()
