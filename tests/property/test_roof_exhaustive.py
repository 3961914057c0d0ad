"""Everything that a night can meet, in every combination, over the code that ships: closed in time, or people called.

The table is asked every question there is. Then nights are played in which weather, mount, roof, process and operator
each do one of a few things at one of a few moments: all 3,072 of them in `make drills`, a sample elsewhere.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from math import nan
from typing import Any, get_args

import pytest

from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.night.supervisor import step
from obsy.schemas.night import CLOSE, UNDER_THE_SKY, Event
from tests.support.effort import EFFORT
from tests.support.stage import DUSK, TABLE, Stage

EVENTS = get_args(Event)
FACTS = tuple(GuardFacts(*flags) for flags in product((False, True), repeat=5))
DOES = {name: state.do for name, state in TABLE.states.items()}


def answers() -> Iterator[tuple[str, str, GuardFacts, Any]]:
    """Each question to the table, and what the supervisor makes of it."""
    for state, event, facts in product(TABLE.states, EVENTS, FACTS):
        yield state, event, facts, step(TABLE, state, TableEvent(event, DUSK, facts))


def test_whatever_happens_in_whatever_state_the_table_leads_to_safety() -> None:
    for state, event, facts, answer in answers():
        was, does = DOES[state], DOES[answer.state]
        told = (state, event, facts, answer)
        if event in ("unsafe", "failed", "dawn") and was in UNDER_THE_SKY:
            assert does == CLOSE, told
        if was == CLOSE and event != "done":
            assert does == CLOSE, told
        if event == "unsafe":
            assert does not in UNDER_THE_SKY, told
        if does == "open" and was != "open":
            assert (facts.is_safe or event == "safe") and (facts.is_dark or event == "dusk"), told
        if does == "observe" and was != "observe":
            assert (was, event) == ("open", "done"), told


def test_a_state_is_entered_by_beginning_what_it_does_and_by_nothing_else() -> None:
    for state, event, facts, answer in answers():
        told = (state, event, facts, answer)
        ways = [move for move in TABLE.ways(state, event) if all(getattr(facts, each) for each in move.guards)]
        assert answer.state == (ways[0].dest if ways else state), told
        assert [each.activity for each in answer.actions] == ([DOES[answer.state]] if ways else []), told


def test_a_safe_dark_night_with_work_is_observed_from_wherever_it_waits() -> None:
    good = GuardFacts(is_safe=True, is_dark=True, work_left=True)
    for state in (name for name, does in DOES.items() if does == "wait"):
        assert DOES[step(TABLE, state, TableEvent("safe", DUSK, good)).state] == "open", state
        assert DOES[step(TABLE, state, TableEvent("done", DUSK, good)).state] == "open", state


def test_after_dawn_every_state_comes_to_rest() -> None:
    for begin in TABLE.states:
        state = step(TABLE, begin, TableEvent("dawn", DUSK, GuardFacts())).state
        for _ in TABLE.states:
            state = step(TABLE, state, TableEvent("done", DUSK, GuardFacts())).state
        assert DOES[state] == "rest", begin


PHASES = {"waiting": 1.5, "opening": 2.2, "observing": 5.0, "closing": 5.0}
"""The minutes of the night after which it is in this phase."""
WEATHER = {"fair": 0.0, "rain": 2.0, "dead": None, "garbage": nan}
MOUNT = {"well": ("", ""), "silent": ("park", "silent"), "refuses": ("park", "refuses"), "lost": ("place", "nowhere")}
ROOF = {"well": ("", ""), "refuses": ("close", "refuses"), "mute": ("state", "silent"), "echoes": ("close", "nothing")}
"""What is asked of them, and the lie that answers."""
PROCESS = ("well", "told", "deaf", "hangs")
OPERATOR = ("nobody", "roof", "mount")
WORLDS = tuple(product(PHASES, WEATHER, MOUNT, ROOF, PROCESS, OPERATOR))
STRIDE = 61
"""Prime to their number, so that a sample has each thing with each other."""
SAMPLE = 24
CLOSES_WITHIN_S = 95.0 + 30.0 + 30.0 + 75.0
"""To notice, to let go, to stop what moves, to park and to close."""
TELLS_WITHIN_S = 1100.0
"""Three attempts to park with a mount that never answers."""
HEALS_WITHIN_S = 600.0


class World:
    """One night in which something happens."""

    def __init__(self, world: tuple[str, ...]) -> None:
        phase, self.weather, mount, roof, self.process, self.operator = world
        self.phase = phase
        self.is_well = (mount, roof) == ("well", "well")
        self.lies = (mount, roof)
        self.stage = Stage()
        self.stage.begin()
        self.stage.go_on(60.0 * PHASES[phase])
        if phase == "closing":
            self.stage.rain = 2.0
            self.stage.go_on_until(lambda: 0.0 < self.stage.roof.at < 1.0, 120.0)
        assert {0.0: "waiting", 1.0: "observing"}.get(self.stage.roof.at, phase) == phase

    def happen(self) -> None:
        """Let it happen, all at once."""
        if self.phase != "closing" or self.weather != "fair":
            self.stage.rain = WEATHER[self.weather]
        self.lie(*self.lies)
        self.meddle()
        if self.process == "told" and self.stage.task is not None:
            self.stage.task.cancel()
        self.stage.executor.is_deaf = self.process == "deaf"
        if self.process == "hangs":
            self.stage.keeper.renew = lambda: None  # type: ignore[method-assign]

    def lie(self, mount: str, roof: str) -> None:
        """Let mount and roof begin to fail."""
        for device, (call, way) in ((self.stage.mount, MOUNT[mount]), (self.stage.roof, ROOF[roof])):
            if way:
                device.lies.tell(call, way)

    def meddle(self) -> None:
        """Let another hand move something, which nothing is in the way of at that moment."""
        stage = self.stage
        if self.operator == "roof" and stage.roof.at in (0.0, 1.0) and not stage.mount.moving:
            stage.roof.at = 1.0 - stage.roof.at
        if self.operator == "mount" and stage.roof.at == 0.0:
            stage.mount.home = False

    @property
    def must_close(self) -> bool:
        """Whether the roof may not stay open."""
        return self.weather != "fair" or self.phase == "closing" or self.process in ("told", "hangs")

    def heal(self) -> None:
        """Let the devices be well again."""
        self.stage.roof.lies.told.clear()
        self.stage.mount.lies.told.clear()

    def play(self) -> None:
        """Let it happen, and look at what becomes of the roof."""
        stage = self.stage
        self.happen()
        stage.go_on_until(lambda: stage.roof.at == 0.0, CLOSES_WITHIN_S)
        assert stage.roof.struck == []
        if self.is_well and self.must_close:
            assert stage.roof.at == 0.0
        if self.must_close and stage.roof.at != 0.0:
            stage.go_on_until(lambda: "alarm" in stage.events(), TELLS_WITHIN_S)
            assert "alarm" in stage.events()
        self.heal()
        if self.must_close:
            stage.go_on_until(lambda: stage.roof.at == 0.0, HEALS_WITHIN_S)
            assert stage.roof.at == 0.0
        elif self.is_well and self.operator == "nobody" and self.process == "well":
            stage.go_on_until(lambda: stage.executor.busy, 1200.0)
            assert stage.executor.busy
            assert (stage.roof.at, stage.mount.home) == (1.0, False)
        assert stage.roof.struck == []


def mine() -> list[tuple[str, ...]]:
    """All worlds in `make drills`; elsewhere a few, and of those in which no device lies some more."""
    if EFFORT > 1:
        return list(WORLDS)
    honest = [world for world in WORLDS if world[2:4] == ("well", "well")]
    drawn = [pile[number * STRIDE % len(pile)] for pile in (WORLDS, honest) for number in range(SAMPLE)]
    return list(dict.fromkeys(drawn))


@pytest.mark.parametrize("world", mine(), ids="-".join)
def test_the_roof_is_closed_in_time_or_people_are_called(world: tuple[str, ...]) -> None:
    played = World(world)
    try:
        played.play()
    finally:
        played.stage.close()


def test_dawn_closes_the_roof_and_ends_the_night() -> None:
    stage = Stage()
    try:
        stage.begin()
        stage.go_on((stage.night.dawn - stage.now() + timedelta(minutes=3)).total_seconds())  # type: ignore[operator]
        assert stage.roof.at == 0.0
        assert stage.play() is None
    finally:
        stage.close()


def test_nothing_opens_before_dusk_however_safe_it_is() -> None:
    stage = Stage()
    try:
        stage.begin()
        stage.go_on((DUSK - stage.now() - timedelta(seconds=10)).total_seconds())
        assert stage.keeper.verdict.safe
        assert (stage.roof.at, stage.roof.moved) == (0.0, [])
    finally:
        stage.close()


def test_the_table_hears_of_rain() -> None:
    stage = Stage()
    try:
        stage.begin()
        stage.go_on(60.0 * PHASES["observing"])
        stage.rain = 2.0
        stage.go_on(60.0)
        assert [entry["on"] for entry in stage.journal.entries if entry["event"] == "state"][-1] == "unsafe"
    finally:
        stage.close()


def test_a_night_that_is_told_to_end_does_not_end_before_the_roof_is_closed() -> None:
    stage = Stage()
    try:
        stage.begin()
        stage.go_on(60.0 * PHASES["observing"])
        assert stage.task is not None
        stage.task.cancel()
        stage.go_on_until(stage.task.done, CLOSES_WITHIN_S)
        assert stage.task.done()
        assert stage.roof.at == 0.0
    finally:
        stage.close()
