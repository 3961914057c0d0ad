"""A roof that is reached is kept by what was declared of it, and found as it stands by now."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event
from obsy.engine.runtime.guard.reached import Reached, all_at_work, found_now, kept_roof, looked_at
from obsy.engine.safety.keeper import Keeper
from obsy.errors import DeviceError
from tests.support import fakes
from tests.support.safety import NIGHT, Shed

ROOT = Path(__file__).parents[5]
EQUIPMENT = read_equipment(ROOT)
DRY = {"rain": 0.0, "cloud": 0.0, "wind": 5.0, "humidity": 50.0, "temperature": 10.0}


def reached(shed: Shed) -> Keeper:
    """Who keeps the example's roof, reached at the devices of a shed."""
    inputs = {each.name: fakes.FakeWeatherInput(shed.clock, lambda _: DRY) for each in EQUIPMENT.weather}
    mounts = {each.name: shed.mounts[0] for each in EQUIPMENT.mounts}
    ends = NIGHT + timedelta(hours=1)
    return kept_roof(EQUIPMENT, "roll-off", Reached(shed.clock, shed.roof, mounts, inputs, ends=ends))


def test_a_roof_is_kept_by_its_own_declaration_over_the_mounts_under_it() -> None:
    shed = Shed()
    shelter, monitor = reached(shed)._shelter, reached(shed)._monitor
    shed.loop.close()
    assert shelter.declared == EQUIPMENT.enclosures[0]
    assert (shelter.port, shelter.clock, shelter.ends) == (shed.roof, shed.clock, NIGHT + timedelta(hours=1))
    assert [(each.declared, each.port) for each in shelter.mounts] == [(EQUIPMENT.mounts[0], shed.mounts[0])]
    assert (shelter.place, shelter.policy) == (EQUIPMENT.site.location, EQUIPMENT.safety)
    assert set(monitor._due_s) == {each.name for each in EQUIPMENT.inputs_of("roll-off")}


def kept_for(seconds: float, at: float, *, home: bool = True) -> tuple[str, dict[str, Any], list[Event]]:
    """How a roof that stood somewhere is found, and looks, after it was kept for so long; and what was said."""
    shed = Shed(lasts_s=1e6)
    shed.roof.at, shed.mounts[0].home = at, home
    keeper, said = reached(shed), list[Event]()
    keeper.hear(said.append)

    async def story() -> tuple[str, dict[str, Any], list[Event]]:
        keeping = asyncio.ensure_future(keeper.run())
        await shed.clock.sleep(seconds)
        found = await found_now(keeper), await looked_at(keeper), said
        keeping.cancel()
        return found

    found: tuple[str, dict[str, Any], list[Event]] = shed.run(story())
    return found


def test_a_roof_is_found_closed_or_open_as_it_is_meant_to_be() -> None:
    found, looks, _ = kept_for(30.0, 0.0)
    assert (found, looks) == ("closed", {"roof": Roof.CLOSED, "parked": True})
    found, looks, _ = kept_for(5.0, 1.0, home=False)
    assert (found, looks) == ("open", {"roof": Roof.OPEN, "parked": False})
    found, _, said = kept_for(600.0, 1.0, home=False)
    assert found == "closed", "nobody asked for it"
    assert "roof-closed" in [event.name for event in said]


def test_whoever_works_for_ever_and_ends_is_missed_at_once() -> None:
    async def story(*, fails: BaseException | None, within_s: float = 60.0) -> float:
        loop = asyncio.get_running_loop()
        working, ends = loop.create_future(), loop.create_future()
        if fails is None:
            ends.set_result(None)
        else:
            ends.set_exception(fails)
        begun_s = loop.time()
        try:
            await all_at_work([working, ends] if within_s > 1.0 else [working], within_s)
        finally:
            ends.exception()
            assert loop.time() - begun_s < 10.0
        return loop.time() - begun_s

    with pytest.raises(DeviceError, match="a keeper has ended"):
        asyncio.run(story(fails=None))
    with pytest.raises(KeyError, match="ours"):
        asyncio.run(story(fails=KeyError("ours")))
    assert asyncio.run(story(fails=None, within_s=0.02)) >= 0.015
