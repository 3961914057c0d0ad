from dataclasses import dataclass
from typing import Any

import pytest

from obsy.engine.report.status import status_of
from obsy.schemas.plan import Plan


@dataclass(frozen=True)
class Counted:
    frames: int
    accepted: int
    rejected: int
    done_s: float


@pytest.fixture
def declared() -> Plan:
    """A plan with a total and a cadence."""
    want = [
        {"filter": ["L", "R"], "exposure": "180 s", "total": "1 h"},
        {"filter": "V", "exposure": "60 s", "count": 3, "every": "4 d"},
    ]
    return Plan.model_validate({"kind": "plan", "name": "m31", "target": "M31", "want": want, "pipeline": "deep-sky"})


def test_before_any_night_there_is_none(declared: Plan) -> None:
    found = status_of([declared], {}, [], "calibrating").as_json()
    assert (found["night"], found["state"], found["verdict"]["safe"]) == (None, "none", None)


def test_every_line_of_every_plan_is_told(declared: Plan) -> None:
    goals = status_of([declared], {}, [], "calibrating").as_json()["plans"][0]["goals"]
    assert [goal["goal"] for goal in goals] == ["L-180s", "R-180s", "V-60s"]
    assert set(goals[0]) == {"goal", "filter", "exposure_s", "wanted_s", "done_s", "frames", "accepted", "rejected"}


def test_a_cadence_wants_no_total(declared: Plan) -> None:
    goals = status_of([declared], {}, [], "calibrating").plans[0].goals
    assert [goal.wanted_s for goal in goals] == [3600.0, 3600.0, None]


def test_what_is_done_stands_beside_its_line(declared: Plan) -> None:
    goals = status_of([declared], {("m31", "R-180s"): Counted(5, 3, 1, 540.0)}, [], "calibrating").plans[0].goals
    assert [(goal.done_s, goal.frames, goal.accepted, goal.rejected) for goal in goals] == [
        (0.0, 0, 0, 0),
        (540.0, 5, 3, 1),
        (0.0, 0, 0, 0),
    ]


def test_the_last_word_of_the_journal_counts(night_entries: list[dict[str, Any]], declared: Plan) -> None:
    found = status_of([declared], {}, night_entries, "calibrating")
    assert (found.night, found.state, found.verdict.safe) == ("2026-11-21", "finished", True)


def test_a_night_begins_where_its_table_does(night_entries: list[dict[str, Any]], declared: Plan) -> None:
    assert status_of([declared], {}, night_entries[:1], "calibrating").state == "calibrating"
