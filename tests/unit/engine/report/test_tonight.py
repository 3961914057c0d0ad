"""The night before it begins, as a picture and as text; renewed like the other golden files."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import cos, pi
from pathlib import Path

import pytest

from obsy.engine.intent import Intent
from obsy.engine.report.curves import Curve, Curves
from obsy.engine.report.tonight import NAME, WIDTH, svg, text
from obsy.engine.schedule.request import Block
from tests.support.golden import assert_golden
from tests.support.requests import request

EVENING = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
DUSK, DAWN = EVENING + timedelta(hours=2), EVENING + timedelta(hours=13)


def block(plan: str, start: float, end: float, train: str = "newton") -> Block:
    """Of hours after dusk."""
    first, last = (DUSK + timedelta(hours=each) for each in (start, end))
    return Block(request(plan, train=train), 9, first, last, 10.0, 40.0, -1.0)


def curve(name: str, top_at: float, top: float, skyline: float = 12.0) -> Curve:
    """Highest so many hours after dusk."""
    times = tuple(EVENING + timedelta(hours=index) for index in range(16))
    altitudes = tuple(round(top - 45 * (1 - cos((hour - 2 - top_at) * pi / 12)), 3) for hour in range(16))
    return Curve(name, times, altitudes, (skyline,) * len(times))


SKY = Curves(
    (curve("m31", 2, 85), curve("a-plan-with-a-long-name", 8, 60), curve("comet", -1, 20)),
    curve("Sun", -6, 30, 0.0),
    curve("Moon", 4.5, 55, 0.0),
    91.0,
    20.0,
)
BLOCKS = (
    block("m31", 0.1, 2),
    block("m31", 2.05, 4),
    block("a-plan-with-a-long-name", 3, 3.01, "colour"),
    block("a-plan-with-a-long-name", 6, 10.9, "colour"),
)
TONIGHT = Intent(date(2026, 11, 21), "hill", DUSK, DAWN, BLOCKS, (), ())


@pytest.mark.parametrize(("name", "draw"), [("tonight.svg", svg), ("tonight.txt", text)])
def test_the_night_is_drawn_as_before(name: str, draw: object, root: Path) -> None:
    assert callable(draw)
    drawn = draw(TONIGHT, SKY, "Europe/Madrid")
    assert drawn == draw(TONIGHT, SKY, "Europe/Madrid")
    assert_golden(drawn + "\n" * (name[-3:] == "txt"), root / "tests" / "golden" / "report" / name)


def test_the_picture_is_well_formed_and_needs_nothing_else() -> None:
    drawn = svg(TONIGHT, SKY, "Europe/Madrid")
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in drawn
    assert "href" not in drawn


def test_the_text_has_eighty_columns_and_a_bar_under_the_hour_of_each_block() -> None:
    lines = text(TONIGHT, SKY, "Europe/Madrid").splitlines()
    assert max(map(len, lines)) <= WIDTH
    hours, m31 = lines[0], next(index for index, line in enumerate(lines) if "m31" in line)
    first = lines[m31 + 1].index("━")
    assert abs(first - (hours.index("19") + (hours.index("20") - hours.index("19")) * 0.6)) <= 1  # 19:36
    assert lines[m31 + 1].count("━") == pytest.approx((WIDTH - NAME) * 3.9 / 15, abs=1)
    assert lines[-1].count("━") == pytest.approx(1 + (WIDTH - NAME) * 4.9 / 15, abs=1)


def test_a_night_without_work_or_without_dark_is_drawn_all_the_same() -> None:
    bare = replace(TONIGHT, blocks=(), dusk=None, dawn=None)
    assert "It is never dark enough to observe" in svg(bare, SKY, "UTC")
    assert "░" * (WIDTH - NAME) in text(bare, SKY, "UTC")


def test_without_the_sun_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="its Sun is not known"):
        text(TONIGHT, Curves(), "UTC")
