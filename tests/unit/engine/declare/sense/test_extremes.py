"""What is hardly meant is warned of; what may be meant is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.check import check
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.read import Reader
from obsy.engine.declare.sense import extremes
from obsy.schemas.model import Document

PLAN = "kind: plan\nname: p\ntarget: {target}\nwant: [{goal}]\npipeline: p\n"
STAR = "{{ra: 5h, dec: 30 deg, planets: {{b: {{epoch: {epoch} BJD_TDB, period: {period} d, duration: 3 h}}}}}}"
TRANSIT = "{filter: R, exposure: 60 s, cover: {transit: b, baseline: 45 min}}"
MOON, MARS = "{body: moon}", "{body: mars}"


def warned(folder: Path, target: str, goal: str) -> list[str]:
    (folder / "p.yaml").write_text(PLAN.format(target=target, goal=goal))
    (written,) = Reader(folder).read([folder / "p.yaml"])
    plan = check(written, ())
    assert isinstance(plan, Document), plan
    return [each.code for each in extremes.check(Declared(folder, (Entry(plan, written),), (written,)))]


@pytest.mark.parametrize(
    ("target", "goal", "codes"),
    [
        ("M31", "{filter: L, exposure: 60 s, total: 10000 h}", []),
        ("M31", "{filter: L, exposure: 60 s, total: 10001 h}", ["endless"]),
        ("M31", "{filter: L, exposure: 3600 s, count: 10001}", ["endless"]),
        (MOON, "{filter: L, exposure: 30 s, count: 1}", []),
        (MOON, "{filter: L, exposure: 31 s, count: 1}", ["overexposed"]),
        ("Moon", "{filter: L, exposure: 31 s, count: 1}", ["overexposed"]),
        (MARS, "{filter: L, exposure: 30 s, count: 1}", []),
        (MARS, "{filter: L, exposure: 31 s, count: 1}", ["overexposed"]),
        ("Jupiter", "{filter: L, exposure: 60 s, count: 1}", ["overexposed"]),
        ("Titan", "{filter: L, exposure: 300 s, count: 1}", []),
        ("Titan", "{filter: L, exposure: 301 s, count: 1}", ["overexposed"]),
        ("{body: neptune}", "{filter: L, exposure: 900 s, count: 1}", []),
        ("M31", "{filter: L, exposure: 60 s, count: 1, when: {dates: before 2020-02-01}}", ["expired"]),
        ("M31", "{filter: L, exposure: 60 s, count: 1, when: {dates: before 2999-02-01}}", []),
    ],
)
def test_the_bound_is_where_it_is_said_to_be(tmp_path: Path, target: str, goal: str, codes: list[str]) -> None:
    assert warned(tmp_path, target, goal) == codes


def test_dates_are_past_only_where_those_of_every_goal_are(tmp_path: Path) -> None:
    past, ever = (
        "{filter: L, exposure: 60 s, count: 1, when: {dates: before 2020-02-01}}",
        "{filter: R, exposure: 60 s, count: 1}",
    )
    assert warned(tmp_path, "M31", f"{past}, {ever}") == []


@pytest.mark.parametrize(("ahead_d", "codes"), [(360, []), (370, ["far-away"])])
def test_an_event_is_far_away_that_does_not_come_within_a_year(tmp_path: Path, ahead_d: int, codes: list[str]) -> None:
    now_jd = (datetime.now(UTC) - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1) + 2451545.0
    star = STAR.format(epoch=f"{now_jd + ahead_d - 2 * 3650:.4f}", period=3650)
    assert warned(tmp_path, star, TRANSIT) == codes
    assert warned(tmp_path, STAR.format(epoch=f"{now_jd:.4f}", period=3), TRANSIT) == []
