"""All-sky images that are made, not taken: stars of Tycho-2 through a fisheye, under a sky whose clouds are known."""

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

from obsy.engine.sky.catalogue import cone

CLASSES = ("clear", "partly", "overcast", "precipitation", "unusable")
FAINTEST = 8.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """One camera at one place: what is the same in all of its images."""

    shape: tuple[int, int]
    radius: float
    """Pixels from the zenith to the horizon."""
    centre: tuple[float, float]
    bend: float
    """0 is an equidistant lens, 1 an equisolid one."""
    fwhm: float
    latitude_deg: float
    turn: float
    mirrored: bool
    depth: float
    """Light of a star of magnitude 0 over the noise of a dark sky."""
    town: float
    """The sky glow of towns, in dark skies."""
    town_at: float
    tint: tuple[float, float, float]
    is_grey: bool
    grain: float
    target: float
    """The grey level to which its exposure brings the sky."""
    trees: Floats
    """The altitude of the skyline at each of 720 azimuths, rad."""
    quality: int
    is_labelled: bool

    @classmethod
    def drawn(cls, rng: np.random.Generator, side: int = 900) -> "Camera":
        """Return a camera by chance. side: of its images, pixels."""
        rows = int(side * rng.choice([0.5625, 0.75, 1.0]))
        skyline = gaussian_filter(rng.normal(0, 1, 720), 12, mode="wrap") * 4
        fine = gaussian_filter(rng.normal(0, 1, 720), 1.5, mode="wrap") * 0.06
        trees = np.clip(0.12 + rng.uniform(0, 0.25) * skyline + fine, 0.01, 0.9)
        return cls(
            shape=(rows, side),
            radius=side * rng.uniform(0.36, 0.68),
            centre=(rows * rng.uniform(0.45, 0.55), side * rng.uniform(0.46, 0.54)),
            bend=rng.uniform(0, 1),
            fwhm=rng.uniform(1.1, 2.6) * side / 900,
            latitude_deg=rng.uniform(-45, 60),
            turn=rng.uniform(0, 2 * np.pi),
            mirrored=bool(rng.random() < 0.5),
            depth=10 ** rng.uniform(3.0, 4.1),
            town=10 ** rng.uniform(-1.5, 0.9),
            town_at=rng.uniform(0, 2 * np.pi),
            tint=tuple(np.exp(rng.normal(0, 0.06, 3))),
            is_grey=bool(rng.random() < 0.25),
            grain=rng.uniform(0.05, 0.25),
            target=rng.uniform(0.07, 0.36),
            trees=trees,
            quality=int(rng.integers(84, 99)),
            is_labelled=bool(rng.random() < 0.6),
        )


@dataclass(frozen=True)
class Sky:
    """Where each pixel looks: altitude and azimuth, rad; and where it sees the open sky."""

    altitude: Floats
    azimuth: Floats
    open: NDArray[np.bool_]


@cache
def _stars() -> tuple[Floats, Floats, Floats]:
    found = cone(0.0, 0.0, 180.0)
    many = int(np.searchsorted(found.mag, FAINTEST))
    return np.radians(found.ra_deg[:many]), np.radians(found.dec_deg[:many]), found.mag[:many]


def seen(camera: Camera) -> Sky:
    """Return where each pixel of a camera looks."""
    y, x = np.indices(camera.shape, float)
    dy, dx = (y - camera.centre[0]) / camera.radius, (x - camera.centre[1]) / camera.radius
    r = np.hypot(dx, dy)
    flat = r * np.pi / 2
    curved = 2 * np.arcsin(np.clip(r / np.sqrt(2), 0, 1))
    zenith = (1 - camera.bend) * flat + camera.bend * curved
    azimuth = (np.arctan2(dx if not camera.mirrored else -dx, dy) + camera.turn) % (2 * np.pi)
    altitude = np.pi / 2 - zenith
    return Sky(altitude, azimuth, altitude > camera.trees[(azimuth / (2 * np.pi) * 720).astype(int) % 720])


def scene(rng: np.random.Generator, camera: Camera, sky: Sky, what: str) -> bytes:
    """Return a JPEG of the sky as one of CLASSES. sky: what `seen` returned of the camera."""
    light = what if what != "unusable" else str(rng.choice(["clear", "partly", "overcast"]))
    through, cover = _clouds(rng, sky, light)
    image = _lit(rng, camera, sky, through, cover)
    if what == "precipitation":
        image = _wet(rng, camera, image)
    elif what == "unusable":
        image = _dewed(rng, camera, image)
    return _taken(rng, camera, sky, image, clean=what not in ("unusable", "precipitation"))


