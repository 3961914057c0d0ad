"""Tonight's questions, bound to what is declared: what is still to do, and which masters that needs."""

from dataclasses import dataclass
from datetime import date, datetime

from obsy.engine.declare.observatory import Observatory
from obsy.engine.intent import Intent, intent
from obsy.engine.library.master import CalibrationSet, LightNeed
from obsy.engine.library.needs import needs
from obsy.engine.night.tally import Tally
from obsy.engine.runtime import conditions
from obsy.engine.schedule.block import Schedule
from obsy.engine.schedule.candidates import candidates
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.patience import Record, giving_way
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sky.twilight import Night
from obsy.schemas.train import Train


@dataclass(frozen=True, eq=False)
class Planner:
    """Pure: the same book and moment give the same answer."""

    observatory: Observatory
    night: Night
    conditions: ObservingConditions
    train: Train
    costs: Overheads

    def schedule(self, tally: Tally, now: datetime) -> Schedule:
        """The blocks from `now` on."""
        begin = max(now, self.conditions.grid.start)
        asked = candidates(self.observatory.plans, self.observatory.trains, self.conditions, tally.progress, begin)
        record = Record(self.observatory.quality.patience, self.night.start, tally.progress, tally.failed)
        asked = giving_way(asked, record, self.conditions.grid)
        return tonight(asked, self.conditions.grid, self.costs, begin)

    def intent(self, tally: Tally, now: datetime) -> Intent:
        """What is to be done from `now` on."""
        return intent(self.night, self.observatory.site.name, self.schedule(tally, now), self.lacking(tally, now))

    def lacking(self, tally: Tally, now: datetime) -> tuple[CalibrationSet, ...]:
        """The calibration sets that tonight's lights need, those already taken and those still to come."""
        calibration = self.observatory.calibration(self.train)
        if calibration is None:
            return ()
        coming = {
            LightNeed(block.request.exposure_s, block.request.filter) for block in self.schedule(tally, now).blocks
        }
        seen = {LightNeed(exposure_s, role) for exposure_s, role in tally.lights}
        wanted = needs(coming | seen, tuple(tally.masters), calibration, self.train, now)
        # Without a panel nothing here can take a flat.
        return tuple(each for each in wanted if each.kind != "flat" or self.train.panel is not None)


def prepare(observatory: Observatory, day: date) -> Planner:
    """Tonight's sky and everything that planning needs of it."""
    night = conditions.tonight(observatory, day)
    costs = conditions.overheads(observatory.mount, observatory.train)
    return Planner(observatory, night, conditions.conditions(observatory, night), observatory.train, costs)
