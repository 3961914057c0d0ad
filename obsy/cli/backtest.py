"""A forecast of nights that are over, beside what came of them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from obsy.cli.outlook import DIGITS
from obsy.cli.outlook import shape as of_goal
from obsy.engine.forecast.backtest import GoalCheck
from obsy.engine.forecast.question import ForecastQuestion
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot

_WIDE = 26


def checked(
    observatory: "Observatory", data_root: "DataRoot", first: date | None, how: dict[str, Any]
) -> tuple[ForecastQuestion, list[GoalCheck]]:
    """Return what would have been forecast of the nights on record from one on, and what came.

    first: None for the first on record. Raise UserError if there is none.
    """
    from obsy.engine.forecast.backtest import backtest
    from obsy.engine.runtime.ahead import known_climate, on_record
    from obsy.engine.runtime.planner import prepare, tally
    from obsy.engine.schedule.candidates import DoneSoFar
    from obsy.engine.store.store import Store

    days = tuple(day for day in on_record(data_root) if first is None or day >= first)[: how["count"]]
    if not days:
        raise UserError(f"no {data_root.folder.name} night is on record to check a forecast by: 'obsy apply' runs one")
    planner, weather = prepare(observatory, days[0], data_root), known_climate(observatory, data_root, days[0])
    begin, draws = planner.night.start, how["draws"]
    asked = ForecastQuestion(days, begin, draws, how["seed"], weather, costs=planner.costs)
    with Store(data_root.known_store()) as store:

        def done_before(day: date) -> DoneSoFar:
            known = tally(store, observatory, day)
            return DoneSoFar(known.progress, known.trains)

        return asked, backtest(observatory, done_before, asked)


def page(asked: ForecastQuestion, found: Sequence[GoalCheck]) -> Iterator[str]:
    """Yield the lines of a check."""
    count = len(asked.days)
    yield f"{count} night{'s' * (count > 1)} on record, {asked.days[0]} to {asked.days[-1]}, as they would have been"
    yield f"forecast before the first, by the plans of now. Clear: {asked.clear:.0%} of the dark."
    yield ""
    yield f"{'':{_WIDE}} {'frames':23}  done by the night of"
    yield f"{'':{_WIDE}} {'10 %':>5} {'50 %':>5} {'90 %':>5} {'came':>5}  {'10 %':5}  {'90 %':5}  came"
    for each in found:
        name = f"{each.forecast.plan} {each.forecast.goal}"
        frames = " ".join(f"{count:5}" for count in (*each.forecast.taken, each.taken))
        low, _, high = each.forecast.done
        days = (f"{day:%m-%d}" if day else "-" for day in (low, high, each.done))
        dates = "" if each.forecast.is_visits else "  ".join(f"{day:5}" for day in days)
        yield f"{name if len(name) <= _WIDE else name[: _WIDE - 1] + '…':{_WIDE}} {frames}  {dates}".rstrip()
    yield ""
    told = [each for each in found if each.taken or any(each.forecast.taken)]
    dated = [each for each in told if not each.forecast.is_visits]
    within, in_time = sum(each.is_within for each in told), sum(each.is_in_time for each in dated)
    yield f"Between 10 and 90 %: the frames of {within} of {len(told)} goals of which anything was likely"
    yield f"or came, the dates of {in_time} of {len(dated)}. To be expected: four fifths, over"
    yield "many nights; goals under one stretch of weather are right or wrong together."


def shape(asked: ForecastQuestion, found: Sequence[GoalCheck]) -> dict[str, Any]:
    """Return the same for a machine."""
    goals = [
        {**asdict(each), "forecast": of_goal(each.forecast), "is_within": each.is_within, "is_in_time": each.is_in_time}
        for each in found
    ]
    return {"nights": asked.days, "draws": asked.draws, "clear": round(asked.clear, DIGITS), "goals": goals}
