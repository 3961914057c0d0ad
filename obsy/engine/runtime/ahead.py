"""What a forecast is made of: the weather on record, what is done, and what moving about costs."""

from datetime import date

from obsy.engine.declare.observatory import Observatory
from obsy.engine.fold import fold
from obsy.engine.forecast.clear_share import share_open
from obsy.engine.forecast.climate import Climate, climate
from obsy.engine.forecast.forecast import forecasts
from obsy.engine.forecast.question import Forecast, ForecastQuestion, nights_from
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import read
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import Planner
from obsy.engine.schedule.candidates import DoneSoFar
from obsy.engine.schedule.conditions import observing_night

RECORD = 365
"""So many nights on record count, the newest."""
NIGHTS, DRAWS = 30, 50
"""What the page of a night looks at."""


def on_record(data_root: DataRoot, before: date = date.max) -> list[date]:
    """Return the nights that have a journal, oldest first, those before one."""
    found = data_root.journals()
    return [day for day, path in found.items() if day < before and next(read(path), None) is not None]


def known_climate(observatory: Observatory, data_root: DataRoot, before: date = date.max) -> Climate:
    """Return how clear nights are: as the site declares it, or as its record before a night says."""
    if (declared := observatory.site.clear_percent) is not None:
        return climate(declared, {})
    nights = on_record(data_root, before)[-RECORD:]
    found = {day: share_open(fold(read(data_root.journal(day))), observing_night(observatory, day)) for day in nights}
    return climate(None, {day: share for day, share in found.items() if share is not None})


def following(planner: Planner, tally: Tally, data_root: DataRoot) -> Forecast:
    """Return when each goal will be done, from a night on that has not begun."""
    observatory, night = planner.observatory, planner.night
    days = nights_from(night.date, NIGHTS)
    weather = known_climate(observatory, data_root)
    asked = ForecastQuestion(days, night.start, DRAWS, 1, weather, costs=planner.costs)
    return Forecast(asked, tuple(forecasts(observatory, DoneSoFar(tally.progress, tally.trains), asked)[0]))
