"""Weather, device faults and time in any mixture: the roof strikes nothing, and is called closed only when it is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event
from obsy.engine.night.loop import LETS_GO_S as ACTIVITY_LETS_GO_S
from obsy.engine.sky.grid import Window
from tests.support.effort import costly
from tests.support.lying import LIES, PLACES
from tests.support.stage import DUSK, NIGHT, Stage, WatchedJournal

MINUTES = st.sampled_from([0.5, 3.0, 10.0, 20.0])
LASTING = st.sampled_from([5.0, 30.0, 600.0])
CRIMES = st.sampled_from([*LIES, *["nothing"] * 4])
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking a night would take minutes."""
NOTICED_S = 95.0
"""Rain is read every 30 s, and a dead sensor's word holds 60 s."""
HOME_S = 30.0 + 45.0
"""Parking and closing."""
PUT_RIGHT_S = 1.0 + HOME_S + ACTIVITY_LETS_GO_S
"""From a hand on the roof until it stands as it is meant to."""


DAWN = DUSK + timedelta(minutes=30)
LONG = replace(NIGHT, dark=(Window(DUSK, DAWN),), dawn=DAWN, sunrise=DAWN, end=DAWN + timedelta(hours=5))
"""A rehearsal gives up at its end; here it must not end before the lies do."""


