"""Frames of a standard field that a train with known colours took, and its stars as a catalogue has them."""

from dataclasses import dataclass, field

import numpy as np

from obsy.engine.reduce.star_table import Observation, StarTable
from obsy.schemas.comparison import ComparisonTable

PLACE = 132.8, 11.8
TERMS = {"B": 0.12, "V": -0.06, "R": -0.03}
"""By how much the catalogue's magnitude less the train's own grows with B-V."""
EXTINCTION = {"B": 0.26, "V": 0.15, "R": 0.10}
V_R = 0.57
"""How a star's V-R grows with its B-V."""


@dataclass
class ColouredField:
    """Stars of every colour; a table for each frame of a filter."""

    stars: int = 60
    seed: int = 1
    noise: float = 0.01
    """Of a star in a frame beside its photons, mag."""
    known_noise: float = 0.02
    spread: float = 1.6
    wrong: dict[int, float] = field(default_factory=dict)
    """Of a star, by its number: by how much the catalogue's B is wrong."""
    place: tuple[float, float] = PLACE

    def __post_init__(self):
        """Draw the truth: the first star is the target, the second the check star."""
        self.random = np.random.default_rng(self.seed)
        self.colour = self.random.uniform(0, self.spread, self.stars)
        self.v = self.random.uniform(9, 12.5, self.stars)
        self.ra = self.place[0] + self.random.uniform(-0.3, 0.3, self.stars) * (np.arange(self.stars) > 0)
        self.dec = self.place[1] + self.random.uniform(-0.3, 0.3, self.stars) * (np.arange(self.stars) > 0)

    def true(self, band):
        """Return the stars' magnitudes in the standard system."""
        return self.v + {"B": 1.0, "V": 0.0, "R": -V_R}[band] * self.colour

    def tables(self, band, airmasses=(1.1,) * 5, start=0.0, train="newton"):
        """Return a table for each air mass, a minute apart; start: when the first was taken, in minutes."""
        return [self._table(band, air, start + number, train) for number, air in enumerate(airmasses)]

    def _table(self, band, airmass, minute, train):
        seen = self.true(band) - TERMS[band] * self.colour + EXTINCTION[band] * airmass - 21.0
        seen = seen + self.random.normal(0, self.noise, self.stars)
        flux = 60 * 10 ** (-0.4 * seen)
        jd = 2461000.4 + minute / 1440
        about = Observation(
            frame=f"{ord(band):02x}{round(minute * 1000):062x}", exposure_s=60.0, aperture_px=5.0,
            annulus_px=(12.0, 18.0), gain=1.0, filter=band, train=train, jd_utc=jd, hjd_utc=jd, bjd_tdb=jd,
            airmass=airmass, target=self.place,
        )  # fmt: skip
        nothing = np.full(self.stars, np.nan)
        return StarTable(
            nothing, nothing, self.ra, self.dec, flux, np.sqrt(flux), nothing, nothing,
            np.zeros(self.stars, dtype=np.int64), np.full(self.stars, ""), about,
        )  # fmt: skip

    def declared(self, bands="BVR", first=0, of="M67"):
        """Return the stars as a catalogue has them, from that number on."""
        drawn = {band: self.random.normal(0, self.known_noise, self.stars) for band in bands}
        drawn["B"] = drawn.get("B", 0) + np.array([self.wrong.get(number, 0.0) for number in range(self.stars)])
        said = [
            {
                "name": f"S{number:02}",
                "ra": f"{float(self.ra[number])!r} deg",
                "dec": f"{float(self.dec[number])!r} deg",
                "magnitudes": {
                    band: f"{self.true(band)[number] + drawn[band][number]:.4f} +- {self.known_noise:.4f} mag"
                    for band in bands
                },
            }
            for number in range(first, self.stars)
        ]
        head = {"kind": "comparison", "name": "m67", "of": of, "chart": "X1STD", "check": "S01"}
        return ComparisonTable.model_validate({**head, "stars": said})
