import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.fold import fold
from obsy.engine.night_record import Span
from obsy.engine.report.as_json import as_json
from obsy.engine.report.inputs import GoalInput, ReportInputs
from obsy.engine.report.page import html, write
from obsy.engine.report.spent import Idle
from obsy.engine.report.story import Story, story_of
from obsy.engine.report.terminal import terminal
from obsy.engine.schedule.learned import Estimate, LearnedOverheads
from obsy.engine.schedule.overheads import Overheads

VOID = {"meta", "img", "br", "link"}


class Nesting(HTMLParser):
    """Follows the elements; what is closed must be what was opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stays open."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def page(told: Story) -> str:
    return html(told)


def test_every_element_is_closed(page: str) -> None:
    nesting = Nesting()
    nesting.feed(page)
    assert (nesting.open, nesting.wrong) == ([], [])


def test_the_page_needs_nothing_else(page: str) -> None:
    assert re.findall(r"https?://|<script|<link|@import", page) == []
    assert all(address.startswith("data:image/png;base64,") for address in re.findall(r'src="([^"]*)"', page))


def test_the_same_story_gives_the_same_bytes(page: str, told: Story) -> None:
    assert html(told) == page


def test_every_picture_says_what_it_shows(page: str) -> None:
    pictures = re.findall(r"<img [^>]*>", page)
    assert len(pictures) == 5
    assert all(re.search(r'alt="[^"]+"', picture) for picture in pictures)
    charts = re.findall(r'<svg class="chart"[^>]*>\s*<title>[^<]+', page)
    assert len(charts) == page.count('class="chart"') == 4
    assert all(re.search(r'role="img" aria-label="[^"]+"', chart) for chart in charts)
    assert all("aria-hidden" in key for key in re.findall(r'<svg class="swatch[^>]*>', page))


def test_what_is_stretched_to_the_width_of_the_screen_holds_no_text(page: str) -> None:
    stretched = re.findall(r'<svg class="lines".*?</svg>', page, re.DOTALL)
    assert len(stretched) == page.count("preserveAspectRatio") > 9
    assert [drawing for drawing in stretched if "<text" in drawing or "<circle" in drawing] == []


@pytest.mark.long
def test_a_plan_looks_alike_in_every_chart_and_on_its_card_and_no_other_does(told: Story) -> None:
    plans = [replace(told.plans[0], plan=f"plan-{index}") for index in range(9)]
    page = html(replace(told, plans=tuple(plans)))
    cards = re.findall(r'<article class="(p\d d\d)">\s*<header>\s*<h3>(plan-\d)', page)
    keys = re.findall(r'<span class="(p\d d\d)"><svg class="swatch".*?</svg>(plan-\d)', page)
    assert len({look for look, _ in cards}) == len(plans)
    assert {(name, look) for look, name in keys} == {(name, look) for look, name in cards}


def test_what_a_person_wrote_is_escaped(told: Story) -> None:
    assert "<b>hill" not in html(replace(told, site="<b>hill"))


def test_trouble_stands_above_all_else(page: str) -> None:
    assert page.index("the roof does not close") < page.index("<h2>")


def test_a_night_without_anything_still_has_a_page(night_entries: list[dict[str, Any]]) -> None:
    page = html(story_of("2026-11-21", fold(night_entries[:1]), ReportInputs(site="hill")))
    assert "this night is not finished" in page
    assert "<svg" not in page


def test_a_picture_that_is_missing_is_left_out(night_entries: list[dict[str, Any]], night_inputs: ReportInputs) -> None:
    gone = tuple(replace(stack, preview=stack.preview.with_name("gone.png")) for stack in night_inputs.stacks)
    assert "<img" not in html(story_of("2026-11-21", fold(night_entries), replace(night_inputs, stacks=gone)))


def test_a_page_is_replaced_whole(told: Story, tmp_path: Path) -> None:
    path = tmp_path / "reports" / "2026-11-21.html"
    write(told, path)
    write(replace(told, headline="Again."), path)
    assert "Again." in path.read_text("utf-8")
    assert [each.name for each in path.parent.iterdir()] == ["2026-11-21.html"]


def test_a_goal_that_has_all_it_wants_is_not_missed(night_entries: list[dict[str, Any]]) -> None:
    sated = GoalInput("done", "L-60s", "L", 60.0, 600.0, "10 min", 10, 600.0)
    assert "it has all it wants" in html(story_of("2026-11-21", fold(night_entries), ReportInputs(goals=(sated,))))


def test_the_page_says_in_which_clocks_its_times_are(page: str) -> None:
    assert page.index("times in UTC+1") < page.index("<h1>")
    assert "by the clocks of Europe/Madrid (UTC+1)" in page


def test_with_several_enclosures_the_page_says_which_roof_and_counts_their_common_hours_once(
    night_entries: list[dict[str, Any]],
) -> None:
    roofs = [entry for entry in night_entries if entry["event"] in {"roof-opened", "roof-closed", "verdict"}]
    two = [{**entry, "enclosure": name} for entry in roofs for name in ("dome", "shed")]
    several = story_of("2026-11-21", fold([night_entries[0], *two]), ReportInputs())
    alone = story_of("2026-11-21", fold([night_entries[0], *roofs]), ReportInputs())
    assert "dome from" in html(several)
    assert "shed from" in html(several)
    assert several.headline == alone.headline
    assert "The roof was open from" in html(alone)


def test_a_frame_that_counts_and_is_in_no_stack_is_said_on_the_page_and_in_short(
    night_entries: list[dict[str, Any]], night_inputs: ReportInputs
) -> None:
    first = next(entry for entry in night_entries if entry["event"] == "frame-accepted" and entry["plan"])
    reason = "not-in-the-stack: 5 stars are too few to be recognised"
    entries = [{**entry, "reason": reason} if entry is first else entry for entry in night_entries]
    story = story_of("2026-11-21", fold(entries), night_inputs)
    assert "1 frame accepted, not in the stack: 5 stars are too few to be recognised" in html(story)
    assert "accepted, not in the stack: 1, 5 stars are too few to be recognised" in terminal(story)
    (told,) = [plan["unstacked"] for plan in as_json(story)["plans"] if plan["unstacked"]]
    assert told == [{"code": "not-in-the-stack", "count": 1, "words": "5 stars are too few to be recognised"}]


def test_the_page_says_once_that_the_stacks_of_a_colour_camera_are_grey(
    night_entries: list[dict[str, Any]], night_inputs: ReportInputs
) -> None:
    def page(*colour: str) -> str:
        return html(story_of("2026-11-21", fold(night_entries), replace(night_inputs, colour=frozenset(colour))))

    assert page("main", "another").count("The stacks of main are grey: its sensor sees colours") == 1
    assert "are grey" not in page("another")


def test_what_a_frame_does_not_have_is_marked_so_that_a_telephone_leaves_it_out(page: str) -> None:
    cells = re.findall(r"<td[^>]*>–</td>", page.partition("The frames")[2].partition("</details>")[0])
    assert cells
    assert all('class="none"' in cell for cell in cells)


def test_the_reasons_of_an_idle_mount_are_as_long_as_its_idle_time_together(told: Story) -> None:
    start = told.record.enclosures[0].states[0].start
    idle = (Idle("clouds", (Span(start, start + timedelta(seconds=3600)),)),)
    short = tuple(Idle(why, (Span(start, start + timedelta(seconds=20)),)) for why in ("a roof", "a wait"))
    said = html(replace(told, spent=(replace(told.spent[0], idle=idle + short),)))
    assert "<li>idle for 1 h: clouds</li>\n<li>idle for 40 s, for less than a minute each</li>" in said
    assert "less than a minute each" not in html(replace(told, spent=(replace(told.spent[0], idle=idle),)))


def test_what_the_nights_before_taught_is_shown_once_anything_was_learned(told: Story) -> None:
    def page_with(count: int) -> str:
        declared = Overheads(4.0, 8.0, 3.0, 2.0, 90.0, 180.0, 600.0)
        known = LearnedOverheads(told.spent[0].mount, declared, (Estimate("settle_s", 8.0, None, 0.0, count),))
        return html(replace(told, spent=(replace(told.spent[0], learned=(("newton", known),)), *told.spent[1:])))

    assert "in the nights before" in page_with(3)
    assert "in the nights before" not in page_with(0)
