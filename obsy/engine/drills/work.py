"""What a drill observes: anything that is up."""

from collections.abc import Collection
from datetime import datetime, timedelta

from obsy.engine.devices.simulated.ephemeris import sidereal_deg
from obsy.engine.intent import Intent
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.request import Block, Claim, Request
from obsy.schemas.plan import Goal

BLOCK_S, EXPOSURE_S = 600.0, 60.0


class Work(Planner):
    """Ten minutes of work near the meridian for each mount, whenever they are asked for before dawn."""

    def intent(self, tally: Tally, now: datetime, away: Collection[str] = ()) -> Intent:
        """Return a block for each mount that is not `away`."""
        blocks = tuple(self._block(train, now) for mount, train in self._trains().items() if mount not in away)
        night = self.night
        until = now + timedelta(seconds=BLOCK_S)
        dark = night.dawn is not None and until < night.dawn
        return Intent(night.date, self.observatory.site.name, night.dusk, night.dawn, blocks if dark else (), (), ())

    def lacking(self, tally: Tally, now: datetime) -> tuple[CalibrationSet, ...]:
        """Nothing is reduced, so nothing is calibrated."""
        return ()

    def _trains(self) -> dict[str, str]:
        return {each.mount.name: each.name for each in reversed(self.observatory.instruments)}

    def _block(self, train: str, now: datetime) -> Block:
        place = self.observatory.site.location
        role = self.observatory.instrument(train).train.slots[0].role
        goal = Goal.model_validate({"filter": [role], "exposure": f"{EXPOSURE_S:g} s", "count": 1})
        line = GoalLine("drill", f"{role}-drill", "drill", role, goal, 1, 1)
        ra = (sidereal_deg(place, now.timestamp()) + 20.0) % 360.0
        dec = place.latitude_deg - (20.0 if place.latitude_deg > 0 else -20.0)
        count = int(BLOCK_S // EXPOSURE_S)
        return Block(
            Request(line, train, count, Claim(5.0)), count, now, now + timedelta(seconds=BLOCK_S), ra, dec, -1.3
        )