def _clouds(rng: np.random.Generator, sky: Sky, what: str) -> tuple[Floats, Floats]:
    """Return how much starlight comes through at each pixel, and how much cloud there is to be lit (0 to 1)."""
    if what == "clear":
        if rng.random() < 0.7:
            return np.ones(sky.altitude.shape), np.zeros(sky.altitude.shape)
        depth = _fractal(rng, sky) * rng.uniform(0, 0.04)  # haze near the horizon, and none that matters above
        low = depth + 0.5 * np.exp(-np.clip(sky.altitude, 0, None) / 0.08)
        return np.exp(-low), 1 - np.exp(-low)
    rough = _fractal(rng, sky)
    if what == "partly":
        if rng.random() < 0.35:  # a thin veil over all of it
            tau = rng.uniform(1.0, 2.2) * (0.4 + np.clip(rough + 0.5, 0, 2))
        else:
            share = rng.uniform(0.3, 0.8)
            edge = np.quantile(rough[sky.open], 1 - share) if sky.open.any() else 0.0
            tau = rng.uniform(2.5, 6) * np.clip((rough - edge) / rng.uniform(0.1, 0.5), 0, 1)
    else:
        tau = rng.uniform(3, 9) * (0.5 + np.clip(rough * rng.uniform(0.1, 1) + 0.6, 0, 2))
    relief = np.clip(1 + rng.uniform(0, 0.3) * rough, 0.2, 2)  # what is opaque is not evenly bright
    return np.exp(-tau), (1 - np.exp(-tau)) * relief


def _fractal(rng: np.random.Generator, sky: Sky) -> Floats:
    """Return a cloud layer's roughness, mean 0 and deviation 1, on a plane above, as each pixel sees it."""
    size = 512
    k = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    k[0, 0] = np.inf
    k = np.maximum(k, 1.5 / size)
    stretch = rng.uniform(1, 4)  # cirrus has streaks
    waves = rng.normal(size=k.shape) + 1j * rng.normal(size=k.shape)
    plane = np.fft.irfft2(waves * k ** -rng.uniform(1.5, 2.1), s=(size, size))
    far = np.clip(np.tan(np.pi / 2 - np.clip(sky.altitude, 0.06, None)), 0, 12) * size * rng.uniform(0.05, 0.25)
    way = rng.uniform(0, 2 * np.pi)
    at = [far * np.cos(sky.azimuth + way) / stretch + size / 2, far * np.sin(sky.azimuth + way) + size / 2]
    found = map_coordinates(plane, at, order=1, mode="grid-wrap")
    return (found - found.mean()) / max(float(found.std()), 1e-9)


def _lit(rng: np.random.Generator, camera: Camera, sky: Sky, through: Floats, cover: Floats) -> Floats:
    """Return the light of the sky, (rows, columns, 3), in dark skies, with trees and lamps, blurred by the lens."""
    low = np.clip(sky.altitude, 0.02, None)
    toward = np.cos(sky.azimuth - camera.town_at)
    glow = camera.town * (0.25 + np.exp(-low / 0.35) * (1 + 0.8 * toward)) / 1.25
    moon, disc = _moon(rng, sky)
    dark = (0.8 + 0.3 / (np.sin(low) + 0.3)) * (0.3 + 0.7 * through)
    lamp = np.array([1.25, 1.0, 0.75]) * rng.uniform(0.9, 1.1, 3)
    air = np.array([0.95, 1.05, 1.0])
    clouded = cover * rng.uniform(1.2, 7) * (0.25 * camera.town + 0.8 * moon)
    colour = dark[..., None] * air + (glow * (1 + cover * rng.uniform(1, 6)))[..., None] * lamp
    colour += (moon * (1 - 0.6 * np.clip(cover, 0, 1)) + clouded)[..., None] * np.array([0.95, 1.0, 1.08])
    stars = _starlight(rng, camera, through * sky.open) * camera.depth * camera.grain
    level = np.where(sky.open[..., None], colour, 0.03 * colour * rng.uniform(0.2, 2.0))
    level = level + stars[..., None] + (disc * through * sky.open)[..., None]
    for _ in range(rng.integers(0, 3)):  # a lamp or a window on the skyline
        y, x = rng.integers(0, camera.shape[0]), rng.choice([2, 6, camera.shape[1] - 7])
        level[max(y - 2, 0) : y + 2, max(x - 2, 0) : x + 2] += 30 * lamp
    return gaussian_filter(level, (camera.fwhm / 2.355, camera.fwhm / 2.355, 0))


