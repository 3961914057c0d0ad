"""What widens a limit: ever wider, in the language's words, up to where it forbids nothing more of its sort."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.runtime.why.wider import LONGEST, LOOSER, WIDER
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season
from obsy.schemas.when import When

NUMBERS = {
    ("altitude", "above"): (30.5, ["30 deg", "29 deg"], "0 deg", 31),
    ("altitude", "below"): (80.0, ["81 deg", "82 deg"], "90 deg", 10),
    ("airmass", "below"): (1.5, ["1.55", "1.6"], "5", 70),
    ("moon", "farther_than"): (3.0, ["2 deg", "1 deg"], "0 deg", 3),
    ("moon", "fainter_than"): (98.5, ["99 %"], "100 %", 2),
    ("moon", "below"): (88.0, ["89 deg"], "90 deg", 2),
    ("hour_angle", "above"): (-11.0, ["-11.5 h"], "-12 h", 2),
    ("hour_angle", "below"): (3.0, ["3.5 h", "4 h"], "12 h", 18),
    ("meridian", "within"): (2.0, ["2.5 h", "3 h"], "12 h", 20),
}


@pytest.mark.parametrize("part", LOOSER)
def test_a_number_grows_by_round_steps_up_to_where_it_forbids_nothing_more(part: tuple[str, str]) -> None:
    old, first, last, count = NUMBERS[part]
    wider = WIDER[part]
    words = [wider.said(each) for each in wider.values(old, None)]
    assert (words[: len(first)], words[-1], len(words)) == (first, last, count)
    step, most, _ = LOOSER[part]
    assert wider.values(most, None) == [], "it says as much already"
    assert wider.values(most - step / 2, None) == [most]
    assert wider.begins(old, date(2026, 11, 21)) is None
    assert wider.near(old, date(2026, 11, 21)) == old


DAY = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
PHASE = st.integers(0, 100).map(lambda number: number / 100)


@pytest.mark.long
@pytest.mark.once
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


@pytest.mark.parametrize(
    ("part", "old", "last", "count"),
    [
        ("after", date.fromordinal(5), date.fromordinal(2), 3),
        ("before", date.max - timedelta(days=5), date.max - timedelta(days=3), 2),
        ("after", date(2026, 12, 1), date(2026, 6, 1), 183),
        ("before", date(2026, 12, 1), date(2027, 6, 2), 183),
    ],
)
def test_a_date_moves_by_half_a_year_but_not_out_of_the_calendar(part: str, old: date, last: date, count: int) -> None:
    values = WIDER["dates", part].values(old, None)
    assert (values[-1], len(values)) == (last, count)


@pytest.mark.parametrize(
    ("after", "before", "earlier", "later"),
    [
        (0.3, 0.5, (0.29, 0.0, 30), (0.51, 1.0, 50)),
        (0.5, 0.5, (0.49, 0.0, 50), (0.51, 1.0, 50)),
        (0.9, 0.2, (0.89, 0.21, 69), (0.21, 0.89, 69)),
    ],
)
def test_a_phase_grows_by_hundredths_up_to_its_other_end(
    after: float, before: float, earlier: tuple[float, float, int], later: tuple[float, float, int]
) -> None:
    limit = Phase.model_construct(after=after, before=before)
    for part, old, expected in (("after", after, earlier), ("before", before, later)):
        values = WIDER["phase", part].values(old, limit)
        assert (values[0], values[-1], len(values)) == expected
