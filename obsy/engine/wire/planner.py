"""Tonight's questions, bound to what is declared: what is still to do, and which masters that needs."""

from dataclasses import dataclass
from datetime import date, datetime

from obsy.engine.declare.observatory import Observatory
from obsy.engine.intent import Intent, intent
from obsy.engine.library.master import CalibrationSet, LightNeed
from obsy.engine.library.needs import needs
from obsy.engine.night.book import Book
from obsy.engine.schedule.block import Schedule
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.skies import Skies
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.wishes import requests
from obsy.engine.sky.twilight import Night
from obsy.engine.wire import heavens
from obsy.schemas.train import Train


@dataclass(frozen=True, eq=False)
class Planner:
    """Pure: the same book and moment give the same answer."""

    observatory: Observatory
    night: Night
    skies: Skies
    train: Train
    costs: Overheads

    def schedule(self, book: Book, now: datetime) -> Schedule:
        """The blocks from `now` on."""
        begin = max(now, self.skies.grid.start)
        asked = requests(self.observatory.plans, self.observatory.trains, self.skies, book.progress, begin)
        return tonight(asked, self.skies.grid, self.costs, begin)

    def intent(self, book: Book, now: datetime) -> Intent:
        """What is to be done from `now` on."""
        return intent(self.night, self.observatory.site.name, self.schedule(book, now), self.lacking(book, now))

    def lacking(self, book: Book, now: datetime) -> tuple[CalibrationSet, ...]:
        """The calibration sets that tonight's lights need, those already taken and those still to come."""
        calibration = self.observatory.calibration(self.train)
        if calibration is None:
            return ()
        coming = {LightNeed(block.wish.exposure_s, block.wish.filter) for block in self.schedule(book, now).blocks}
        seen = {LightNeed(exposure_s, role) for exposure_s, role in book.lights}
        wanted = needs(coming | seen, tuple(book.masters), calibration, self.train, now)
        # Without a panel nothing here can take a flat.
        return tuple(each for each in wanted if each.kind != "flat" or self.train.panel is not None)


def prepare(observatory: Observatory, day: date) -> Planner:
    """Tonight's sky and everything that planning needs of it."""
    night = heavens.tonight(observatory, day)
    costs = heavens.overheads(observatory.mount, observatory.train)
    return Planner(observatory, night, heavens.skies(observatory, night), observatory.train, costs)