class RoofMachine(RuleBasedStateMachine):
    """A night in which whatever can go wrong does, at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.stage: Stage | None = None
        self.bad_since: datetime | None = None
        self.lied_until = NIGHT.start
        self.called_closed: list[tuple[datetime, float]] = []
        self.opened: list[tuple[datetime, bool, bool]] = []
        self.meddled = NIGHT.start

    @initialize(clearance=st.sampled_from(["parked", "free"]), minutes=st.sampled_from([0.0, 8.0, 8.0]))
    def evening(self, clearance: str, minutes: float) -> None:
        """A night begins, and may have gone on for a while."""
        stage = Stage(clearance=clearance, night=LONG, journal=WatchedJournal())
        stage.journal.look = self.look
        self.stage = stage
        stage.begin()
        stage.go_on(60.0 * minutes)

    def look(self, event: Event) -> None:
        """At the moment of an event: how it truly is."""
        assert self.stage is not None
        if event.name == "roof-closed":
            self.called_closed.append((self.stage.now(), self.stage.roof.at))
        if event.name == "roof-opening":
            clear = self.stage.mount.parked or self.stage.clearance == "free"
            self.opened.append((self.stage.now(), self.stage.keeper.verdict.safe, clear))

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: float) -> None:
        assert self.stage is not None
        self.stage.go_on(60.0 * minutes)

    @rule()
    @precondition(lambda self: self.stage is not None and self.stage.roof.at == 0.0 and not self.stage.mount.moving)
    def somebody_moves_the_mount_by_hand(self) -> None:
        """Under a closed roof."""
        assert self.stage is not None
        self.stage.mount.home = False

    @rule()
    @precondition(lambda self: self.stage is not None and self.stage.roof.at in (0.0, 1.0))
    def somebody_moves_the_roof_by_hand(self) -> None:
        """Opened in the rain, or shut over a telescope that tracks."""
        assert self.stage is not None
        self.stage.roof.at, self.meddled = 1.0 - self.stage.roof.at, self.stage.now()

    @rule(rain=st.sampled_from([2.0, None]))
    @precondition(lambda self: self.bad_since is None)
    def it_turns_bad(self, rain: float | None) -> None:
        """It rains, or the sensor dies."""
        assert self.stage is not None
        self.stage.rain, self.bad_since = rain, self.stage.now()

    @rule()
    @precondition(lambda self: self.bad_since is not None)
    def it_turns_good(self) -> None:
        assert self.stage is not None
        self.stage.rain, self.bad_since = 0.0, None

    @rule(call=st.sampled_from(["open", "close", "close", "state"]), lie=CRIMES, minutes=LASTING)
    def the_roof_lies(self, call: str, lie: str, minutes: float) -> None:
        assert self.stage is not None
        self.stage.roof.lies.tell(call, lie, self.stage.now(), self._until(minutes))

    @rule(call=st.sampled_from(["park", "park", "unpark", "slew", "stop", "state"]), lie=CRIMES, minutes=LASTING)
    def the_mount_lies(self, call: str, lie: str, minutes: float) -> None:
        assert self.stage is not None
        self.stage.mount.lies.tell(call, lie, self.stage.now(), self._until(minutes))

    @rule(place=st.sampled_from(PLACES), minutes=LASTING)
    def the_encoders_lie(self, place: str, minutes: float) -> None:
        assert self.stage is not None
        self.stage.mount.lies.tell("place", place, self.stage.now(), self._until(minutes))

    def _until(self, minutes: float) -> datetime:
        assert self.stage is not None
        until = self.stage.now() + timedelta(minutes=minutes)
        # What was asked while it lied may be waited for a while longer.
        self.lied_until = max(self.lied_until, until + timedelta(minutes=25))
        return until

    @invariant()
    def the_roof_has_struck_nothing(self) -> None:
        assert self.stage is None or self.stage.roof.struck == []

    @invariant()
    def it_was_called_closed_only_when_it_was(self) -> None:
        assert [when for when, at in self.called_closed if at != 0.0] == []

    @invariant()
    def it_was_opened_only_when_safe_dark_and_clear(self) -> None:
        for when, safe, clear in self.opened:
            assert safe
            assert clear
            assert LONG.is_dark(when)

    @invariant()
    def nothing_is_taken_once_it_is_known_to_be_unsafe(self) -> None:
        if self.stage is not None and self._bad_for_s() > NOTICED_S + ACTIVITY_LETS_GO_S:
            assert not self.stage.executor.busy

    @invariant()
    def the_roof_is_shut_in_time_while_nothing_lies(self) -> None:
        honest = self.stage is not None and self.stage.now() > self.lied_until
        settled = self.stage is not None and self.stage.now() > self.meddled + timedelta(seconds=PUT_RIGHT_S)
        late = self.stage is not None and self._bad_for_s() > NOTICED_S + ACTIVITY_LETS_GO_S + HOME_S
        if self.stage is not None and honest and settled and late:
            assert self.stage.roof.at == 0.0

    @invariant()
    def the_roof_is_as_it_is_meant_to_be_while_nothing_lies(self) -> None:
        settled = max(self.lied_until, self.meddled + timedelta(seconds=PUT_RIGHT_S))
        if self.stage is None or self.stage.now() <= settled:
            return
        meant = self.stage.shelter.stance.meant
        assert {Roof.OPEN: 1.0, Roof.CLOSED: 0.0}.get(meant, self.stage.roof.at) == self.stage.roof.at

    def _bad_for_s(self) -> float:
        assert self.stage is not None
        return (self.stage.now() - self.bad_since).total_seconds() if self.bad_since is not None else 0.0

    def teardown(self) -> None:
        """Dawn comes, whatever still lies; then somebody mends everything, and the night ends under a closed roof."""
        if self.stage is None:
            return
        try:
            self.stage.go_on(max(0.0, (DAWN - self.stage.now()).total_seconds()) + 1200.0)
            self.the_roof_has_struck_nothing()
            self.it_was_called_closed_only_when_it_was()
            self.stage.roof.lies.told.clear()
            self.stage.mount.lies.told.clear()
            self.stage.play()
            assert self.stage.roof.at == 0.0
            self.the_roof_has_struck_nothing()
            self.it_was_called_closed_only_when_it_was()
        finally:
            self.stage.close()


TestRoof = RoofMachine.TestCase
TestRoof.settings = settings(max_examples=costly(40), stateful_step_count=10, phases=QUICK)
pytestmark = pytest.mark.timeout(600)
