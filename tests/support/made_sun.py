"""A film of the Sun as a spectroheliograph takes it, of which everything is known."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TICKS = 638_000_000_000_000_000
"""2022-09-28 22:13:20 UTC, in steps of 100 ns from the year 1."""


@dataclass
class MadeSun:
    """A limb-darkened disc with a spot and a prominence, which turns; the line bends along the slit."""

    slit: int = 150
    rows: int = 36
    frames: int = 240
    radius: float = 55.0
    stretch: float = 0.7
    """How many places on the slit a frame goes on."""
    shear: float = 0.05
    bend: float = 3.0
    """Rows at the slit's ends."""
    fwhm: float = 4.0
    turns: float = 0.8
    """By how many rows its limbs' lines are shifted."""
    spot: tuple[float, float] = (-20.0, 15.0)
    prominence: tuple[float, float] = (0.0, -60.0)
    """Pixels of the round Sun from its middle, across and along the slit."""

    def film(self) -> NDArray[np.uint16]:
        """All frames, (frames, rows, slit)."""
        y, frame = np.meshgrid(np.arange(self.slit), np.arange(self.frames))
        across = (frame - self.frames / 2) * self.stretch
        along = y - self.slit / 2 + self.shear * (frame - self.frames / 2)
        inside = np.clip(1 - (across**2 + along**2) / self.radius**2, 0, None)
        disc = np.where(inside > 0, 0.4 + 0.6 * np.sqrt(inside), 0.0)
        disc *= 1 - 0.6 * np.exp(-((across - self.spot[0]) ** 2 + (along - self.spot[1]) ** 2) / (2 * 3.0**2))
        flame = np.exp(-((across - self.prominence[0]) ** 2 + (along - self.prominence[1]) ** 2) / (2 * 3.0**2))
        middle = self.rows * 0.45 + self.bend * ((y - self.slit / 2) / (self.slit / 2)) ** 2
        middle = middle + self.turns * across / self.radius
        row = np.arange(self.rows)[None, :, None]
        dip = np.exp(-((row - middle[:, None, :]) ** 2) / (2 * (self.fwhm / 2.3548) ** 2))
        light = disc[:, None, :] * (1 - 0.75 * dip) + 0.3 * (flame * (disc == 0))[:, None, :] * dip
        noise = np.random.default_rng(5).normal(0, 60, light.shape)
        return np.clip(800 + 40_000 * light + noise, 0, 65535).astype(np.uint16)


def write_ser(path: Path, film: NDArray[np.uint16], *, swapped: bool = False, **said: int) -> Path:
    """Write a film with its table of times; said: what its header says otherwise than the truth."""
    count, rows, columns = film.shape
    bits = 8 if film.dtype == np.uint8 else 16
    told = {"colour": 0, "little": 0, "width": columns, "height": rows, "depth": bits, "count": count} | said
    texts = (b"P. Ana".ljust(40, b"\0"), b"Sol'Ex".ljust(40, b"\0"), b"refractor".ljust(40, b"\0"))
    head = (
        struct.pack("<14s7i", b"LUCAM-RECORDER", 0, *told.values()) + b"".join(texts) + struct.pack("<qq", TICKS, TICKS)
    )
    times = (TICKS + 200_000 * np.arange(count)).astype("<i8").tobytes()
    path.write_bytes(head + (film.byteswap() if swapped else film).tobytes() + times)
    return path