def _moon(rng: np.random.Generator, sky: Sky) -> tuple[Floats, Floats]:
    """Return the Moon's glow and its dazzling disc; often it is down."""
    if rng.random() < 0.5:
        return np.zeros(sky.altitude.shape), np.zeros(sky.altitude.shape)
    altitude, azimuth, phase = rng.uniform(0.05, 1.2), rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 1) ** 1.5
    cosine = np.sin(altitude) * np.sin(sky.altitude)
    cosine += np.cos(altitude) * np.cos(sky.altitude) * np.cos(sky.azimuth - azimuth)
    apart = np.arccos(np.clip(cosine, -1, 1))
    glow = phase * rng.uniform(2, 7) * (0.35 + 0.9 * np.exp(-apart / 0.35) + 0.12 / (apart + 0.06))
    for _ in range(rng.integers(0, 7)):  # its ghosts in the lens and on the dome
        beside = np.hypot(
            sky.altitude - rng.uniform(0, 1.5), (sky.azimuth - rng.uniform(0, 2 * np.pi)) * np.cos(sky.altitude)
        )
        rim = rng.uniform(0.02, 0.3)
        glow = glow + phase * rng.uniform(0.1, 2) * np.exp(
            -(((beside - rim * (rim > 0.12)) / rng.uniform(0.02, 0.06)) ** 2)
        )
    return glow, 400 * phase * np.exp(-((apart / rng.uniform(0.03, 0.12)) ** 2))


def _starlight(rng: np.random.Generator, camera: Camera, through: Floats) -> Floats:
    """Return the light of the stars that stand over the camera at some sidereal time; 1 is magnitude 0."""
    ra, dec, mag = _stars()
    hour, latitude = rng.uniform(0, 2 * np.pi) - ra, np.radians(camera.latitude_deg)
    height = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour)
    azimuth = np.arctan2(-np.cos(dec) * np.sin(hour), (np.sin(dec) - np.sin(latitude) * height) / np.cos(latitude))
    zenith = np.arccos(np.clip(height, -1, 1))
    flat, curved = zenith / (np.pi / 2), np.sqrt(2) * np.sin(zenith / 2)
    r = ((1 - camera.bend) * flat + camera.bend * curved) * camera.radius
    way = azimuth - camera.turn
    x = camera.centre[1] + r * np.sin(way) * (-1 if camera.mirrored else 1)
    y = camera.centre[0] + r * np.cos(way)
    up = (height > 0.03) & (x >= 0) & (y >= 0) & (x < camera.shape[1] - 1) & (y < camera.shape[0] - 1)
    air = 0.2 / np.maximum(height[up], 0.05)
    flux = 10 ** (-0.4 * (mag[up] + air))
    plane = np.zeros(camera.shape)
    row, column = y[up].astype(int), x[up].astype(int)
    down, right = y[up] - row, x[up] - column
    for i, j, share in (
        (0, 0, (1 - down) * (1 - right)),
        (1, 0, down * (1 - right)),
        (0, 1, (1 - down) * right),
        (1, 1, down * right),
    ):
        np.add.at(plane, (row + i, column + j), flux * share)
    return plane * through


