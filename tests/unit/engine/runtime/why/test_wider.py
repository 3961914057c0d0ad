"""What widens a limit: ever wider, in the language's words, up to where it forbids nothing more of its sort."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.runtime.why.wider import LONGEST, WIDER
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season
from obsy.schemas.when import When

DAY = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
PHASE = st.integers(0, 100).map(lambda number: number / 100)


@pytest.mark.parametrize("part", ["after", "before"])
@given(after=DAY, before=DAY)
def test_a_season_grows_by_a_day_and_never_past_its_own_other_end(
    part: str, after: tuple[int, int], before: tuple[int, int]
) -> None:
    season = Season.model_construct(after=after, before=before)
    seasons = [
        season.model_copy(update={part: each}) for each in WIDER["season", part].values(getattr(season, part), season)
    ]
    year = [date(2000, 1, 1) + timedelta(days=number) for number in range(366)]
    held = [{day for day in year if each.holds(day)} for each in (season, *seasons)]
    assert all(len(wide - narrow) == 1 and narrow < wide for narrow, wide in pairwise(held))
    assert len(seasons) == LONGEST.days or len(held[-1]) >= 365
    for each in seasons[:1] + seasons[-1:]:
        said = each.said()
        assert When.model_validate({"season": f"after {said['after']} and before {said['before']}"}).season == each


@pytest.mark.parametrize("part", ["after", "before"])
@given(after=PHASE, before=PHASE)
def test_a_phase_grows_until_it_is_the_whole_turn(part: str, after: float, before: float) -> None:
    limit = Phase.model_construct(after=after, before=before)
    wider = WIDER["phase", part]
    phases = [limit.model_copy(update={part: each}) for each in wider.values(getattr(limit, part), limit)]

    def holds(each: Phase, at: float) -> bool:
        both = each.after <= at, at <= each.before
        return all(both) if each.after <= each.before else any(both)

    turn = [number / 100 for number in range(101)]
    for narrow, wide in pairwise([limit, *phases]):
        assert all(holds(wide, at) for at in turn if holds(narrow, at))
        assert any(holds(wide, at) and not holds(narrow, at) for at in turn)
    assert all(wider.said(getattr(each, part)) for each in phases)


@pytest.mark.parametrize("old", [date(2026, 12, 1), datetime(2026, 12, 1, 20, 30, tzinfo=UTC), date.max, date.min])
def test_a_date_moves_by_days_and_stays_what_it_is(old: date) -> None:
    for part, way in (("after", -1), ("before", 1)):
        wider = WIDER["dates", part]
        values = wider.values(old, Dates.model_construct())
        assert all(type(each) is type(old) for each in values)
        assert all(later - earlier == timedelta(days=way) for earlier, later in pairwise([old, *values]))
        for each in values[:1] + values[-1:]:
            assert getattr(When.model_validate({"dates": f"{part} {wider.said(each)}"}).dates, part) == each
        assert values or old in {date.max, date.min}
