"""Rendering of a scene into a FITS file; called in worker processes."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.picture import sensor
from obsy.engine.devices.simulated.picture.brightness import EFFICIENCY, EXTINCTION, Passband, passband, surface
from obsy.engine.devices.simulated.picture.diffuse import add, add_coma
from obsy.engine.devices.simulated.picture.faint import MEMBERS, colours, faint, members
from obsy.engine.devices.simulated.picture.plate import Plate
from obsy.engine.devices.simulated.picture.points import Blur, Points, draw, together
from obsy.engine.devices.simulated.picture.scene import LightSource, MovingPoint, Scene, VisibleSky
from obsy.engine.devices.simulated.picture.sensor import shade
from obsy.engine.devices.simulated.variables import VaryingPoint
from obsy.engine.identity import plain

Floats = NDArray[np.float32]
PANEL_FILL = 0.45
"""The panel dims itself until a flat fills this share of what a pixel can hold or say."""
GRADIENT = 0.03
"""How much brighter one edge of the sky is than the middle: lights of a town."""
NUCLEUS = 0.1
SAME_ARCSEC = 5.0
"""A variable star lies so close to what the catalogue has of it."""


@dataclass(frozen=True, slots=True)
class Beam:
    """What reaches the sensor of the light above the air: the band, and electrons for each photon per s and cm2."""

    band: Passband
    above: float
    below: float
    """The same for light that comes from within the air."""


def render_to_file(scene: Scene, path: Path) -> Path:
    """Return the path, once the FITS file stands there, whole; the same scene gives the same bytes."""
    header = fits.Header()
    for key, value, comment in scene.cards:
        header.append((key, plain(value) if isinstance(value, str) else value, comment), end=True)
    unfinished = path.with_suffix(".part")
    fits.PrimaryHDU(render(scene), header).writeto(unfinished, overwrite=True)
    os.replace(unfinished, path)
    return path


def render(scene: Scene) -> NDArray[np.uint16]:
    """Return the counts that are read out, (rows, columns)."""
    camera, shot, shape = scene.train.camera, scene.shot, scene.shape
    chance = generator("exposure", scene.seed)
    pattern = sensor.grain(camera.model, shape)
    dark = np.float32(sensor.dark_rate(camera, shot) * shot.seconds)
    if scene.light is LightSource.NONE:
        mean = pattern.dark * dark
    else:
        mean = _sky(scene, scene.sky) if scene.sky is not None else np.full(shape, _panel(scene), np.float32)
        mean *= shade(scene.train.name, shot.role, shape)
        mean *= pattern.response
        if (colours := sensor.mosaic(camera, shape, shot.binning)) is not None:
            mean *= colours
        mean += pattern.dark * dark
    electrons = sensor.scatter(mean, chance) if shot.seconds > 0 else mean
    sensor.strike(electrons, shot, camera.pixel, chance)
    return sensor.read(electrons, camera, shot, chance)


def _panel(scene: Scene) -> float:
    camera, shot = scene.train.camera, scene.shot
    room = sensor.CEILING * sensor.electrons_per_adu(camera, shot.gain)
    return PANEL_FILL * min(camera.full_well * shot.binning**2, room) if shot.seconds > 0 else 0.0


def beam(scene: Scene, sky: VisibleSky) -> Beam:
    """How photons become electrons in this exposure."""
    band = passband(scene.shot.role)
    area_cm2 = np.pi / 4 * (scene.train.telescope.aperture / 10) ** 2
    below = area_cm2 * EFFICIENCY * scene.shot.seconds
    loss = 10 ** (-0.4 * band.at(EXTINCTION) * sky.air.airmass) * sky.air.transmission
    return Beam(band, below * loss, below)


def _sky(scene: Scene, sky: VisibleSky) -> Floats:
    """Expected electrons from everything in the sky, before the optics dim them, (rows, columns)."""
    view, air, light = sky.view, sky.air, beam(scene, sky)
    plate = Plate((view.ra_deg, view.dec_deg), view.up_deg, scene.scale, scene.shape)
    right, down = (float(way) for way in plate.turn(*np.array(view.drift_arcsec)))
    sharp = Blur(air.seeing_arcsec / scene.scale, air.defocus_arcsec / scene.scale, (0.0, 0.0))
    frame = draw(scene.shape, _stars(sky, plate, light), replace(sharp, trail=(right, down)))
    if sky.bodies:
        trails = [_trail(body, plate, light, (right, down)) for body in sky.bodies]
        frame += draw(scene.shape, together(trails), sharp)
    haze = np.zeros(scene.shape, np.float32)
    for thing in sky.extended:
        add(haze, thing, plate, light.band)
    for body in sky.bodies:
        if body.kind == "comet":
            add_coma(haze, body, plate, light.band)
    frame += haze * np.float32(light.above)
    glow = surface(light.band, air.glow) * light.below * plate.scale**2
    row = np.linspace(-1, 1, scene.shape[0], dtype=np.float32)[:, None]
    column = np.linspace(-1, 1, scene.shape[1], dtype=np.float32)[None, :]
    tilt = np.radians(view.up_deg)
    slope = row * np.float32(np.cos(tilt)) + column * np.float32(np.sin(tilt))
    frame += np.float32(glow) * (1 + np.float32(GRADIENT) * slope)
    return frame


def _stars(sky: VisibleSky, plate: Plate, light: Beam) -> Points:
    ra, dec = plate.centre
    radius = plate.radius_deg + 60 * plate.scale / 3600
    stars, more = sky.stars(ra, dec, radius), faint(ra, dec, radius)
    found = [stars, more, *(members(thing) for thing in sky.extended if thing.kind in MEMBERS)]
    ras, decs, mags = (
        np.concatenate([np.asarray(getattr(each, name), dtype=np.float64) for each in found])
        for name in ("ra_deg", "dec_deg", "mag")
    )
    columns, rows = plate.pixels(ras, decs)
    fixed = Points(columns, rows, light.band.flux(mags, colours(ras, mags)) * light.above)
    return _varied(fixed, len(stars.mag), sky.varying, plate, light)


def _varied(fixed: Points, listed: int, varying: tuple[VaryingPoint, ...], plate: Plate, light: Beam) -> Points:
    """The stars, the first of them the catalogue's, with what varies: dimmed, or added if no catalogue has it."""
    parts = [fixed]
    for each in varying:
        ra, dec = np.array([each.ra_deg]), np.array([each.dec_deg])
        column, row = plate.pixels(ra, dec)
        if each.mag is not None:
            usual = np.array([each.mag])
            parts.append(Points(column, row, light.band.flux(usual, colours(ra, usual)) * light.above * each.share))
            continue
        away = np.hypot(fixed.columns[:listed] - column, fixed.rows[:listed] - row) * plate.scale
        if (away < SAME_ARCSEC).any():
            fixed.electrons[np.nanargmin(away)] *= each.share
    return together(parts)


def _trail(body: MovingPoint, plate: Plate, light: Beam, drift: tuple[float, float]) -> Points:
    """The body's way over the sensor, its own and the drift of the sky (pixels) together; tracked, it is a point."""
    ends, halves = np.array([body.begin, body.end]), np.array([-0.5, 0.5])
    columns, rows = plate.pixels(ends[:, 0], ends[:, 1])
    columns, rows = columns + halves * drift[0], rows + halves * drift[1]
    length = np.hypot(*np.diff([columns, rows], axis=1))[0]
    number = 1 if np.isnan(length) else int(min(500, 1 + 2 * length))
    part = (np.arange(number) + 0.5) / number
    share = NUCLEUS if body.kind == "comet" else 1.0
    whole = float(light.band.flux(np.array([body.mag]), np.array([0.6]))[0]) * light.above * share
    across, along = (way[0] + part * (way[1] - way[0]) for way in (columns, rows))
    return Points(across, along, np.full(number, whole / number))
