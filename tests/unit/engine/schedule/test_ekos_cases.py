"""Where EKOS's rules and obsy's coincide, so do the times: its own test cases, numbers only.

Source: the KStars test suite of 2025-07-26 (3.7.8), Tests/kstars_ui/test_ekos_scheduler_ops.cpp::testGreedy, whose own
tolerance is 600 s. There the order of the list is the priority; each start takes 225 s (track 30, focus 120, align 60,
guide 15). The site is near Palo Alto, UTC-7; its artificial horizon hides azimuths from 175 to 200 deg below 70 deg.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.declare.names import resolve
from obsy.engine.declare.observatory import Observatory
from obsy.engine.night.tally import Tally
from obsy.engine.runtime.planner import prepare
from obsy.engine.schedule.overheads import Overheads
from obsy.schemas.horizon import Horizon
from obsy.schemas.plan import Plan
from obsy.schemas.when import Altitude
from tests.support.equipment import example

EVENING = date(2021, 6, 13)
TARGETS = {
    "altair": {"ra": "297.695835 deg", "dec": "8.8675 deg"},
    "deneb": {"ra": "310.35834 deg", "dec": "45.280278 deg"},
}
WALL = [(0, 0), (174.9, 0), (175, 70), (200, 70), (200.1, 0)]


def job(name: str, count: int, seconds: int, priority: int, **when: str) -> Plan:
    """One line of EKOS's list."""
    want = [{"filter": "R", "exposure": f"{seconds} s", "count": count}]
    said = {"kind": "plan", "name": name, "target": TARGETS[name], "priority": priority, "want": want}
    return Plan.model_validate(said | {"when": {"altitude": "above 30 deg"} | when, "pipeline": "deep-sky"})


def stands(plans: list[Plan]) -> Observatory:
    known = example()
    site = known.site.model_copy(update={"latitude": 37.441667, "longitude": -122.166667, "elevation": 0.0})
    points = [{"azimuth": f"{azimuth} deg", "altitude": f"{altitude} deg"} for azimuth, altitude in WALL]
    horizon = Horizon.model_validate({"kind": "horizon", "name": "hills", "points": points})
    mount = known.mounts[0].model_copy(update={"altitude": Altitude.model_validate("above 0 deg")})
    instruments = (replace(known.instruments[0], site=site, mount=mount),)
    targets = {plan.name: target for plan in plans if (target := resolve(plan)) is not None}
    changed: dict[str, Any] = {"site": site, "horizon": horizon, "mounts": (mount,), "instruments": instruments}
    return replace(known, plans=tuple(plans), targets=targets, **changed)


def times(plans: list[Plan]) -> list[tuple[str, datetime, datetime]]:
    """Whose turn it is in the first night, from when to when, the preparing included; what goes on is told once."""
    costs = Overheads(1e6, 225.0, 0.0, 0.0, 0.0, 0.0, None)
    planner = replace(prepare(stands(plans), EVENING), costs={"newton": costs})
    told: list[tuple[str, datetime, datetime]] = []
    for block in planner.schedule(Tally(), planner.night.start).blocks:
        begin = block.start - timedelta(seconds=225)
        if told and told[-1][0] == block.request.line.plan:
            begin = told.pop()[1]
        told.append((block.request.line.plan, begin, block.end))
    return told


@pytest.mark.once
@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        pytest.param(
            [job("altair", 60, 200, 9), job("deneb", 60, 400, 1)],
            [("deneb", "22:48", "23:35"), ("altair", "23:35", "02:59"), ("deneb", "02:59", "03:53")],
            id="greedy-01",
        ),
        pytest.param(
            [job("altair", 120, 200, 9), job("deneb", 60, 400, 1)],
            [("deneb", "22:48", "23:35"), ("altair", "23:35", "03:21"), ("deneb", "03:22", "03:53")],
            id="greedy-02",
        ),
        pytest.param(
            [job("altair", 60, 200, 9, dates="after 2021-06-14 08:00 UTC"), job("deneb", 60, 400, 1)],
            [("deneb", "22:48", "01:00"), ("altair", "01:00", "03:21"), ("deneb", "03:22", "03:53")],
            id="greedy-03",
        ),
    ],
)
def test_a_night_goes_as_ekos_has_it(plans: list[Plan], expected: list[tuple[str, str, str]]) -> None:
    found = times(plans)
    assert [name for name, _, _ in found] == [name for name, _, _ in expected]
    for (_, *got), (_, *wanted) in zip(found, expected, strict=True):
        for at, local in zip(got, wanted, strict=True):
            hour, minute = (int(part) for part in local.split(":"))
            day = 13 if hour > 12 else 14
            there = datetime(2021, 6, day, hour, minute, tzinfo=UTC) + timedelta(hours=7)
            assert abs(at - there) <= timedelta(seconds=600), (at, there)
