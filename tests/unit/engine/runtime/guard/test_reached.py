"""A roof that is reached is kept by what was declared of it, and found as it stands by now."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event
from obsy.engine.runtime.guard.reached import Reached, all_at_work, found_now, kept_roof, looked_at, standing
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.rounds import LOOKS_WITHIN_S
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
    other = EQUIPMENT.enclosures[0].model_copy(update={"name": "shed"})
    equipment = replace(EQUIPMENT, enclosures=(other, *EQUIPMENT.enclosures))
    return kept_roof(equipment, "roll-off", Reached(shed.clock, shed.roof, mounts, inputs, ends=ends))


def test_a_roof_is_kept_by_its_own_declaration_over_the_mounts_under_it() -> None:
    shed = Shed()
    shelter, monitor = reached(shed)._shelter, reached(shed)._monitor
    shed.loop.close()
    assert shelter.declared == EQUIPMENT.enclosures[0]
    assert (shelter.port, shelter.clock, shelter.ends) == (shed.roof, shed.clock, NIGHT + timedelta(hours=1))
    assert [(each.declared, each.port) for each in shelter.mounts] == [(EQUIPMENT.mounts[0], shed.mounts[0])]
    assert (shelter.place, shelter.policy) == (EQUIPMENT.site.location, EQUIPMENT.safety)
    assert set(monitor._due_s) == {each.name for each in EQUIPMENT.inputs_of("roll-off")}


def kept_for(
    seconds: float, at: float, *, closes: bool = True, then: float | None = None
) -> tuple[str, dict[str, Any], list[str]]:
    """How a roof that stood somewhere is found, and looks, after it was kept for so long; and what was said.

    closes: whether its motor does. then: where another hand has moved it in the end.
    """
    shed = Shed(lasts_s=1e6)
    shed.roof.at, shed.mounts[0].home = at, at == 0.0
    if not closes:
        shed.roof.lies.tell("close", "refuses")
    keeper, said = reached(shed), list[Event]()
    keeper.hear(said.append)

    async def story() -> tuple[str, dict[str, Any], list[str]]:
        keeping = asyncio.ensure_future(keeper.run())
        await shed.clock.sleep(seconds)
        shed.roof.at = shed.roof.at if then is None else then
        found = await found_now(keeper), await looked_at(keeper), [event.name for event in said]
        keeping.cancel()
        return found

    found: tuple[str, dict[str, Any], list[str]] = shed.run(story())
    return found


def test_a_roof_is_looked_at_before_it_is_said_how_it_stands() -> None:
    assert kept_for(0.0, 0.0)[:2] == ("closed", {"roof": Roof.CLOSED, "parked": True})
    assert kept_for(0.0, 1.0)[:2] == ("open", {"roof": Roof.OPEN, "parked": False})


def test_a_roof_is_found_as_it_stands_by_now_and_open_only_if_it_may_stay_so() -> None:
    found, _, said = kept_for(600.0, 1.0)
    assert found == "closed", "nobody asked for it"
    assert "roof-closed" in said
    found, looks, _ = kept_for(100.0, 1.0, closes=False)
    assert (found, looks["roof"]) == ("unknown", Roof.OPEN)
    assert kept_for(100.0, 0.5, closes=False, then=0.0)[0] == "closed"


def test_a_closed_roof_that_another_hand_has_just_moved_is_found_closed_since_it_is_closed_again() -> None:
    found, looks, _ = kept_for(30.0, 0.0, then=1.0)
    assert (found, looks["roof"]) == ("closed", Roof.OPEN)


@pytest.mark.long
def test_it_is_said_of_each_roof_how_it_is_meant_and_what_the_weather_is() -> None:
    shed = Shed(lasts_s=1e6)
    keeper = reached(shed)

    async def story() -> list[tuple[str, bool]]:
        keeping = asyncio.ensure_future(keeper.run())
        await shed.clock.sleep(30.0)
        assert not keeper.verdict.safe
        early, why = standing({"roll-off": keeper}), keeper.verdict.reason
        assert early == (f"roll-off is meant closed: {why}", True)
        await shed.clock.sleep(7200.0)
        assert keeper.verdict.safe
        late = standing({"roll-off": keeper})
        shed.roof.at = 0.5
        shed.roof.lies.tell("close", "refuses")
        await shed.clock.sleep(30.0)
        words, none_is_made_safe = standing({"roll-off": keeper})
        keeping.cancel()
        return [late, (words.split(":")[0], none_is_made_safe)]

    assert shed.run(story()) == [("roll-off is meant closed: safe", True), ("roll-off is meant unknown", False)]
    assert standing({}) == ("", False)


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


def test_how_roofs_stand_is_in_words_only_while_the_rounds_of_every_keeper_are_current() -> None:
    shed = Shed(lasts_s=1e6)
    one, other = reached(shed), reached(shed)

    async def story() -> list[tuple[str, bool]]:
        running, found = [asyncio.ensure_future(one.run())], [standing({})]
        await shed.clock.sleep(60.0)
        found.append(standing({"one": one}))
        found.append(standing({"one": one, "other": other}))
        running.append(asyncio.ensure_future(other.run()))
        await shed.clock.sleep(60.0)
        found.append(standing({"one": one, "other": other}))
        other._stance.meant = Roof.UNKNOWN  # as while it is made safe
        found.append(standing({"one": one, "other": other}))
        for each in running:
            each.cancel()
        await shed.clock.sleep(LOOKS_WITHIN_S + 1.0)
        return [*found, standing({"one": one, "other": other})]

    nobody, alone, neither, both, unproven, over = shed.run(story())
    assert nobody == neither == over == ("", False)
    assert alone[0].startswith("one is meant closed: ")
    assert "; other is meant closed: " in both[0]
    assert "; other is meant unknown: " in unproven[0]
    assert (alone[1], both[1], unproven[1]) == (True, True, False)
