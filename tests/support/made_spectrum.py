"""A spectrum of which everything is known: a bent trace, the sky's lines, photons, cosmic rays, and a lamp's arc."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

from obsy.engine.science.spectrum.lamp_lines import lamp_lines

Floats = NDArray[np.float64]
SKY_LINES = (5577.34, 5889.95, 6300.30, 6363.78)


@dataclass
class MadeSpectrum:
    """What was put in, and the frames that show it, in electrons; the star has an absorption line at H-alpha."""

    columns: int = 1200
    rows: int = 100
    dispersion: float = 1.6
    centre: float = 6400.0
    bend: float = 2e-5
    """Angstrom a pixel, squared: how a grating is not quite even."""
    fwhm_px: float = 3.0
    """Of a line, along the spectrum."""
    seeing_px: float = 3.4
    light: float = 4000.0
    """Electrons a column of the star's continuum."""
    read_noise: float = 5.0
    seed: int = 1
    hits: int = 60
    drawn: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = np.random.default_rng(self.seed)
        self.x = np.arange(self.columns, dtype=float)
        off = self.x - (self.columns - 1) / 2
        self.curve = Polynomial([self.centre, self.dispersion, self.bend])
        self.wavelength = self.curve(off)
        self.trace = self.rows * 0.45 + 6 * (off / self.columns) + 8 * (off / self.columns) ** 2
        self.flux = self.light * (1 + 0.3 * off / self.columns) * (1 - 0.5 * self.line(6562.8, 3.0))
        self.sky = 30 + sum(200 * self.line(each) for each in SKY_LINES)

    def line(self, wavelength: float, more: float = 1.0) -> Floats:
        """A line of height 1, as wide as the spectrograph makes it, or by a factor wider."""
        sigma = self.fwhm_px * more / 2.3548 * self.dispersion
        made: Floats = np.exp(-((self.wavelength - wavelength) ** 2) / (2 * sigma**2))
        return made

    def star(self) -> Floats:
        """A frame of the star, (rows, columns)."""
        y = np.arange(self.rows)[:, None]
        sigma = self.seeing_px / 2.3548
        profile = np.exp(-((y - self.trace) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
        frame = self.counted(profile * self.flux + self.sky)
        at = self.drawn.integers(0, self.rows, self.hits), self.drawn.integers(0, self.columns, self.hits)
        frame[at] += self.drawn.uniform(500, 20000, self.hits)
        return frame

    def arc(self, elements: str = "NeAr") -> Floats:
        """A frame of the lamp: its light fills the slit."""
        lamp = lamp_lines(elements)
        light = sum(
            30 * strength * self.line(each) for each, strength in zip(lamp.angstrom, lamp.strength, strict=True)
        )
        return self.counted(np.broadcast_to(light + 10, (self.rows, self.columns)))

    def counted(self, expected: Floats) -> Floats:
        """What a camera counts of it: photons, and the noise of a read."""
        made: Floats = self.drawn.poisson(expected) + self.drawn.normal(0, self.read_noise, expected.shape)
        return made


def write_spectra(folder: Path, made: MadeSpectrum, *, lights: int = 2, named: bool = False) -> None:
    """Write a night of it as a camera would, in ADU at 2 e a piece: star, arc, darks and a flat, turned red left.

    named: whether a file's name alone says what it is for, as of programs that call all of them light.
    """
    pattern = 1 + 0.03 * np.random.default_rng(9).normal(size=(made.rows, made.columns))
    flat = made.counted(np.full((made.rows, made.columns), 30_000.0)) * pattern
    frames = [(f"vega-{number}", "light", 60.0, made.star() * pattern) for number in range(lights)]
    frames += [("neon-1", "arc", 5.0, made.arc("NeAr") * pattern), ("flat-1", "flat", 3.0, flat)]
    frames += [(f"dark-{s:g}-{n}", "dark", s, made.counted(0 * flat)) for s in (60.0, 5.0, 3.0) for n in (1, 2, 3)]
    for number, (name, kind, exposure_s, electrons) in enumerate(frames):
        counts = np.clip(electrons[:, ::-1] / 2.0 + 500, 0, 65535).round().astype(np.uint16)
        hdu = fits.PrimaryHDU(counts)
        hdu.header.update(IMAGETYP="LIGHT" if named else kind, EXPTIME=exposure_s, EGAIN=2.0, OBJECT="Vega")
        hdu.header["DATE-OBS"] = f"2026-08-01T22:{number:02d}:00", "UTC"
        hdu.writeto(folder / f"{name}.fit")
