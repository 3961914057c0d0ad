"""A comet or an asteroid by its orbital elements: motion about the Sun on a conic of any eccentricity."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.sky.grid import Floats

GAUSS = 0.01720209895
"""Square root of the Sun's gravity, au^1.5 per day. Source: IAU 1976."""

_SERIES_BELOW = 0.1
_ENOUGH = 1e-14
_MOST_ROUNDS = 60


def stumpff(psi: Floats) -> tuple[Floats, Floats]:
    """The Stumpff functions c2 and c3.

    Source: Danby, Fundamentals of Celestial Mechanics (1988), section 6.9.
    """
    root = np.sqrt(np.maximum(np.abs(psi), _SERIES_BELOW))
    whole = np.where(psi == 0, 1.0, np.where(np.abs(psi) < _SERIES_BELOW, np.copysign(_SERIES_BELOW, psi), psi))
    round_ = whole > 0
    c2 = (1 - np.where(round_, np.cos(root), np.cosh(root))) / whole
    c3 = (1 - np.where(round_, np.sin(root), np.sinh(root)) / root) / whole
    near = np.abs(psi) < _SERIES_BELOW
    if not near.any():
        return c2, c3
    small = np.where(near, psi, 0.0)
    series2, series3 = np.zeros_like(psi), np.zeros_like(psi)
    for n in range(7, -1, -1):
        series2 = (1 - small * series2) / ((2 * n + 1) * (2 * n + 2))
        series3 = (1 - small * series3) / ((2 * n + 2) * (2 * n + 3))
    return np.where(near, series2, c2), np.where(near, series3, c3)


def on_conic(q_au: float, eccentricity: float, days: Floats) -> tuple[Floats, Floats]:
    """The place in the plane of the orbit, au: towards perihelion, and along the motion there.

    days: from the perihelion passage. Raises ArithmeticError if no answer is found.
    Source: the universal Kepler equation from perihelion, q s + e s^3 c3(a s^2) = k t with a = (1 - e) / q;
    Danby, section 6.9.
    """
    s = _anomaly(q_au, eccentricity, days)
    alpha = (1 - eccentricity) / q_au
    c2, c3 = stumpff(alpha * s * s)
    along = s * (1 - alpha * s * s * c3) * np.sqrt(q_au * (1 + eccentricity))
    return q_au - s * s * c2, along


def speed_on_conic(q_au: float, eccentricity: float, days: Floats) -> tuple[Floats, Floats]:
    """The speed along the same axes, au a day: what `on_conic` says, derived by time, with ds/dt = k / r."""
    s = _anomaly(q_au, eccentricity, days)
    psi = (1 - eccentricity) / q_au * s * s
    c2, c3 = stumpff(psi)
    turning = GAUSS / (q_au + eccentricity * s * s * c2)
    return -turning * s * (1 - psi * c3), turning * (1 - psi * c2) * np.sqrt(q_au * (1 + eccentricity))


def _anomaly(q_au: float, eccentricity: float, days: Floats) -> Floats:
    """The universal anomaly; before perihelion it is negative."""
    alpha = (1 - eccentricity) / q_au
    if alpha > 0:
        period = 2 * np.pi / (GAUSS * alpha**1.5)
        days = days - period * np.round(days / period)
    return np.asarray(np.sign(days) * _solve(q_au, eccentricity, GAUSS * np.abs(days)))


def _solve(q_au: float, eccentricity: float, reach: Floats) -> Floats:
    """The universal anomaly for times after perihelion; it starts above the root, whence Newton only descends."""
    alpha = (1 - eccentricity) / q_au
    s = np.minimum(reach / q_au, np.cbrt(np.pi**2 * reach / max(eccentricity, 1e-9)))
    if alpha > 0:
        s = np.minimum(s, np.pi / np.sqrt(alpha))
    if alpha < 0:
        s = np.minimum(s, np.arcsinh(reach * np.sqrt(-alpha) / q_au) / np.sqrt(-alpha))
    for _ in range(_MOST_ROUNDS):
        c2, c3 = stumpff(alpha * s * s)
        step = (q_au * s + eccentricity * s**3 * c3 - reach) / (q_au + eccentricity * s * s * c2)
        s = s - step
        if np.all(np.abs(step) <= _ENOUGH * (1 + np.abs(s))):
            return s
    raise ArithmeticError(f"no place found on the orbit with q = {q_au:g} au, e = {eccentricity:g}")


OBLIQUITY_DEG = 84381.448 / 3600
"""Of the ecliptic of J2000 in which elements are published. Source: IAU 1976, as JPL Horizons and the MPC use it."""


@dataclass(frozen=True)
class Orbit:
    """Heliocentric two-body motion; ecliptic and equinox J2000. True near the elements' own epoch."""

    q_au: float
    """Perihelion distance."""
    eccentricity: float
    inclination_deg: float
    node_deg: float
    argument_deg: float
    """Of perihelion, from the ascending node."""
    perihelion_mjd: float
    """TDB."""
    epoch_mjd: float | None = None
    """TDB, at which the elements hold: what the planets add since is in `pull`; None if nobody says."""

    def __post_init__(self) -> None:
        if not self.q_au > 0:
            raise ValueError(f"a perihelion lies away from the Sun, but its distance is {self.q_au:g} au")
        if not self.eccentricity >= 0:
            raise ValueError(f"an eccentricity is 0 or more, not {self.eccentricity:g}")

    def heliocentric(self, tdb_mjd: Floats) -> Floats:
        """The place from the Sun, au along the ICRS axes; (times, 3)."""
        plane = np.stack(on_conic(self.q_au, self.eccentricity, tdb_mjd - self.perihelion_mjd), axis=-1)
        return np.asarray(plane @ self._axes())

    def speed(self, tdb_mjd: Floats) -> Floats:
        """How fast that place moves, au a day; (times, 3)."""
        plane = np.stack(speed_on_conic(self.q_au, self.eccentricity, tdb_mjd - self.perihelion_mjd), axis=-1)
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
    return Orbit(a_au * (1 - eccentricity), eccentricity, *angles_deg, perihelion_mjd, epoch_mjd)
