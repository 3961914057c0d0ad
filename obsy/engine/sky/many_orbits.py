"""Roughly where thousands of bodies are at one moment, all at once: which of them are worth being followed exactly."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.sky.ephemeris import barycentric_au
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.orbit import GAUSS, OBLIQUITY_DEG

ROUNDS = 30
LIGHT_D_PER_AU = 0.0057755183
"""Source: IAU 2012, 149597870700 m, by the speed of light."""


@dataclass(frozen=True, slots=True, eq=False)
class EllipticOrbits:
    """Elements of many ellipses, (bodies,) each: heliocentric, ecliptic and equinox J2000, degrees and au."""

    semi_major_au: Floats
    eccentricity: Floats
    inclination_deg: Floats
    node_deg: Floats
    argument_deg: Floats
    mean_anomaly_deg: Floats
    epoch_mjd: Floats
    """TDB (or TT, which is the same here)."""

    def directions(self, tdb_mjd: float) -> Floats:
        """Return unit vectors from the Earth's centre along the ICRS axes, (bodies, 3), without the planets' pull.

        Good to a minute of arc for a main-belt asteroid within a year of its epoch. Kepler's equation is solved by
        Newton's method from Danby's start, E = M + 0.85 e sign(sin M) (1987, Celestial Mechanics 40, 303).
        """
        when = np.array([tdb_mjd])
        earth, sun = barycentric_au("earth", when)[0], barycentric_au("sun", when)[0]
        far = self._heliocentric(np.full(len(self.semi_major_au), tdb_mjd)) + sun - earth
        late = np.linalg.norm(far, axis=1) * LIGHT_D_PER_AU
        far = self._heliocentric(tdb_mjd - late) + sun - earth
        return np.asarray(far / np.linalg.norm(far, axis=1)[:, None])

    def _heliocentric(self, tdb_mjd: Floats) -> Floats:
        """Where they are from the Sun, au along the ICRS axes. Source: Danby, section 6.15."""
        motion = GAUSS / self.semi_major_au**1.5
        mean = np.radians(self.mean_anomaly_deg) + motion * (tdb_mjd - self.epoch_mjd)
        mean = (mean + np.pi) % (2 * np.pi) - np.pi
        e = self.eccentricity
        anomaly = mean + 0.85 * e * np.sign(np.sin(mean))
        for _ in range(ROUNDS):
            step = (anomaly - e * np.sin(anomaly) - mean) / (1 - e * np.cos(anomaly))
            anomaly = anomaly - np.clip(step, -1.0, 1.0)
            if np.abs(step).max(initial=0.0) < 1e-10:  # noqa: PLR2004 (radians)
                break
        x = self.semi_major_au * (np.cos(anomaly) - e)
        y = self.semi_major_au * np.sqrt(1 - e**2) * np.sin(anomaly)
        angles = np.radians((self.node_deg, self.argument_deg, self.inclination_deg))
        (cn, cw, ci), (sn, sw, si) = np.cos(angles), np.sin(angles)
        px, py, pz = cn * cw - sn * sw * ci, sn * cw + cn * sw * ci, sw * si
        qx, qy, qz = -cn * sw - sn * cw * ci, -sn * sw + cn * cw * ci, cw * si
        ecliptic = np.stack([x * px + y * qx, x * py + y * qy, x * pz + y * qz], axis=1)
        ce, se = np.cos(np.radians(OBLIQUITY_DEG)), np.sin(np.radians(OBLIQUITY_DEG))
        return np.asarray(ecliptic @ np.array([[1, 0, 0], [0, ce, se], [0, -se, ce]]))
