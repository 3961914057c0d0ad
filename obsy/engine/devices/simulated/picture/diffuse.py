"""Extended sources: galaxies, nebulae and the haze of comets, as surface brightness on the sensor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.parts import Extended
from obsy.engine.devices.simulated.picture.brightness import Passband, V
from obsy.engine.devices.simulated.picture.plate import Plate, onto
from obsy.engine.devices.simulated.picture.scene import MovingPoint

Floats = NDArray[np.float32]
LATTICE = 64
OCTAVES = 6


@lru_cache(maxsize=32)
def _lattice(name: str, octave: int) -> Floats:
    return generator("texture", name, octave).standard_normal((LATTICE, LATTICE), dtype=np.float32)


def texture(name: str, x: Floats, y: Floats) -> Floats:
    """Noise of mean 0 and spread of about 1 at places given in units of its largest clumps.

    Source: value noise on lattices, each octave twice as fine and 0.6 as strong.
    """
    total = np.zeros_like(x)
    strength, squares = 1.0, 0.0
    for octave in range(OCTAVES):
        total += np.float32(strength) * _between(_lattice(name, octave), x * 2**octave, y * 2**octave)
        squares += strength**2
        strength *= 0.6
    return np.asarray(total * np.float32(1.6 / squares**0.5))


def _between(lattice: Floats, x: Floats, y: Floats) -> Floats:
    left, top = np.floor(x), np.floor(y)
    u, v = x - left, y - top
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    i, j = left.astype(np.intp) % LATTICE, top.astype(np.intp) % LATTICE
    right, below = (i + 1) % LATTICE, (j + 1) % LATTICE
    upper = lattice[j, i] * (1 - u) + lattice[j, right] * u
    lower = lattice[below, i] * (1 - u) + lattice[below, right] * u
    return np.asarray(upper * (1 - v) + lower * v, dtype=np.float32)


COARSE = 4
"""Nebulae and large galaxies are drawn on every fourth pixel and filled in between."""
LINE_PHOTONS = {
    "nebula": {"Ha": 1.0, "Hb": 0.3, "OIII": 0.3, "SII": 0.25},
    "remnant": {"Ha": 0.9, "Hb": 0.25, "OIII": 0.9, "SII": 0.5},
    "planetary": {"Ha": 0.8, "Hb": 0.3, "OIII": 1.3, "SII": 0.1},
}
"""Photons in each line, as a share of those a star of the same V magnitude sends through V; typical."""
CONTINUUM = 0.1
DISC_ENDS = 1.8
COMA_ARCSEC = 200.0
NIGHT_SIDE = 0.25


@dataclass(frozen=True, slots=True)
class OffsetGrid:
    """Where on the sky some pixels look, in arcsec along and across an object; both of one shape."""

    along: Floats
    across: Floats


def photons(thing: Extended, band: Passband) -> float:
    """Photons per s and cm2 above the air, from all of it, through a filter."""
    if thing.kind not in LINE_PHOTONS:
        return float(band.flux(np.array([thing.mag]), np.array([0.75]))[0])
    star = V.photons * 10 ** (-0.4 * thing.mag)
    lines = sum(share for name, share in LINE_PHOTONS[thing.kind].items() if band.passes(name))
    return float(star * (lines + CONTINUUM * band.width_nm / V.width_nm))


def _radius(thing: Extended, grid: OffsetGrid) -> Floats:
    ratio = thing.minor_arcmin / thing.major_arcmin
    return np.asarray(np.hypot(grid.along, grid.across / np.float32(ratio)) / np.float32(thing.major_arcmin * 30))


def _over(thing: Extended, light: NDArray[np.floating], mean: float) -> Floats:
    """Light of a known mean over the declared ellipse, made one unit in all."""
    area_arcsec2 = np.pi / 4 * thing.major_arcmin * thing.minor_arcmin * 3600
    return np.asarray(light / np.float32(mean * area_arcsec2), dtype=np.float32)


def galaxy(thing: Extended, grid: OffsetGrid) -> Floats:
    """A disc with arms and a bulge, light per arcsec2 of one unit in all.

    The declared size holds 3.5 scale lengths of the disc; a quarter of the light is a de Vaucouleurs bulge.
    """
    radius = _radius(thing, grid)
    ratio = thing.minor_arcmin / thing.major_arcmin
    half = thing.major_arcmin * 30
    unit = np.float32(half * half * ratio)
    arms = np.float32(1) + np.float32(0.35) * _arms(thing, grid, radius)
    disc = np.exp(radius * np.float32(-3.5)) * arms * np.float32(0.75 * 3.5**2 / (2 * np.pi)) / unit
    effective = 0.08
    soft = np.sqrt(radius**2 + np.float32((0.75 / half) ** 2))
    bulge = np.exp(np.float32(-7.669) * ((soft / np.float32(effective)) ** np.float32(0.25) - 1))
    share = np.float32(0.25 / (7.2149 * np.pi * effective**2)) / unit
    return np.asarray(np.where(radius < DISC_ENDS, disc + bulge * share, 0), dtype=np.float32)


def _arms(thing: Extended, grid: OffsetGrid, radius: Floats) -> Floats:
    round_across: Floats = grid.across / np.float32(thing.minor_arcmin / thing.major_arcmin)
    angle = np.arctan2(round_across, grid.along)
    wound = np.cos(2 * angle - np.float32(5) * np.log(radius + np.float32(0.02)))
    size = np.float32(thing.major_arcmin * 4)
    rough = texture(thing.name, grid.along / size, round_across / size)
    strong = np.minimum(radius * 6, 1)
    return np.asarray(np.clip(wound + np.float32(0.5) * rough, -1.5, 2.0) * strong, dtype=np.float32)


def cloud(thing: Extended, grid: OffsetGrid) -> Floats:
    """Ragged gas with dark lanes that thins out towards its edge, light per arcsec2 of about one unit in all."""
    radius, size = _radius(thing, grid), np.float32(thing.major_arcmin * 15)
    rough = texture(thing.name, grid.along / size, grid.across / size)
    lanes = texture(thing.name + " lanes", grid.along / size * 2, grid.across / size * 2)
    edge = np.clip(np.float32(1.15) - radius - np.float32(0.25) * rough, 0, 1)
    light = edge * np.exp(np.float32(0.7) * rough) / (1 + np.exp(4 * (lanes - np.float32(0.9))))
    return _over(thing, light, 0.35)


def veil(thing: Extended, grid: OffsetGrid) -> Floats:
    """A shell of thin threads, light per arcsec2 of about one unit in all."""
    radius, size = _radius(thing, grid), np.float32(thing.major_arcmin * 8)
    rough = texture(thing.name, grid.along / size, grid.across / size)
    close, wide = np.float32(thing.major_arcmin * 5), np.float32(thing.major_arcmin * 24)
    finer = texture(thing.name + " threads", grid.across / close, grid.along / close)
    threads = np.exp(-np.abs(np.float32(6) * rough)) + np.float32(0.6) * np.exp(-np.abs(np.float32(7) * finer))
    shell = np.exp(-(((radius - np.float32(0.85) + np.float32(0.06) * rough) / np.float32(0.14)) ** 2))
    patches = np.clip(1 + texture(thing.name + " patches", grid.along / wide, grid.across / wide), 0, 3)
    light = shell * (threads**2 * 2 + np.float32(0.12)) * patches
    return _over(thing, light, 0.13)


def ring(thing: Extended, grid: OffsetGrid) -> Floats:
    """A planetary nebula: a bright ring with a filled middle, light per arcsec2 of about one unit in all."""
    radius = _radius(thing, grid)
    light = np.exp(-(((radius - np.float32(0.7)) / np.float32(0.25)) ** 2)) + np.float32(0.3) * np.exp(-(radius**4))
    return _over(thing, light, 0.89)


SHAPES: dict[str, Callable[[Extended, OffsetGrid], Floats]] = {
    "galaxy": galaxy,
    "nebula": cloud,
    "remnant": veil,
    "planetary": ring,
}


def _look(plate: Plate, columns: NDArray[np.float64], rows: NDArray[np.float64], thing: Extended) -> OffsetGrid:
    east, north = onto(*plate.sky(columns, rows), (thing.ra_deg, thing.dec_deg))
    sine, cosine = np.sin(np.radians(thing.angle_deg)), np.cos(np.radians(thing.angle_deg))
    along, across = east * sine + north * cosine, east * cosine - north * sine
    return OffsetGrid(along.astype(np.float32), across.astype(np.float32))


def _stretch(coarse: Floats, shape: tuple[int, int]) -> Floats:
    """Values between every COARSE-th pixel, straight lines between; (rows, columns).

    Without matrices, because a BLAS would take every core and need not give the same last bit on two machines.
    """

    def neighbours(fine: int, rough: int) -> tuple[NDArray[np.intp], Floats]:
        at = np.arange(fine) / COARSE
        left = np.minimum(at.astype(np.intp), rough - 2)
        return left, (at - left).astype(np.float32)

    top, down = neighbours(shape[0], coarse.shape[0])
    left, right = neighbours(shape[1], coarse.shape[1])
    tall = coarse[top] + (coarse[top + 1] - coarse[top]) * down[:, None]
    steps = np.diff(tall, axis=1)
    fine = np.take(steps, left, axis=1)
    fine *= right
    fine += np.take(tall, left, axis=1)
    return fine


def add(frame: Floats, thing: Extended, plate: Plate, band: Passband) -> None:
    """Put its light into the frame, photons per s, cm2 and pixel, above the air."""
    if thing.kind not in SHAPES:
        return
    column, row = plate.pixels(np.array([thing.ra_deg]), np.array([thing.dec_deg]))
    reach = thing.major_arcmin * 60 / plate.scale
    if not (-reach < column[0] < plate.shape[1] + reach and -reach < row[0] < plate.shape[0] + reach):  # or NaN
        return
    left, right = max(0, int(column[0] - reach)), min(plate.shape[1], int(column[0] + reach) + 2)
    top, bottom = max(0, int(row[0] - reach)), min(plate.shape[0], int(row[0] + reach) + 2)
    small = max(right - left, bottom - top) <= min(plate.shape) / COARSE
    step = 1 if small else COARSE
    columns, rows = np.meshgrid(
        np.arange(left, right + step, step, dtype=float), np.arange(top, bottom + step, step, dtype=float)
    )
    light = SHAPES[thing.kind](thing, _look(plate, columns, rows, thing))
    box = (bottom - top, right - left)
    light = light[: box[0], : box[1]] if small else _stretch(light, box)
    frame[top:bottom, left:right] += light * np.float32(photons(thing, band) * plate.scale**2)


def add_coma(frame: Floats, body: MovingPoint, plate: Plate, band: Passband) -> None:
    """Put a comet's haze into the frame: brightness falls as 1/distance and leans away from the Sun.

    Nine tenths of the light is haze; the rest is the point in it. Units as in `add`.
    """
    middle = tuple((a + b) / 2 for a, b in zip(body.begin, body.end, strict=True))
    rows, columns = np.mgrid[0 : plate.shape[0] + COARSE : COARSE, 0 : plate.shape[1] + COARSE : COARSE].astype(float)
    east, north = onto(*plate.sky(columns, rows), (middle[0], middle[1]))
    radius = np.hypot(east, north) + plate.scale * 2
    toward = np.cos(np.arctan2(east, north) - np.radians(body.tail_deg))
    reach = COMA_ARCSEC * (1 + NIGHT_SIDE * 6 * np.clip(toward, 0, 1) ** 8)
    light = np.exp(-((radius / reach) ** 2)) / radius
    total = 2 * np.pi * COMA_ARCSEC * np.sqrt(np.pi) / 2 * 1.3
    rate = 0.9 * float(band.flux(np.array([body.mag]), np.array([0.6]))[0])
    fine = _stretch(light.astype(np.float32), plate.shape)
    frame += fine * np.float32(rate * plate.scale**2 / total)
