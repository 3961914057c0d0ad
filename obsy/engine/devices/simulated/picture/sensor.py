"""Optics and sensor: vignetting, dust, fixed patterns, noise, and the counts that are read out."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.picture.scene import CameraSettings
from obsy.schemas.train import Camera

Floats = NDArray[np.float32]
Shape = tuple[int, int]
DOUBLING_C = 6.0
"""Dark current doubles with every 6 degC. Source: Janesick 2001, Scientific Charge-Coupled Devices, figure 7.50."""
HOT_SHARE = 5e-4
RAYS_PER_CM2_S = 1 / 60
"""Muons at sea level. Source: Particle Data Group, Review of Particle Physics, section Cosmic Rays."""
GAIN_STEPS_PER_TEN = 200.0
"""Gain steps of 0.1 dB, as on the usual CMOS cameras: 200 for a factor ten."""
THROUGH = {"R": 0.35, "G": 0.5, "B": 0.3}
"""Of white light, by each colour of a Bayer mosaic; plausible for the usual CMOS sensors."""
GAUSSIAN_ABOVE = 12.0
CEILING = 65535


@dataclass(frozen=True, slots=True)
class Grain:
    """The fixed pattern of one sensor; each (rows, columns)."""

    response: Floats
    """Sensitivity, mean 1."""
    dark: Floats
    """Dark current relative to the declared one, hot pixels with it."""
    bias: Floats
    """ADU above or below the pedestal."""


@lru_cache(maxsize=4)
def grain(model: str, shape: Shape) -> Grain:
    """The pattern of a sensor, always the same for one model and frame size."""
    chance = generator("sensor", model, shape)
    response = 1 + np.float32(0.006) * chance.standard_normal(shape, dtype=np.float32)
    dark = np.abs(1 + np.float32(0.25) * chance.standard_normal(shape, dtype=np.float32))
    hot = chance.random(shape, dtype=np.float32) < HOT_SHARE
    dark[hot] *= chance.lognormal(4.5, 1.2, int(hot.sum())).astype(np.float32)
    lines = chance.standard_normal((1, shape[1]), dtype=np.float32) + np.float32(0.3) * chance.standard_normal(
        (shape[0], 1), dtype=np.float32
    )
    slope = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    return Grain(response, dark, np.asarray(lines * np.float32(0.7) + slope))


def mosaic(camera: Camera, shape: Shape, binning: int) -> Floats | None:
    """What the colours of a sensor let through, (rows, columns); None if it has none or binning mixes them."""
    if camera.bayer is None or binning > 1:
        return None
    cell = np.array([THROUGH[letter] for letter in camera.bayer], np.float32).reshape(2, 2)
    return np.tile(cell, (shape[0] // 2 + 1, shape[1] // 2 + 1))[: shape[0], : shape[1]]


def electrons_per_adu(camera: Camera, gain: int) -> float:
    """The conversion at a gain setting, from the declared one."""
    return float(camera.conversion * 10 ** ((camera.gain - gain) / GAIN_STEPS_PER_TEN))


def pedestal(camera: Camera, offset: int) -> float:
    """The level of a bias frame at an offset setting, ADU; in proportion to the declared one."""
    return float(camera.pedestal * offset / camera.offset) if camera.offset else float(camera.pedestal)


def dark_rate(camera: Camera, shot: CameraSettings) -> float:
    """Electrons per s and binned pixel from heat alone, at the sensor's own temperature."""
    warmth = 2 ** ((shot.temperature_c - camera.temperature) / DOUBLING_C)
    return float(camera.dark_current * warmth * shot.binning**2)


def strike(electrons: Floats, shot: CameraSettings, pixel_um: float, chance: np.random.Generator) -> None:
    """Add the short straight tracks of cosmic rays."""
    rows, columns = electrons.shape
    area_cm2 = rows * columns * (pixel_um * shot.binning * 1e-4) ** 2
    for _ in range(chance.poisson(RAYS_PER_CM2_S * area_cm2 * shot.seconds)):
        row, column, angle = chance.random() * rows, chance.random() * columns, chance.random() * 2 * np.pi
        steps = np.arange(0, 1 + chance.exponential(4.0), 0.5)
        y = (row + steps * np.sin(angle)).astype(np.intp)
        x = (column + steps * np.cos(angle)).astype(np.intp)
        inside = (y >= 0) & (y < rows) & (x >= 0) & (x < columns)
        np.add.at(electrons, (y[inside], x[inside]), np.float32(chance.lognormal(6.3, 0.6)))


def scatter(mean: Floats, chance: np.random.Generator) -> Floats:
    """Return electrons with photon noise for the expected ones; changes `mean`.

    Above 12 the normal distribution with its skewness stands for Poisson's: a variance too large by 0.06.
    Source: Cornish & Fisher 1938 expansion, first term.
    """
    few = mean < GAUSSIAN_ABOVE
    if 2 * int(few.sum()) > few.size:
        return chance.poisson(mean).astype(np.float32)
    deviate = chance.standard_normal(mean.shape, dtype=np.float32)
    exact = chance.poisson(mean[few]) if few.any() else None
    root = np.sqrt(mean)
    root *= deviate
    mean += root
    deviate *= deviate
    deviate -= 1
    deviate *= np.float32(1 / 6)
    mean += deviate
    if exact is not None:
        mean[few] = exact
    return mean


def read(electrons: Floats, camera: Camera, shot: CameraSettings, chance: np.random.Generator) -> NDArray[np.uint16]:
    """Return the counts read out, (rows, columns), from electrons; changes `electrons`."""
    np.minimum(electrons, np.float32(camera.full_well * shot.binning**2), out=electrons)
    noise = chance.standard_normal(electrons.shape, dtype=np.float32)
    noise *= np.float32(camera.read_noise * shot.binning)
    electrons += noise
    electrons *= np.float32(1 / electrons_per_adu(camera, shot.gain))
    electrons += grain(camera.model, electrons.shape).bias
    electrons += np.float32(pedestal(camera, shot.offset) + 0.5)
    np.clip(electrons, 0, CEILING, out=electrons)
    return electrons.astype(np.uint16)


CORNER_LOSS = 0.22
SPECKS = 7


@lru_cache(maxsize=16)
def shade(train: str, role: str, shape: tuple[int, int]) -> Floats:
    """The share of light that arrives at each pixel, (rows, columns), 1 at the best; fixed for a train and filter."""
    chance = generator("dust", train, role, shape)
    row = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    column = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    off_row, off_column = chance.normal(0, 0.05, 2).astype(np.float32)
    light = 1 - np.float32(CORNER_LOSS / 2) * ((row - off_row) ** 2 + (column - off_column) ** 2)
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    for _ in range(SPECKS):
        middle = chance.random(2) * shape
        outer = min(shape) * chance.uniform(0.012, 0.04)
        distance = np.hypot(y - middle[0], x - middle[1]).astype(np.float32)
        donut = (np.tanh((distance - outer * 0.4) / 3) - np.tanh((distance - outer) / 3)) / 2
        light *= 1 - np.float32(chance.uniform(0.01, 0.05)) * donut
    return np.asarray(light / light.max(), dtype=np.float32)
