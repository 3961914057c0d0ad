"""What a rehearsal's sky holds besides stars, held against each object of the catalogue by itself."""

import subprocess
import sys
from datetime import UTC, datetime
from math import inf

import numpy as np
import pytest

from obsy.engine.declare.catalogue import CatalogueObject, deep_sky
from obsy.engine.runtime import simulated
from obsy.engine.schedule.conditions import FLAT, ObservingConditions
from obsy.engine.separation import separation_deg
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location

PLACES = [(56.75, 24.12), (0.2, 61.0), (266.4, -29.0), (83.8, -5.4), (187.7, 12.4)]
"""The Pleiades, beside 0 h, the middle of the Milky Way, Orion's nebula, and Virgo with its hundreds of galaxies."""


def is_drawn(thing: CatalogueObject) -> bool:
    is_bright = thing.mag is not None and thing.mag <= 12.5
    return thing.kind in simulated.DRAWN and (thing.kind in simulated.GLOWING or is_bright)


def over(places: list[tuple[float, float]]) -> ObservingConditions:
    place, grid = Location(37.22, -2.55, 2168.0), Grid(datetime(2026, 11, 21, 20, tzinfo=UTC), 600.0, 2)
    found = tracks([Fixed(*each) for each in places], grid, place)
    return ObservingConditions(grid, place, FLAT, dict(zip("abcde", found, strict=False)), {})


@pytest.mark.parametrize("count", [0, 1, 5])
def test_what_lies_near_a_target_is_drawn_and_found_with_one_look_a_target(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look = simulated.separation_deg
    monkeypatch.setattr(
        simulated, "separation_deg", lambda ra, *others: (looks.append(np.size(ra)), look(ra, *others))[1]
    )
    found = simulated._extended(over(PLACES[:count]))
    assert len(looks) == count
    expected = {
        each.name: (each.major_arcmin, each.minor_arcmin or each.major_arcmin, each.position_angle_deg or 0.0)
        for each in deep_sky()
        if each.major_arcmin is not None
        and is_drawn(each)
        and min((separation_deg((each.ra_deg, each.dec_deg), at) for at in PLACES[:count]), default=inf)
        < 3.0 + each.major_arcmin / 60
    }
    assert {each.name: (each.major_arcmin, each.minor_arcmin, each.angle_deg) for each in found} == expected
    assert len(found) >= 5 * count


@pytest.mark.slow
@pytest.mark.once
def test_a_night_loads_no_scipy_which_is_its_workers_to_draw_and_reduce_with() -> None:
    loads = "import sys, obsy.cli.apply, obsy.engine.runtime.simulated as night; print(*{'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loads], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
