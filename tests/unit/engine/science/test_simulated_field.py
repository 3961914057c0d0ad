"""A standard field under the simulator's sky: coefficients and extinction come out as it draws them."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from obsy.engine.devices.simulated.picture.brightness import EXTINCTION, passband
from obsy.engine.devices.simulated.picture.faint import colours
from obsy.engine.devices.simulated.picture.plate import Plate
from obsy.engine.devices.simulated.picture.render import render
from obsy.engine.devices.simulated.picture.scene import CameraSettings, FieldOfView
from obsy.engine.devices.simulated.picture.sensor import shade
from obsy.engine.reduce.orders import Optics
from obsy.engine.reduce.plane import tangent
from obsy.engine.science.second_order import second_order
from obsy.engine.science.standard_field import standard_field
from obsy.engine.science.transformation import coefficients
from obsy.schemas.comparison import ComparisonStar, KnownMagnitude
from tests.unit.engine.devices.simulated.picture.conftest import TRAIN, scene
from tests.unit.engine.reduce.steps.test_photometry import table_of

pytestmark = pytest.mark.slow
RA, DEC, MANY = 150.0, 40.0, 60
SLOPE = {"B": 1.0, "V": 0.0}
"""How a star's Johnson magnitude less V grows with its B-V."""


@dataclass(frozen=True)
class DrawnStars:
    """Stars at places that are known to the last bit: the simulator draws a star's colour from them."""

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    mag: np.ndarray


def field(*_where):
    """Sixty stars, apart from each other, none of which fills a pixel."""
    chance = np.random.default_rng(8)
    east, north = np.meshgrid(np.linspace(-0.075, 0.075, 10), np.linspace(-0.06, 0.06, 6))
    east, north = (each.ravel() + chance.uniform(-0.003, 0.003, MANY) for each in (east, north))
    return DrawnStars(RA + east / np.cos(np.radians(DEC)), DEC + north, chance.uniform(9.5, 11.5, MANY))


def taken(band, airmass, seed):
    """A frame's table of stars, of a picture whose flat is known."""
    made = scene(role=band, seed=seed)
    sky = replace(made.sky, air=replace(made.sky.air, airmass=airmass), stars=field, view=FieldOfView(RA, DEC, 0.0))
    made = replace(made, sky=sky, shot=CameraSettings(30.0, band, 100, 50, 1, -10.0))
    plate = Plate((RA, DEC), 0.0, made.scale, made.shape)
    column, row = plate.pixels(np.array([RA]), np.array([DEC]))
    up = float(np.diff(plate.pixels(np.full(2, RA), DEC + np.array([0, 0.01]))[1])[0])
    step = made.scale / 3600
    plane = tangent(RA, DEC, (float(column[0]), float(row[0])), np.diag([-step, np.sign(up) * step]))
    counts = (render(made).astype(float) - TRAIN.camera.pedestal) / shade(TRAIN.name, band, made.shape)
    optics = Optics(made.scale, TRAIN.camera.conversion, TRAIN.camera.read_noise, 60000.0)  # no scintillation is drawn
    table = table_of(counts, optics=optics, exposure_s=30.0, plane=plane)
    about = replace(table.observation, airmass=airmass, filter=band, train="apo", frame=f"{seed:064x}")
    return replace(table, observation=about)


def test_what_the_simulator_draws_is_recovered_within_two_sigma():
    stars = field()
    own = colours(stars.ra_deg, stars.mag)
    declared = [
        ComparisonStar.model_construct(
            name=f"S{at}", ra=ra, dec=dec,
            magnitudes={band: KnownMagnitude(float(mag + SLOPE[band] * colour), 0.003) for band in "BV"},
        )
        for at, (ra, dec, mag, colour) in enumerate(zip(stars.ra_deg, stars.dec_deg, stars.mag, own, strict=True))
    ]  # fmt: skip
    airs = (1.1, 1.1, 1.1, 2.0, 2.0, 2.0)
    fields = []
    for start, band in ((0, "B"), (50, "V")):
        tables = [taken(band, air, start + number) for number, air in enumerate(airs)]
        fields.append(standard_field(tables, declared, band))
    found = {each.name: each.value for each in coefficients(fields, [each.name for each in declared])}
    slope = {band: passband(band).at((1.8, 1.0, 0.0, -0.57, -1.15)) for band in "BV"}
    true = {"Tbv": 1 / (slope["B"] - slope["V"]), "Tb_bv": 1 - slope["B"], "Tv_bv": -slope["V"]}
    assert true == {"Tbv": pytest.approx(1.126, abs=1e-3), "Tb_bv": pytest.approx(0.112, abs=1e-3), "Tv_bv": 0.0}
    for name, value in true.items():
        assert abs(found[name].value - value) < 2 * found[name].error < 0.02, (name, found[name])
    for one in fields:
        air = passband(one.band).at(EXTINCTION)
        assert abs(one.extinction.value - air) < 2 * one.extinction.error < 0.02, one.extinction
        again = second_order(one, own)
        assert abs(again.value) < 2 * again.error < 0.02  # the simulator's air is grey within a filter
