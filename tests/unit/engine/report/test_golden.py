"""The made-up night as it is printed: renew with `OBSY_RENEW=1 pytest tests/unit/engine/report`, and read the diff."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.report.altitude import altitude_chart
from obsy.engine.report.as_json import as_json
from obsy.engine.report.page import html
from obsy.engine.report.story import Story
from obsy.engine.report.terminal import LINES, terminal
from obsy.engine.schedule.shares import Debt
from obsy.schemas.people import Share
from tests.support.golden import assert_golden


def shape(story: Story) -> dict[str, Any]:
    """The story for a machine, without most of its frames and of its weather, and without this test's own folder."""
    whole = as_json(story)
    for plan in whole["plans"]:
        plan["stacks"] = [{**stack, "preview": Path(stack["preview"]).name} for stack in plan["stacks"]]
    return {**whole, "frames": whole["frames"][20:23], "weather": whole["weather"][:2]}


def written(name: str, story: Story) -> str:
    """What stands in the golden file of that name."""
    if name == "terminal.txt":
        return terminal(story) + "\n"
    value = (
        shape(story)
        if name == "story.json"
        else asdict(chart)
        if (chart := altitude_chart(story.curves, story.window, story.taken, story.unsafe))
        else None
    )
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ["terminal.txt", "story.json", "altitude.json"])
def test_the_night_reads_as_written(name: str, told: Story, root: Path) -> None:
    assert_golden(written(name, told), root / "tests" / "golden" / "report" / name)


def test_the_summary_is_short(told: Story) -> None:
    crowded = replace(told, plans=told.plans * 20, notices=told.notices * 20)
    assert len(terminal(told).splitlines()) <= LINES
    assert len(terminal(crowded).splitlines()) <= LINES


def test_whose_share_is_owed_what_is_told(told: Story) -> None:
    school = Share.model_validate({"kind": "share", "name": "half", "group": "school", "time": "50 %"})
    owing = replace(told, shares=(Debt(school, 8.0, 5.5),))
    words = "hare half: school has had 5.5 h of 8.0 h (50 % of 30 d), and is owed 2.5 h"
    assert f"s{words}" in terminal(owing).splitlines()
    assert f"<p>S{words}.</p>" in html(owing)
    assert as_json(owing)["shares"][0]["owed_h"] == 2.5
    assert as_json(told)["shares"] == [] and "<p>Share" not in html(told)
