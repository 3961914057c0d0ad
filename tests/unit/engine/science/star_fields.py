"""Tables of stars whose magnitudes are known, as a clear or a cloudy night would have given them."""

from dataclasses import dataclass, field

import numpy as np

from obsy.engine.reduce.star_table import Observation, StarTable
from obsy.schemas.comparison import ComparisonTable

TARGET = 325.0, 43.0


@dataclass
class StarField:
    """A target, a check star and comparison stars; every frame a table of them, and of others that nobody declared."""

    frames: int = 40
    stars: int = 8
    target: float = 12.0
    zero: float = 21.0
    seed: int = 1
    catalogue_error: float = 0.01
    shift: dict[int, np.ndarray] = field(default_factory=dict)
    """Of a star, by its number (0 the target, 1 the check star): what is added to its magnitude in each frame."""
    clouds: np.ndarray | None = None
    flags: dict[int, int] = field(default_factory=dict)
    wrong: dict[int, float] = field(default_factory=dict)
    """Of a star: by how much its catalogue is wrong."""
    first_jd: float = 2461000.4
    every_min: float = 1.0

    def __post_init__(self):
        """Draw the truth."""
        self.random = np.random.default_rng(self.seed)
        many = self.stars + 2
        self.ra = TARGET[0] + self.random.uniform(-0.3, 0.3, many) * (np.arange(many) > 0)
        self.dec = TARGET[1] + self.random.uniform(-0.2, 0.2, many) * (np.arange(many) > 0)
        self.magnitude = np.r_[self.target, 11.5, np.linspace(10.0, 13.0, self.stars)]

    def tables(self):
        """Return a table for each frame, in any order."""
        return [self._table(number) for number in reversed(range(self.frames))]

    def _table(self, number):
        cloud = 0.0 if self.clouds is None else self.clouds[number]
        shift = np.array([self.shift[s][number] if s in self.shift else 0.0 for s in range(len(self.ra))])
        electrons = 60 * 10 ** (-0.4 * (self.magnitude + shift + cloud - self.zero))
        error = np.sqrt(electrons + 50.0**2)
        flux = electrons + self.random.normal(0, error)
        order = np.argsort(-flux)
        flags = np.array([self.flags.get(s, 0) for s in range(len(self.ra))]) | np.where(flux < 3 * error, 16, 0)
        jd = self.first_jd + number * self.every_min / 1440
        minute = round((self.first_jd - 2461000.4) * 1440)
        about = Observation(
            frame=f"{minute + number:064x}", exposure_s=60.0, aperture_px=5.0, annulus_px=(12.0, 18.0), gain=1.0,
            filter="V", jd_utc=jd, hjd_utc=jd + 0.001, bjd_tdb=jd + 0.0018, airmass=1.2, target=TARGET,
        )  # fmt: skip
        nothing = np.full(len(flux), np.nan)
        return StarTable(
            nothing, nothing, self.ra[order], self.dec[order], flux[order], error[order], nothing, nothing,
            flags[order], np.full(len(flux), ""), about,
        )  # fmt: skip

    def declared(self, band="V"):
        """Return the stars as a chart has them, with errors of the catalogue's."""
        drawn = self.random.normal(0, self.catalogue_error, len(self.ra))
        said = [
            {
                "name": f"000-AAA-{number:03}",
                "ra": f"{float(self.ra[number])!r} deg",
                "dec": f"{float(self.dec[number])!r} deg",
                "magnitudes": {
                    band: f"{self.magnitude[number] + drawn[number] + self.wrong.get(number, 0):.3f} +- "
                    f"{self.catalogue_error:.3f} mag"
                },
            }
            for number in range(1, len(self.ra))
        ]
        return ComparisonTable.model_validate(
            {
                "kind": "comparison",
                "name": "v1-exa",
                "of": "V1 Exa",
                "chart": "X1ZZ",
                "check": "000-AAA-001",
                "stars": said,
            }
        )
