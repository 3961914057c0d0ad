"""Made frames: stars of known flux, place and width on a known sky, and a camera with a known pattern."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from scipy.special import erf

from obsy.engine.reduce.orders import Optics

Floats = NDArray[np.float64]


def star_image(shape: tuple[int, int], x: Floats, y: Floats, flux: Floats, sigma: tuple[float, float, float]) -> Floats:
    """(rows, columns) of Gaussians; sigma: along, across, angle of the long axis from +x in radians.

    Round ones are integrated over each pixel, others are taken at its middle.
    """
    image = np.zeros(shape)
    along, across, angle = sigma
    reach = int(np.ceil(6 * along)) + 1
    for star_x, star_y, total in zip(x, y, flux, strict=True):
        left, bottom = round(star_x) - reach, round(star_y) - reach
        columns = np.arange(max(left, 0), min(left + 2 * reach + 1, shape[1]))
        rows = np.arange(max(bottom, 0), min(bottom + 2 * reach + 1, shape[0]))
        if not len(columns) or not len(rows):
            continue
        dx, dy = columns - star_x, rows - star_y
        if along == across:
            edge = along * np.sqrt(2)
            line = (erf((dx + 0.5) / edge) - erf((dx - 0.5) / edge)) / 2
            stand = (erf((dy + 0.5) / edge) - erf((dy - 0.5) / edge)) / 2
            spot = np.outer(stand, line)
        else:
            u = dx[None, :] * np.cos(angle) + dy[:, None] * np.sin(angle)
            v = dy[:, None] * np.cos(angle) - dx[None, :] * np.sin(angle)
            spot = np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2)) / (2 * np.pi * along * across)
        image[np.ix_(rows, columns)] += total * spot
    return image


@dataclass
class Sky:
    """What a made light shows."""

    shape: tuple[int, int] = (512, 512)
    count: int = 60
    sigma: tuple[float, float, float] = (1.7, 1.7, 0.0)
    level: float = 800.0
    noise: float = 12.0
    seed: int = 7
    faintest: float = 2500.0
    brightest: float = 150000.0
    x: Floats = field(init=False)
    y: Floats = field(init=False)
    flux: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Scatter the stars, at least 20 px from each other and from the edge; brightest first."""
        rng = np.random.default_rng(self.seed)
        places: list[tuple[float, float]] = []
        while len(places) < self.count:
            x, y = rng.uniform(20, self.shape[1] - 21), rng.uniform(20, self.shape[0] - 21)
            if all(np.hypot(x - a, y - b) > 20 for a, b in places):
                places.append((x, y))
        self.x, self.y = np.array(places).reshape(-1, 2).T
        self.flux = np.geomspace(self.brightest, self.faintest, self.count)

    def counts(self) -> Floats:
        """The frame, in ADU."""
        rng = np.random.default_rng(self.seed + 1)
        stars = star_image(self.shape, self.x, self.y, self.flux, self.sigma)
        return self.level + stars + rng.normal(0, self.noise, self.shape)


@pytest.fixture
def sky() -> type[Sky]:
    """The maker of skies."""
    return Sky


@pytest.fixture(scope="session")
def draw_stars() -> Callable[..., Floats]:
    """The maker of star images."""
    return star_image


@pytest.fixture
def optics() -> Optics:
    """A believable train: 1.9 arcsec per pixel, 1.2 e/adu."""
    return Optics(scale_arcsec=1.9, conversion=1.2, read_noise_e=3.0, saturation_adu=60000.0)


@pytest.fixture(scope="session")
def save_into() -> Callable[..., Path]:
    """Writes counts into a folder as a camera does, 16 bit unsigned, or as floats."""

    def write(folder: Path, name: str, counts: Floats, raw: bool = True, **cards: object) -> Path:
        path = folder / name
        header = fits.Header({"EXPTIME": 60.0, "IMAGETYP": "Light"})
        header.update({key.upper(): value for key, value in cards.items()})
        whole = np.clip(np.round(counts), 0, 65535).astype(np.uint16) if raw else counts.astype(np.float32)
        fits.writeto(path, whole, header)
        return path

    return write


@pytest.fixture
def save(save_into: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Writes counts where the test is."""
    return partial(save_into, tmp_path)
