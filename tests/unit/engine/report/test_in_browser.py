"""The page as a real Chromium lays it out: on a telephone and on a desktop nothing is out of place or hard to read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.forecast.question import Forecast
from obsy.engine.report.page import html
from obsy.engine.report.plans import PlanStory
from obsy.engine.report.story import Story
from tests.support.browser import browser, measured
from tests.support.ci import is_ci
from tests.unit.engine.report.test_magnitudes import magnitudes
from tests.unit.engine.report.test_outlook import ASKED, HARDLY, NEVER, SURE
from tests.unit.engine.report.test_outlook import crowded as forecast
from tests.unit.engine.science.star_fields import StarField

pytestmark = [pytest.mark.real, pytest.mark.slow(minutes=2)]

TELEPHONE, DESKTOP = 390, 1280
LEAST_PX, LEAST_CONTRAST = 11, 4.5


def crowded(told: Story) -> Story:
    """The same night with long names, a count in long words, and more plans than there are colours."""
    plans = [replace(plan, plan=f"{plan.plan}-of-a-season-{index}") for index in range(9) for plan in told.plans]
    counted = [goal for plan in told.plans for goal in plan.goals if goal.wanted_s is None]
    wordy = tuple(
        replace(goal, asked="transit b with 45 min before and 1 h 30 min after", accepted=1042) for goal in counted
    )
    more: list[PlanStory] = [replace(plan, goals=plan.goals + wordy) for plan in plans]
    return replace(told, plans=(*told.plans, *more), outlook=Forecast(ASKED, (SURE, HARDLY, NEVER) * 9))


@pytest.fixture(scope="module")
def pages(told: Story, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of the made-up night, of one that holds far more, and of a forecast."""
    folder = tmp_path_factory.mktemp("pages")
    curves = magnitudes(StarField(frames=30)), magnitudes(StarField(frames=5, wrong={1: 0.4}), "B: no band B" * 9)
    night = replace(told, magnitudes=curves)
    for name, story in (("night", night), ("crowded", crowded(night))):
        (folder / f"{name}.html").write_text(html(story), "utf-8")
    (folder / "forecast.html").write_text(forecast(), "utf-8")
    return {name: folder / f"{name}.html" for name in ("night", "crowded", "forecast")}


def seen(page: Path, width: int, *flags: str) -> dict[str, Any]:
    if browser() is None:
        (pytest.fail if is_ci() else pytest.skip)("no Chromium is installed; scripts/real-parts.sh installs it")
    return measured(page, width, page.parent, *flags)


DARK = "--blink-settings=preferredColorScheme=0"
CASES = [
    ("forecast", TELEPHONE),
    ("forecast", TELEPHONE, DARK),
    ("forecast", DESKTOP),
    ("night", TELEPHONE),
    ("night", DESKTOP),
    ("crowded", TELEPHONE, DARK),
    ("crowded", DESKTOP, DARK),
]


@pytest.mark.parametrize(("name", "width", "flags"), [(name, width, flags) for name, width, *flags in CASES])
def test_everything_has_its_place_and_can_be_read(
    pages: dict[str, Path], name: str, width: int, flags: list[str]
) -> None:
    found = seen(pages[name], width, *flags)
    assert (found["width"], found["dark"]) == (width, bool(flags))
    assert found["scroll"] <= width
    assert found["wide"] == []
    assert len(found["texts"]) > 150
    assert [text for text in found["texts"] if text[1] < LEAST_PX] == []
    assert [text for text in found["texts"] if text[2] < LEAST_CONTRAST] == []


def test_what_would_be_wrong_is_seen(pages: dict[str, Path]) -> None:
    bad = pages["night"].with_name("bad.html")
    worse = '<p class="bad" style="width: 600px; font-size: 9px; color: #aaa">faint</p></main>'
    bad.write_text(pages["night"].read_text("utf-8").replace("</main>", worse), "utf-8")
    found = seen(bad, TELEPHONE)
    assert found["scroll"] > TELEPHONE
    assert ["P.bad faint"] == [name for name, _, _ in found["wide"]]
    assert [name for name, px, ratio in found["texts"] if px < LEAST_PX and ratio < LEAST_CONTRAST] == ["P.bad faint"]
