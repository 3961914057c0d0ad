"""An alert is held against the rules: it asks for plans, or nothing is done with it, for a reason."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.alerts.answer import answer
from obsy.engine.alerts.joined import in_force, joined
from obsy.engine.alerts.notice import AlertNotice
from obsy.engine.alerts.record import AlertRecord, keep, records
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.join import join
from obsy.engine.declare.survey import survey

ROOT = Path(__file__).resolve().parents[4]
AT = datetime(2026, 11, 21, 18, 40, tzinfo=UTC)
NOW = AT + timedelta(minutes=1)
BURST = AlertNotice("swift 1", "gcn/swift/bat", "observation", "GRB 261121A", AT, AT, 305.0, 41.0)
RULE = """\
kind: rule
name: bursts
trigger: {alert: gcn/swift}
plan:
  name: after-$name
  target: {ra: $ra, dec: $dec}
  want: [{filter: R, exposure: 60 s, count: 6}]
  pipeline: photometry
  notes: $called, found at $magnitude
lasts: 2 h
preempts: below 5
mode: live
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, home / room)
    (home / "plans").mkdir()
    return home


@pytest.fixture(scope="module")
def declared(home: Path) -> Declared:
    return surveyed(home, RULE)


def surveyed(home: Path, *rules: str) -> Declared:
    (home / "plans" / "rules.yaml").write_text("---\n".join(rules))
    seen = survey(home, home / "plans")
    assert seen.complaints == ()
    return seen.declared


def test_a_rule_asks_for_its_plan_with_what_the_alert_tells_and_it_is_kept_word_for_word(
    home: Path, declared: Declared, tmp_path: Path
) -> None:
    record = answer(BURST, declared, NOW)
    assert record.refused == ""
    keep(tmp_path, record)
    assert list(records(tmp_path)) == [record]
    found = joined(join(declared), in_force(records(tmp_path), NOW))
    assert [each.name for each in found.observatory.plans] == ["after-grb-261121a"]
    (plan,) = found.observatory.plans
    assert plan.notes == "GRB 261121A, found at unknown magnitude"
    assert found.observatory.targets[plan.name].ra_deg == pytest.approx(305.0, abs=1e-6)
    assert found.wanted == found.observatory.wanted == {plan.name: (AT + timedelta(hours=2), 5, "swift 1")}
    again = joined(found.observatory, in_force(records(tmp_path), NOW))
    assert (len(again.observatory.plans), again.refused) == (1, ()), "one id acts once"


@pytest.mark.parametrize(
    ("notice", "now", "reason"),
    [
        (replace(BURST, role="test"), NOW, "it is no observation, but 'test'"),
        (replace(BURST, role="retraction"), NOW, "it is no observation, but 'retraction'"),
        (replace(BURST, source="gcn/fermi/gbm"), NOW, "no rule is triggered by an alert of gcn/fermi/gbm"),
        (BURST, AT - timedelta(hours=3), "it is of a time that is 3 h ahead"),
        (replace(BURST, sent=AT + timedelta(days=30)), NOW, "it is of a time that is 719 h 59 min ahead"),
        (BURST, AT + timedelta(hours=2), "it happened 2 h ago, and rule 'bursts' lasts 2 h from then on"),
        (BURST, AT + timedelta(hours=1, minutes=59), ""),
        (BURST, AT - timedelta(minutes=4), ""),
    ],
)
def test_what_nothing_is_done_with_says_why(
    declared: Declared, notice: AlertNotice, now: datetime, reason: str
) -> None:
    record = answer(notice, declared, now)
    assert (record.refused, bool(record.wishes)) == (reason, not reason)


def test_a_plan_that_is_none_with_what_the_alert_tells_is_refused_with_its_place(home: Path) -> None:
    long = replace(BURST, called="G" * 70)
    record = answer(long, surveyed(home, RULE), NOW)
    assert "the plan of rule 'bursts' is none with what it tells" in record.refused
    assert "rules.yaml:5:9: bad-name" in record.refused
    taken = surveyed(home, RULE, PLAN.format(name="after-grb-261121a"))
    assert "a plan is named 'after-grb-261121a' already" in answer(BURST, taken, NOW).refused


PLAN = """\
kind: plan
name: {name}
target: SS Cyg
want: [{{filter: V, exposure: 60 s, count: 4}}]
pipeline: photometry
"""


def test_a_rule_that_names_a_plan_lets_it_be_taken_and_a_rehearsed_one_only_says_so(home: Path) -> None:
    named = RULE[: RULE.index("plan:")] + "plan: burst\nlasts: 2 h\nmode: live\n"
    declared = surveyed(home, named, PLAN.format(name="burst"))
    record = answer(BURST, declared, NOW)
    found = joined(join(declared), [record])
    assert found.observatory.wanted == {"burst": (AT + timedelta(hours=2), 0, "swift 1")}
    rehearsed = surveyed(home, named.replace("live", "rehearsal"), PLAN.format(name="burst"))
    found = joined(join(rehearsed), [record])
    assert (found.observatory.wanted, list(found.rehearsed)) == ({}, ["burst"])


def test_what_is_gone_since_is_told_and_adds_nothing(home: Path, declared: Declared) -> None:
    record = answer(BURST, surveyed(home, RULE), NOW)
    other = join(surveyed(home, RULE.replace("name: bursts", "name: others")))
    found = joined(other, [record])
    assert (found.observatory, found.refused) == (other, ("rule 'bursts' is not declared any more",))
    here = join(surveyed(home, RULE))
    poor = replace(here, pipelines={})
    assert "there is no pipeline 'photometry' any more" in joined(poor, [record]).refused[0]


def test_an_alert_is_in_force_from_its_coming_until_its_rule_has_lasted(declared: Declared) -> None:
    record = answer(BURST, declared, NOW)
    times = (NOW - timedelta(seconds=1), NOW, AT + timedelta(hours=2) - timedelta(seconds=1), AT + timedelta(hours=2))
    assert [len(in_force([record], at)) for at in times] == [0, 1, 1, 0]


def test_what_is_no_record_of_ours_is_passed_over(tmp_path: Path) -> None:
    record = AlertRecord("a", "gcn/swift", "observation", "A", AT, NOW, 1.0, 2.0)
    path = keep(tmp_path, record)
    (tmp_path / "half.json").write_text(path.read_text()[:40])
    (tmp_path / "other.json").write_text('{"id": 3}')
    (tmp_path / "list.json").write_text("[]")
    assert list(records(tmp_path)) == [record]
    assert list(records(tmp_path / "nowhere")) == []