def _wet(rng: np.random.Generator, camera: Camera, image: Floats) -> Floats:
    """Return the view through drops or flakes on the dome."""
    y, x = np.indices(camera.shape, float)
    side = max(camera.shape)
    blurred = gaussian_filter(image, (side / 60, side / 60, 0))
    is_snow, wet, shade = rng.random() < 0.35, np.zeros(camera.shape), np.zeros(camera.shape)
    for _ in range(int(rng.integers(25, 140))):
        size = side * rng.uniform(0.004, 0.02) * (1.6 if is_snow else 1)
        cy, cx = rng.uniform(0, camera.shape[0]), rng.uniform(0, camera.shape[1])
        box = np.s_[
            max(int(cy - 3 * size), 0) : int(cy + 3 * size) + 1, max(int(cx - 3 * size), 0) : int(cx + 3 * size) + 1
        ]
        distance = np.hypot((y[box] - cy) * rng.uniform(0.8, 1.2), x[box] - cx) / size
        inside = 1 / (1 + np.exp((distance - 1) * 6))
        wet[box] = np.maximum(wet[box], inside)
        rim = np.exp(-(((distance - 1) / 0.2) ** 2)) * rng.uniform(0.2, 1.2)
        shade[box] += 0.9 * inside if is_snow else 0.5 * rim * np.sign(x[box] - cx + 0.1 * size) - 0.15 * inside
    mean = float(np.median(image))
    view = image * (1 - wet[..., None]) + blurred * wet[..., None]
    return np.maximum(view + shade[..., None] * max(mean, 0.05) * rng.uniform(0.5, 1.5), 0)


def _dewed(rng: np.random.Generator, camera: Camera, image: Floats) -> Floats:
    """Return the view through dew, frost or a cover, or from a camera that lies on its face or was dazzled."""
    side, way = max(camera.shape), rng.random()
    if way < 0.7:
        sigma = side * rng.uniform(0.006, 0.035)
        veil = gaussian_filter(image, (sigma, sigma, 0))
        halo = gaussian_filter(image, (3 * sigma, 3 * sigma, 0))
        share = np.clip(
            rng.uniform(0.95, 1.15) + 0.3 * gaussian_filter(rng.normal(0, 20, camera.shape), side / 25), 0, 1
        )
        frost = 1 + rng.uniform(0, 0.1) * gaussian_filter(rng.normal(0, 20, camera.shape), 6 * side / 900)
        return ((1 - share[..., None]) * image + share[..., None] * (0.6 * veil + 0.4 * halo)) * np.clip(frost, 0, 3)[
            ..., None
        ]
    if way < 0.9:  # covered: a little stray light
        return (
            np.full_like(image, rng.uniform(0.005, 0.08))
            * gaussian_filter(rng.uniform(0.5, 1.5, camera.shape), side / 6)[..., None]
        )
    return image * rng.uniform(15, 60) + 1000  # dazzled: more than any exposure allows for


def _taken(rng: np.random.Generator, camera: Camera, sky: Sky, light: Floats, clean: bool) -> bytes:
    """Return what the camera makes of it: exposure, noise, streaks, its clock's text, JPEG."""
    middle = float(np.median(light[sky.open])) if sky.open.any() else 1.0
    dimmest = rng.uniform(0.25, 0.8)  # exposures end somewhere: a dark sky stays dark
    gain = camera.target / min(max(middle, dimmest), 100)
    noise = camera.grain * np.sqrt(np.maximum(light, 0.02)) / np.sqrt(1 + middle / 4)
    level = (light + rng.normal(0, 1, light.shape) * noise * 0.8) * gain
    if clean:
        level = _streaked(rng, level, camera)
    if camera.is_grey:
        level = np.repeat(level.mean(axis=2, keepdims=True), 3, axis=2)
    else:
        level = level * np.array(camera.tint)
    hot = rng.random(camera.shape) < rng.uniform(0, 3e-5)
    level[hot] = rng.uniform(0.4, 1)
    image = Image.fromarray((np.clip(level, 0, 1) * 255).astype(np.uint8))
    if camera.is_labelled:
        draw = ImageDraw.Draw(image)
        clock = f"2026{rng.integers(1, 13):02d}14 {rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}:11"
        text = f"{clock}\nExposure {rng.uniform(5, 60):.3f}\nGain 250"
        draw.multiline_text((5, 4), text, fill=(200, 200, 200))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=camera.quality)
    return file.getvalue()


def _streaked(rng: np.random.Generator, level: Floats, camera: Camera) -> Floats:
    """Return the image, now and then with an aeroplane, a satellite or a meteor."""
    if rng.random() < 0.85:
        return level
    rows, columns = camera.shape
    start, end = rng.uniform(0, 1, (2, 2)) * (rows, columns)
    at = (start + np.linspace(0, 1, 2 * columns)[:, None] * (end - start)).astype(int)
    at = at[(at[:, 0] < rows) & (at[:, 1] < columns)]
    streak = np.zeros(camera.shape)
    streak[at[:, 0], at[:, 1]] = rng.uniform(0.3, 3)
    return level + gaussian_filter(streak, camera.fwhm / 2.355)[..., None]
