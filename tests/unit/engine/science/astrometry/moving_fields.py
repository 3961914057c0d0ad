"""Tables of a field with a catalogue of its own and what moves through it, whose truth is known."""

from dataclasses import dataclass, field

import erfa
import numpy as np

from obsy.engine.reduce.star_table import Observation, StarTable
from obsy.engine.sky.catalogue import CatalogueStars

MIDDLE = 120.0, 30.0
SCALE, SIZE = 3.0, 1000
"""Arcsec per pixel, and pixels an edge."""
JD = 2461400.5


@dataclass
class MovingField:
    """Frames of one field: catalogue stars, faint ones that no catalogue has, and movers; all with photon noise."""

    seed: int = 1
    frames: int = 12
    every_min: float = 5.0
    listed: int = 60
    faint: int = 40
    movers: tuple[tuple[float, float, float, float, float], ...] = ()
    """East and north at the first frame, arcsec from the middle; arcsec a minute east and north; electrons."""
    catalogue_arcsec: float = 0.0
    """By what the catalogue is wrong of each star, in either coordinate."""
    bend: float = 0.0
    """Third-order distortion of the optics, arcsec at the edge of the frame."""
    noise: int = 0
    """False detections a frame, anywhere."""
    drift_px: float = 0.7
    """How far the frames wander, in either coordinate."""
    hot: tuple[tuple[float, float], ...] = ()
    """Pixels that are hot in each frame."""
    magnitude_zero: float = 21.0
    truth: list[list[tuple[float, float]]] = field(default_factory=list)
    """Of each frame, right ascension and declination of each mover, degrees."""

    def __post_init__(self):
        """Draw the sky."""
        self.random = np.random.default_rng(self.seed)
        many = self.listed + self.faint
        self.stars = self.random.uniform(-SIZE * SCALE / 2, SIZE * SCALE / 2, (many, 2))
        self.light = np.r_[
            10 ** self.random.uniform(4.3, 5.7, self.listed), 10 ** self.random.uniform(3.0, 3.6, self.faint)
        ]

    @property
    def catalogue(self):
        """What `sky.catalogue.cone` would say of the listed ones, wrong by as much as is asked."""
        rng = np.random.default_rng(self.seed + 1000)
        wrong = rng.normal(0, self.catalogue_arcsec, (self.listed, 2)) if self.catalogue_arcsec else 0.0
        ra, dec = sky(self.stars[: self.listed] + wrong)
        magnitude = self.magnitude_zero - 2.5 * np.log10(self.light[: self.listed] / 60.0)
        order = np.argsort(magnitude)
        listed = CatalogueStars(ra[order], dec[order], magnitude[order])
        return lambda ra_deg, dec_deg, radius_deg: listed

    def tables(self):
        """Return a table for each frame, by time."""
        self.truth = []
        return [self._table(number) for number in range(self.frames)]

    def _table(self, number):
        minutes = number * self.every_min
        movers = np.array([(e + minutes * ve, n + minutes * vn) for e, n, ve, vn, _ in self.movers]).reshape(-1, 2)
        self.truth.append(list(zip(*sky(movers), strict=True)))
        places = np.concatenate([self.stars, movers])
        light = np.r_[self.light, [each[-1] for each in self.movers]]
        false = self.random.uniform(0, SIZE, (self.noise, 2))
        x, y = self._pixels(places, number)
        x, y = np.r_[x, false[:, 0], [a for a, _ in self.hot]], np.r_[y, false[:, 1], [b for _, b in self.hot]]
        light = np.r_[light, np.full(self.noise, 1500.0), np.full(len(self.hot), 3000.0)]
        fwhm, area = np.full(len(x), 2.6), np.pi * 4.0**2
        sky_variance = 100.0
        error = np.sqrt(light + area * (1 + area / (np.pi * (15**2 - 8**2))) * sky_variance)
        sigma2 = (2.6 / 2.3548) ** 2
        middle = np.sqrt(16 / 9 * sigma2 / light + 8 * np.pi * sigma2**2 * sky_variance / light**2 + 1e-4)
        hot = np.arange(len(x)) >= len(x) - len(self.hot)
        middle = np.where(hot, 0.0, middle)
        x, y = x + self.random.normal(0, middle), y + self.random.normal(0, middle)
        flux = light + self.random.normal(0, error)
        names = np.array(["TYC2 J"] * self.listed + [""] * (len(x) - self.listed))
        order = np.argsort(-flux)
        inside = order[(x[order] > 5) & (x[order] < SIZE - 5) & (y[order] > 5) & (y[order] < SIZE - 5)]
        ra, dec = self._believed(x, y, number)
        jd = JD + minutes / 1440
        about = Observation(
            frame=f"{self.seed * 1000 + number:064x}", exposure_s=60.0, aperture_px=4.0, annulus_px=(8.0, 15.0),
            gain=1.0, filter="V", train="newton", jd_utc=jd, airmass=1.2, scintillation=0.0,
        )  # fmt: skip
        columns = (x, y, ra, dec, flux, error, np.full(len(x), 100.0), fwhm, np.zeros(len(x), dtype=np.int64), names)
        return StarTable(*(each[inside] for each in columns), about)

    def _shift(self, number):
        wander = np.random.default_rng(self.seed * 100 + number)
        return wander.normal(0, self.drift_px, 2) if self.drift_px else np.zeros(2)

    def _pixels(self, places, number):
        bent = places / (SIZE * SCALE / 2)
        bent = places + self.bend * bent * (bent**2).sum(axis=1)[:, None]
        shift = self._shift(number)
        return SIZE / 2 - bent[:, 0] / SCALE + shift[0], SIZE / 2 + bent[:, 1] / SCALE + shift[1]

    def _believed(self, x, y, number):
        shift = self._shift(number)
        return sky(np.column_stack([-(x - SIZE / 2 - shift[0]) * SCALE, (y - SIZE / 2 - shift[1]) * SCALE]))


def sky(places):
    """Right ascension and declination, degrees, of places arcsec east and north of the middle, on its tangent plane."""
    east, north = np.asarray(places).reshape(-1, 2).T / (np.degrees(1.0) * 3600)
    ra, dec = erfa.tpsts(east, north, *np.radians(MIDDLE))
    return np.degrees(ra) % 360, np.degrees(dec)
