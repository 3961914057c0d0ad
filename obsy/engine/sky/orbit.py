"""A comet or an asteroid by its orbital elements."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.kepler import GAUSS, on_conic

OBLIQUITY_DEG = 84381.448 / 3600
"""Of the ecliptic of J2000 in which elements are published. Source: IAU 1976, as JPL Horizons and the MPC use it."""


@dataclass(frozen=True)
class Orbit:
    """Heliocentric two-body motion; ecliptic and equinox J2000. True near the elements' own epoch, not years away."""

    q_au: float
    """Perihelion distance."""
    eccentricity: float
    inclination_deg: float
    node_deg: float
    argument_deg: float
    """Of perihelion, from the ascending node."""
    perihelion_mjd: float
    """TDB."""

    def __post_init__(self) -> None:
        if not self.q_au > 0:
            raise ValueError(f"a perihelion lies away from the Sun, but its distance is {self.q_au:g} au")
        if not self.eccentricity >= 0:
            raise ValueError(f"an eccentricity is 0 or more, not {self.eccentricity:g}")

    def heliocentric(self, tdb_mjd: Floats) -> Floats:
        """The place from the Sun, au along the ICRS axes; (times, 3)."""
        plane = np.stack(on_conic(self.q_au, self.eccentricity, tdb_mjd - self.perihelion_mjd), axis=-1)
        return np.asarray(plane @ self._axes())

    def _axes(self) -> Floats:
        """Unit vectors to perihelion and along the motion there, (2, 3), equatorial.

        Source: Danby, section 6.15. The frame bias of ICRS against J2000, 0.02 arcsec, is left out.
        """
        angles = np.radians((self.node_deg, self.argument_deg, self.inclination_deg, OBLIQUITY_DEG))
        (cn, cw, ci, ce), (sn, sw, si, se) = np.cos(angles), np.sin(angles)
        ecliptic = np.array(
            [
                [cn * cw - sn * sw * ci, sn * cw + cn * sw * ci, sw * si],
                [-cn * sw - sn * cw * ci, -sn * sw + cn * cw * ci, cw * si],
            ]
        )
        return np.asarray(ecliptic @ np.array([[1, 0, 0], [0, ce, se], [0, -se, ce]]))


def asteroid(
    a_au: float, eccentricity: float, angles_deg: tuple[float, float, float], mean_anomaly_deg: float, epoch_mjd: float
) -> Orbit:
    """Return the orbit of elements with a mean anomaly, by the perihelion nearest their epoch (TDB).

    angles_deg: inclination, ascending node, argument of perihelion. Raise ValueError for elements of no ellipse.
    """
    if not (a_au > 0 and 0 <= eccentricity < 1):
        raise ValueError(f"a = {a_au:g} au, e = {eccentricity:g} are not the elements of an ellipse")
    from_perihelion = np.radians((mean_anomaly_deg + 180) % 360 - 180)
    perihelion_mjd = epoch_mjd - float(from_perihelion) * a_au**1.5 / GAUSS
    return Orbit(a_au * (1 - eccentricity), eccentricity, *angles_deg, perihelion_mjd)
