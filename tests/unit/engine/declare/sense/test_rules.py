"""A rule's plan is checked with what its trigger would tell, and stays as it was written."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare, survey

ROOT = Path(__file__).resolve().parents[5]
ALERT = """kind: rule
name: bursts
trigger: {alert: gcn/swift}
plan:
  name: after-$name
  target: {ra: $ra, dec: $dec}
  want: [{exposures: short}]
  notes: $called, found at $magnitude
  pipeline: photometry
lasts: 2 h
preempts: below 8
"""
SHORT = "---\nkind: exposures\nname: short\nwant: [{filter: R, exposure: 60 s, count: 60}]\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    return tmp_path


def told(home: Path, said: str) -> list[tuple[int, int, str]]:
    (home / "library" / "rule.yaml").write_text(said, encoding="utf-8")
    return [(each.mark.line, each.mark.column, each.code) for each in survey(home).complaints]


def test_a_plan_with_holes_that_its_trigger_fills_is_well_and_keeps_them(home: Path) -> None:
    assert told(home, ALERT + SHORT) == []
    rule = declare(home).rules["bursts"]
    assert isinstance(rule.plan, dict)
    assert rule.plan["target"] == {"ra": "$ra", "dec": "$dec"}
    assert rule.aloud() == (
        "when gcn/swift sends an alert, plan 'after-$name' would be wanted for 2 h, "
        "ahead of plans with a priority below 8 (a rehearsal)"
    )


def test_what_a_set_of_exposures_says_is_checked_too(home: Path) -> None:
    assert told(home, ALERT + SHORT.replace("filter: R", "filter: X")) == [(15, 17, "filter-not-in-wheel")]
    assert told(home, ALERT) == [(7, 22, "unknown-reference")]


def test_a_measured_star_tells_its_own_name_and_a_condition_nothing(home: Path) -> None:
    star = ALERT.replace("{alert: gcn/swift}", "{of: SS Cyg, brighter_than: 11 mag}")
    assert told(home, star.replace("{ra: $ra, dec: $dec}", "$called") + SHORT) == []
    assert (6, 11, "unknown-target") in told(home, ALERT.replace("{ra: $ra, dec: $dec}", "$called") + SHORT)
    calm = ALERT.replace("{alert: gcn/swift}", "{weather: {wind: below 10 km/h}}")
    assert [code for *_, code in told(home, calm + SHORT)] == ["missing-variable"] * 5


def test_a_dollar_sign_is_written_twice(home: Path) -> None:
    assert told(home, ALERT.replace("$called, found", "for 5 $$, found") + SHORT) == []
    assert told(home, ALERT.replace("$called, found", "for $cash, found") + SHORT) == [(8, 10, "unknown-variable")]


@pytest.mark.parametrize(
    ("said", "aloud"),
    [
        ("{of: SS Cyg, fainter_than: 11.5 mag}", "SS Cyg is fainter than 11.5 mag"),
        ("{when: {seeing: below 1.5 arcsec}, hold_for: 20 min}", "seeing below 1.5 arcsec for 20 min"),
        ("{weather: {wind: above 1 km/h and below 9 km/h}}", "wind above 1 km/h and below 9 km/h"),
        ("{when: {moon: fainter than 30 %, sun: below -12 deg}}", "moon fainter than 30 % and sun below -12 deg"),
    ],
)
def test_what_happens_is_said_as_it_was_written(home: Path, said: str, aloud: str) -> None:
    assert told(home, f"kind: rule\nname: a\ntrigger: {said}\nplan: m31\nlasts: 1 h\n") == []
    assert declare(home).rules["a"].trigger.aloud() == aloud


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        "{when: {}}",
        "{of: SS Cyg}",
        "{alert: a, fainter_than: 3 mag}",
        "{of: M1, alert: a}",
    ],
)
def test_a_trigger_is_one_thing(home: Path, said: str) -> None:
    assert [code for *_, code in told(home, f"kind: rule\nname: a\ntrigger: {said}\nplan: m31\nlasts: 1 h\n")] == [
        "how-much"
    ]


def test_a_magnitude_without_its_object_misses_that(home: Path) -> None:
    said = "kind: rule\nname: a\ntrigger: {brighter_than: 3 mag}\nplan: m31\nlasts: 1 h\n"
    assert [code for *_, code in told(home, said)] == ["missing-key"]


@pytest.mark.parametrize("inside", ["notes: *it", "tags: [*it]"])
def test_a_plan_that_is_a_part_of_itself_is_told_and_ends(home: Path, inside: str) -> None:
    said = ALERT.replace("plan:\n", "plan: &it\n").replace("notes: $called, found at $magnitude", inside)
    assert "goes-in-circles" in {code for _, _, code in told(home, said + SHORT)}
