"""Light that is no point: as much as was declared, and always in the same place."""

import numpy as np
import pytest

from obsy.engine.devices.simulated.parts import Extended
from obsy.engine.devices.simulated.picture.brightness import passband
from obsy.engine.devices.simulated.picture.diffuse import add, photons
from obsy.engine.devices.simulated.picture.plate import Plate

PLATE = Plate((150.0, 40.0), 0.0, 2.0, (400, 400))


def drawn(kind, plate=PLATE, role="V", size=6.0):
    frame = np.zeros(plate.shape, np.float32)
    thing = Extended(f"a {kind}", kind, 150.0, 40.0, size, size * 0.7, 30.0, 8.0)
    add(frame, thing, plate, passband(role))
    return frame, photons(thing, passband(role))


@pytest.mark.parametrize(("kind", "within"), [("galaxy", 0.1), ("nebula", 0.4), ("remnant", 0.6), ("planetary", 0.1)])
def test_all_its_light_is_about_what_was_declared(kind, within):
    """Clouds differ from name to name."""
    frame, whole = drawn(kind)
    assert frame.sum() == pytest.approx(whole, rel=within)


def test_a_nebula_stays_where_it_is_on_the_sky():
    other = Plate((150.02, 40.01), 0.0, 2.0, (400, 400))
    (column,), (row,) = other.pixels(*PLATE.sky(np.array([200.0]), np.array([200.0])))
    first, second = drawn("nebula")[0], drawn("nebula", other)[0]
    down, right = round(row) - 200, round(column) - 200
    inner = first[120:280, 120:280]
    moved = second[120 + down : 280 + down, 120 + right : 280 + right]
    assert np.corrcoef(inner.ravel(), moved.ravel())[0, 1] > 0.98


def test_a_nebula_shines_in_its_lines():
    ratio = drawn("nebula", role="Ha")[1] / drawn("nebula", role="I")[1]
    assert ratio > 3


def test_a_galaxy_is_brightest_in_its_middle():
    frame, _ = drawn("galaxy")
    assert np.hypot(*(np.array(np.unravel_index(frame.argmax(), frame.shape)) - 199.5)) < 2


def test_a_large_one_is_as_bright_as_its_fine_drawing():
    coarse, _ = drawn("galaxy", size=20.0)
    fine, _ = drawn("galaxy", Plate((150.0, 40.0), 0.0, 2.0, (3000, 3000)), size=20.0)
    inner = fine[1300:1700, 1300:1700]
    assert np.median(np.abs(coarse / inner - 1)) < 0.02
