"""The hardware of a drill as it truly was, at any moment."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.mount import SimulatedMount
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.state import HardwareRecord, SimulatedState
from obsy.engine.devices.simulated.timeline import ScenarioTimeline


@dataclass
class _Moment:
    """A clock that stands still until it is set."""

    at_s: float = 0.0

    def now(self) -> datetime:
        """Return its time."""
        return datetime.fromtimestamp(self.at_s, UTC)


class Replay:
    """The hardware at any moment of a drill, as its trace has it."""

    def __init__(self, parts: Parts, trace: Path) -> None:
        """Read the trace."""
        lines = [json.loads(line) for line in trace.read_text().splitlines()] if trace.exists() else []
        self._times = [at_s for at_s, _ in lines]
        self._records = [HardwareRecord.model_validate(said) for _, said in lines]
        self.now = _Moment()
        self.state = SimulatedState(parts, cast(Clock, self.now))
        self._first = self.state.hardware
        begun = self._records[-1].begun if self._records else {}
        self.state.timeline = ScenarioTimeline(parts.scenario, parts.night, parts.site, begun, parts.dusk)
        self.mounts = {each.name: SimulatedMount(self.state, each) for each in parts.mounts}

    def turn_to(self, at_s: float) -> None:
        """Let the hardware stand as it did then."""
        number = bisect_right(self._times, at_s)
        self.state.hardware = self._records[number - 1] if number else self._first
        self.now.at_s = at_s
