"""The page of a forecast: where its bars lie, and that it says what they mean."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.question import Change, Forecast, ForecastQuestion, GoalForecast, changes, nights_from
from obsy.engine.report.outlook import html
from obsy.engine.report.page import html as night_page
from obsy.engine.report.story import Story

FIRST = date(2026, 11, 26)
DAYS = nights_from(FIRST, 10)
ASKED = ForecastQuestion(DAYS, datetime(2026, 11, 26, 12, tzinfo=UTC), 50, 1, Climate(0.4, "declared by the site"))
SURE = GoalForecast("m31", "L-180s", 20, (0, 20, 20), 180.0, 1.0, (DAYS[1], DAYS[2], DAYS[6]))
HARDLY = replace(SURE, goal="R-180s", chance=0.2, done=(DAYS[8], None, None))
LONG = replace(HARDLY, plan="a-target-with-a-name-as-long-as-names-may-be-in-all-of-obsy")
NEVER = replace(LONG, never="it stays behind the measured horizon while it is dark")


def page(*told: GoalForecast, changed: tuple[Change, ...] = (), asked: ForecastQuestion = ASKED) -> str:
    return html("nerpio", asked, told, changed)


def test_a_bar_goes_from_the_night_of_a_tenth_to_the_end_of_that_of_nine_tenths() -> None:
    said = page(SURE)
    assert re.search(r'class="likely" x="10.0%" y="4" width="60.0%"', said)
    assert re.search(r'class="half" x1="25.0%"', said)
    assert "m31 L-180s: 10 % 27 Nov, 50 % 28 Nov, 90 % 2 Dec" in said


def test_what_may_not_be_done_within_the_nights_goes_on_to_the_edge_in_another_colour() -> None:
    said = page(HARDLY)
    assert re.search(r'class="likely beyond" x="80.0%" y="4" width="20.0%"', said)
    assert 'class="half"' not in said
    assert "10 % 4 Dec, 50 % later, 90 % later" in said


def test_what_is_done_visited_or_never_had_has_no_bar_and_is_told_in_words() -> None:
    done = replace(SURE, plan="old", frames=0)
    visits = replace(SURE, plan="v1159-ori", is_visits=True)
    never = replace(SURE, plan="south", never="it stays behind the measured horizon")
    said = page(done, visits, never)
    assert 'class="likely"' not in said
    for words in ("Done already", "Visited again and again, and so never done: v1159-ori.", never.never):
        assert words in said


def test_an_event_is_told_with_its_moment_and_a_plan_that_is_added_with_whom_it_delays() -> None:
    event = replace(SURE, plan="xo-6-b", frames=None, event=datetime(2026, 12, 1, 23, 7, tzinfo=UTC), chance=0.6)
    assert "2026-12-01 23:07 UTC" in page(event)
    assert changes([SURE, event], [SURE]) == []
    later = replace(SURE, done=(DAYS[2], DAYS[5], None), chance=0.8)
    told = page(later, changed=tuple(changes([later], [SURE])), asked=replace(ASKED, without=("new",)))
    assert "What new changes for others" in told
    assert "28 Nov" in told
    assert "100 % → 80 %" in told
    assert "It delays nobody" in page(SURE, asked=replace(ASKED, without=("new",)))


@pytest.mark.long
def test_the_page_of_a_night_says_when_what_is_open_will_be_done(told: Story) -> None:
    done, never = replace(SURE, goal="done", frames=0), replace(SURE, goal="never", never="it stays low")
    visits = replace(SURE, goal="visits", is_visits=True)
    said = night_page(replace(told, outlook=Forecast(ASKED, (SURE, HARDLY, done, never, visits))))
    _, _, section = said.partition("When each goal will be done")
    section, _, _ = section.partition("</section>")
    assert "40&nbsp;% of the dark is clear (declared by the site)" in section
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in section.split("<tr>")[2:]]
    assert [" ".join(row) for row in rows] == [
        "m31 L-180s 27 Nov · 28 Nov · 2 Dec",
        "m31 R-180s 4 Dec · later · later",
        "m31 never later: it stays low",
    ]
    assert "When each goal" not in night_page(told)


def test_a_goal_in_signal_to_noise_before_its_first_frame_has_no_date_and_is_not_called_late(told: Story) -> None:
    untold = replace(SURE, plan="faint", frames=None, taken=(), chance=0.0, done=(None,) * 3, is_untold=True)
    said = page(untold)
    assert 'class="likely' not in said
    assert "first frames are to tell how many they take: faint" in re.sub(r"<[^>]+>", "", said)
    section = night_page(replace(told, outlook=Forecast(ASKED, (untold,)))).partition("When each goal will be done")[2]
    row = section.partition("</table>")[0].partition("faint")[2]
    assert "no date: its first frames are to tell how many it takes" in row
    assert "later" not in row


def test_a_name_is_text_and_never_markup() -> None:
    assert "<b>" not in page(replace(SURE, plan="<b>"))


def crowded() -> str:
    """A page with all that it may hold, in long names."""
    event = replace(SURE, plan="xo-6-b", frames=None, event=datetime(2026, 12, 1, 23, 7, tzinfo=UTC))
    others = [replace(SURE, plan="old", frames=0), replace(SURE, plan="v1159-ori", is_visits=True)]
    told = [SURE, HARDLY, LONG, event, *others, NEVER] * 6
    return page(*told, changed=((SURE, HARDLY), (LONG, LONG)), asked=replace(ASKED, without=("new", LONG.plan)))
