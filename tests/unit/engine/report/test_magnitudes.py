"""The page and the summary tell a night's magnitudes, what may not be reported, and what could not be measured."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from obsy.engine.report.as_json import as_json
from obsy.engine.report.light_curve import chart
from obsy.engine.report.magnitudes import MagnitudesStory, magnitudes_story
from obsy.engine.report.page import html
from obsy.engine.report.story import Story
from obsy.engine.report.terminal import LINES, WIDTH, terminal
from obsy.engine.science.ensemble import ensemble
from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
from tests.unit.engine.science.star_fields import TARGET, StarField


def magnitudes(field: StarField, *faults: str) -> MagnitudesStory:
    """What is told of a field that was taken through V."""
    declared = field.declared()
    found = ensemble(field.tables(), declared, "V", TARGET)
    one = FilterNight("V", "V", "newton", "V", field.frames, found, ("2 frames: rejected, clouds",))
    return magnitudes_story(NightMagnitudes("v1", date(2026, 11, 21), declared, (one,), faults), "Europe/Madrid")


@pytest.fixture(scope="module")
def measured() -> MagnitudesStory:
    return magnitudes(StarField(frames=8), "B: the check star 000-AAA-001 has no magnitude in 'B'")


def unspanned(page: str) -> str:
    """The page without what keeps words whole."""
    return re.sub(r'<span class="whole">([^<]*)</span>', r"\1", page)


def test_names_of_stars_do_not_break_at_their_hyphens(told: Story, measured: MagnitudesStory) -> None:
    page = html(replace(told, magnitudes=(measured,)))
    (compared,) = re.findall("<li>compared: (.*)</li>", page)
    names = re.findall("000-AAA-00[0-9],?", compared)
    assert len(names) > 2 and re.findall('<span class="whole">([^<]*)</span>', compared) == names


def test_the_page_has_the_curve_the_check_star_and_what_was_not_measured(
    told: Story, measured: MagnitudesStory
) -> None:
    page = html(replace(told, magnitudes=(measured,)))
    section = unspanned(page).partition("<h2>Magnitudes</h2>")[2].partition("</section>")[0]
    assert section.count('class="p1 m0"') == section.count('class="p2 m1"') == 8
    assert "by comparison &#39;v1-exa&#39;, chart X1ZZ" in section
    assert "check star: 000-AAA-001: 11." in section and "left out: 2 frames: rejected, clouds" in section
    assert "<strong>Not measured:</strong> B: the check star" in section
    assert "Nothing may be reported" not in section and " ± " in section
    assert "<h2>Magnitudes</h2>" not in html(told)


def test_the_times_below_a_curve_are_those_of_the_site_in_whole_minutes(measured: MagnitudesStory) -> None:
    """The field's first frame is of 21:36 UTC, and of the winter."""
    (one,) = measured.filters
    assert one.chart is not None
    assert one.chart["above"]["title"] == "V mag; times are UTC+1"
    assert [word for _, word in one.chart["hours"]] == ["22:36", "22:38", "22:40", "22:42", "22:44"]


def test_what_the_check_star_contradicts_stands_on_the_page_and_in_short(told: Story) -> None:
    story = replace(told, magnitudes=(magnitudes(StarField(frames=5, wrong={1: 0.4})),))
    assert "<strong>Nothing may be reported:</strong> the check star 000-AAA-001 is -0." in unspanned(html(story))
    assert terminal(story).splitlines()[-1].endswith("(nothing may be reported)")


def test_the_summary_ends_with_one_line_however_much_there_is(told: Story, measured: MagnitudesStory) -> None:
    crowded = replace(told, plans=told.plans * 20, notices=told.notices * 20, magnitudes=(measured,) * 9)
    lines = terminal(crowded).splitlines()
    assert len(lines) <= LINES and max(map(len, lines)) <= WIDTH
    assert lines[-1].startswith("magnitudes: V1 Exa V ") and "more in the page" in lines[-2]


def test_a_target_that_was_never_seen_has_limits_and_no_number(told: Story) -> None:
    faint = magnitudes(StarField(frames=6, target=23.0))
    (mine,) = as_json(replace(told, magnitudes=(faint,)))["magnitudes"]
    assert (mine["filters"][0]["magnitude"], mine["filters"][0]["limits"]) == (None, 6)
    assert faint.short == "V1 Exa V not seen"
    assert html(replace(told, magnitudes=(faint,))).count('class="p1 own"') == 6


def test_a_filter_without_a_point_has_words_and_no_curve(told: Story) -> None:
    nothing = magnitudes(StarField(frames=3, flags={0: 1}))
    assert nothing.filters[0].chart is None
    assert "the target is saturated: take shorter exposures" in html(replace(told, magnitudes=(nothing,)))
    assert nothing.filters[0].refusal == "no frame shows the target"


def test_a_fault_alone_is_told_and_escaped(told: Story) -> None:
    story = replace(told, magnitudes=(MagnitudesStory("v1", "V1 Exa", faults=("<b>no",)),))
    assert "<strong>Not measured:</strong> &lt;b&gt;no" in html(story)
    assert terminal(story).splitlines()[-1] == "magnitudes: V1 Exa has none: see the page"


def test_a_curve_however_long_is_marked_by_a_few_different_times() -> None:
    field = StarField(frames=9)
    found = ensemble(field.tables(), field.declared(), "V", TARGET)
    for hours in (0.0, 0.02, 0.2, 0.7, 3.0, 9.0, 14.0):
        curve = replace(found.curve, jd_utc=2461366.3 + np.linspace(0, hours / 24, 9))
        words = [word for _, word in chart(replace(found, curve=curve), "V")["hours"]]
        assert 2 <= len(words) <= 7 and len(set(words)) == len(words), (hours, words)
