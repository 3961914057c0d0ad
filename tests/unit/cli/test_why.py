"""`obsy why`: of a night that is over, its journal tells; what a name means; how it is put."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.why import meant, why
from obsy.cli.why_page import NO_SORT, page
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.why.answer import GoalWhy, Miss, Why
from obsy.engine.runtime.why.changes import PlanChange
from obsy.engine.runtime.why.next_event import NextEvent
from obsy.engine.runtime.why.remedies import Remedy
from obsy.engine.schedule.request import Reason
from obsy.errors import UserError
from obsy.schemas.plan import Plan

UNPLACED = {"plan": "m31", "goal": "L-240s", "train": "newton", "code": "moon", "reason": "the Moon is too bright"}
BLOCK = {"plan": "bubble", "goal": "Ha-300s", "count": 12}
BLOCK |= {"start": "2026-11-21T20:00:00.000Z", "end": "2026-11-21T21:05:00.000Z"}
BEGUN = {"time": "2026-11-21T18:00:00.000Z", "night": "2026-11-21", "event": "night-started", "commit": "abc"}
FINISHED = {"time": "2026-11-22T06:00:00.000Z", "night": "2026-11-21", "event": "night-finished"}


@pytest.fixture
def here(here: Path) -> Path:
    """The example observatory, whose night of 21 November is over."""
    journal = DataRoot(here / "data" / "simulated").journal
    path = journal(date(2026, 11, 21))
    path.parent.mkdir(parents=True)
    begun = {**BEGUN, "intent": {"blocks": [BLOCK], "unplaced": [UNPLACED]}}
    path.write_text("".join(json.dumps(each) + "\n" for each in (begun, FINISHED)))
    return here


def asked(*words: str) -> Result:
    return CliRunner().invoke(why, [*words, "--night", "2026-11-21", "--simulate"])


@pytest.mark.usefixtures("here")
def test_of_a_night_that_is_over_its_journal_tells_why_and_who_had_the_time() -> None:
    assert asked("M 31").output == (
        "m31 on the night of 2026-11-21 at nerpio\n"
        "  L-240s: nothing: the Moon is too bright (moon)\n"
        "  The night was planned for bubble 1 h 5 min\n"
        "Nothing is planned anew: git does not know its commit abc here.\n"
    )
    told = json.loads(asked("m31", "--json").output)
    assert told == {
        "plan": "m31", "night": "2026-11-21", "unplaced": [UNPLACED], "taken_s": {"bubble": 3900.0}, "commit": "abc",
        "dirty": False, "lost": "git does not know its commit abc here", "anew": None, "took": {},
    }  # fmt: skip
    assert "Ha-300s: 12 frames were planned" in asked("bubble").output
    assert "Nothing was left to do" in asked("heart").output


def test_of_a_past_night_that_was_never_finished_its_journal_tells_too(here: Path) -> None:
    begun = DataRoot(here / "data" / "simulated").journal(date(2026, 11, 21)).read_text().splitlines()[0]
    path = DataRoot(here / "data" / "real").journal(date(2020, 11, 21))
    path.parent.mkdir(parents=True)
    path.write_text(begun.replace("2026-11-21", "2020-11-21") + "\n")
    assert (
        "L-240s: nothing: the Moon is too bright" in CliRunner().invoke(why, ["M 31", "--night", "2020-11-21"]).output
    )


@pytest.mark.usefixtures("here")
def test_of_a_past_night_that_nothing_tells_of_it_is_said_that_none_is_on_record() -> None:
    said = CliRunner().invoke(why, ["M 31", "--night", "2020-11-21"])
    assert "no night of 2020-11-21 is on record at nerpio, and it is over" in str(said.exception)
    assert re.search(r"over: ask of 20\d\d-\d\d-\d\d or a later one$", str(said.exception))


def test_of_a_past_night_that_never_was_the_nearest_on_record_is_named(here: Path) -> None:
    for night in ("2020-11-19", "2020-12-24"):
        path = DataRoot(here / "data" / "real").journal(date.fromisoformat(night))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**BEGUN, "night": night}) + "\n")
    said = CliRunner().invoke(why, ["M 31", "--night", "2020-11-21"])
    assert "ask of 2020-11-19, the nearest that is, or of 20" in str(said.exception)


def test_where_only_simulated_nights_have_run_it_is_said_that_real_ones_are_meant(here: Path) -> None:
    told = CliRunner().invoke(why, ["m31", "--night", "2026-11-21"])
    words = "of the real observatory, where no night has run; 1 simulated: '--simulate' reckons with what they"
    assert words in told.stderr
    assert words not in asked("m31").stderr


@pytest.mark.parametrize(("since", "used"), [("2020-11-22", True), ("2020-11-21", False)])
def test_of_a_past_night_a_train_that_was_retired_since_is_reckoned_with(here: Path, since: str, used: bool) -> None:
    for path in (here / "site").glob("*.yaml"):
        if "kind: train\n" in (said := path.read_text()):
            path.write_text(said.replace("kind: train\n", f"kind: train\nretired: {since}\n"))
    told = CliRunner().invoke(why, ["m31", "--night", "2020-11-21", "--simulate"])
    assert told.exit_code == 0, told.output
    assert ("no train in use" not in told.output) == used


def test_of_many_who_have_the_time_three_are_named_and_the_rest_counted() -> None:
    rivals = {"a": 7200.0, "b": 3600.0, "c": 1800.0, "d": 1200.0, "e": 600.0}
    goal = GoalWhy("L-240s", 10, 0, Reason("no-time-left", "others take it"), (), rivals)
    assert "the mount takes a 2 h, b 1 h, c 30 min and 2 others 30 min" in "\n".join(page(Why((goal,), ())))
    few = replace(goal, rivals={"a": 7200.0, "b": 3600.0})
    assert "the mount takes a 2 h, b 1 h\n" in "\n".join(page(Why((few,), ())))


@pytest.mark.usefixtures("here")
def test_a_name_that_no_plan_has_is_told_its_neighbour() -> None:
    said = asked("m3x")
    assert "no plan is named 'm3x', nor points at it: did you mean 'm31'?" in str(said.exception)


def begun_otherwise(here: Path, **facts: object) -> None:
    """Have another hand write something else into the opening of the night."""
    path = DataRoot(here / "data" / "simulated").journal(date(2026, 11, 21))
    first, last = path.read_text().splitlines()
    path.write_text(json.dumps(json.loads(first) | facts) + f"\n{last}\n")


@pytest.mark.parametrize(
    "intent",
    [
        [1],
        "all",
        {"blocks": [BLOCK]},
        {"blocks": 5, "unplaced": []},
        {"blocks": [7], "unplaced": []},
        {"blocks": [{**BLOCK, "count": [1]}], "unplaced": []},
        {"blocks": [{**BLOCK, "train": 3}], "unplaced": []},
        {"blocks": [{**BLOCK, "start": "soon"}], "unplaced": []},
        {"blocks": [{name: BLOCK[name] for name in ("plan", "goal", "count", "end")}], "unplaced": []},
        {"blocks": [BLOCK], "unplaced": [{**UNPLACED, "reason": None}]},
    ],
    ids=str,
)
def test_an_opening_that_does_not_tell_what_was_planned_is_named(here: Path, intent: object) -> None:
    begun_otherwise(here, intent=intent)
    said = asked("m31").exception
    assert isinstance(said, UserError)
    assert re.search(r"2026-11-21\.jsonl does not tell what was planned when its night began", str(said))


@pytest.mark.parametrize("commit", [5, ["a"], {"sha": "a"}])
def test_a_commit_that_is_no_word_is_not_asked_of_git(here: Path, commit: object) -> None:
    begun_otherwise(here, commit=commit)
    assert asked("m31").output.endswith("Nothing is planned anew: its journal does not tell its commit.\n")


def plan(name: str, *targets: str) -> tuple[Plan, ...]:
    want = [{"filter": "L", "exposure": "60 s", "count": 9}]
    of = {"targets": [*targets]} if targets[1:] else {"target": targets[0]}
    said = {"kind": "plan", "name": name, "want": want, "pipeline": "deep-sky"}
    return Plan.model_validate({**said, **of}).written_out()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("deep", ["deep-m33", "deep-m34"]),
        ("deep-m34", ["deep-m34"]),
        ("M 34", ["deep-m34", "wide", "m34"]),
        ("m34", ["m34"]),
    ],
)
def test_all_plans_are_told_of_that_a_name_means(said: str, found: list[str]) -> None:
    plans = (*plan("deep", "M 33", "M 34"), *plan("wide", "Messier 34"), *plan("m34", "M 34"))
    assert [each.name for each in meant(said, plans)] == found


@pytest.mark.usefixtures("here")
def test_several_plans_are_several_answers_of_one_document() -> None:
    text = Path("plans/m31.yaml").read_text()
    Path("plans/again.yaml").write_text(text.replace("name: m31\n", "name: m31-again\n"))
    assert [each["plan"] for each in json.loads(asked("M 31", "--json").output)["plans"]] == ["m31-again", "m31"]
    assert "m31-again on the night" in asked("M 31").output


AT = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(("margin", "words"), [(-130.2, "130 deg, at best"), (-5.84, "5.8 deg"), (-1e-9, "0.01 deg")])
def test_what_misses_is_a_plain_number(margin: float, words: str) -> None:
    miss = Miss("moon", "the Moon is too near", margin, "deg", AT)
    goal = GoalWhy("L-60s", 9, 0, Reason("moon", "the Moon is too near"), (miss,), {})
    said = "\n".join(page(Why((goal,), ())))
    assert f"'moon' misses by {words}" in said
    assert said.endswith(f"{NO_SORT}.")


@pytest.mark.parametrize("code", ["paused", "night-over"])
def test_where_no_limit_is_the_question_none_is_spoken_of(code: str) -> None:
    assert len([*page(Why((GoalWhy("L-60s", 9, 0, Reason(code, "it is so"), (), {}),), ()))]) == 1


def test_a_goals_own_limit_is_told_as_its_own() -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("moon", "the Moon is too near"), (), {})
    remedy = Remedy((PlanChange("moon: farther than", "72 deg", "35 deg", ("L-60s",)),), 3600.0, {}, smallest=True)
    assert [*page(Why((goal,), (remedy,)))][-1] == "  L-60s: 'moon: farther than 72 deg' → '35 deg' gets it 1 h"


def test_two_changes_at_once_are_told_together_and_what_was_not_tried_is_too() -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("moon", "the Moon is too near"), (), {})
    both = PlanChange("altitude: above", "40 deg", "35 deg"), PlanChange("priority:", "5", "7")
    *_, said = page(Why((goal,), (Remedy(both, 3600.0, {"m31": 600.0}, smallest=False),)))
    assert said == (
        "  'altitude: above 40 deg' → '35 deg' and 'priority: 5' → '7' get it 1 h, and take from m31 10 min"
        "; not every smaller change was tried"
    )
    assert [*page(Why((goal,), (), complete=False))][-1].endswith("not every change was.")


def test_what_one_may_wait_for_is_told_with_its_year_and_only_where_waiting_is_all() -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("season", "it is not the season"), (), {})
    season, higher = (
        PlanChange("season: after", "12-01", "11-21", begins="2026-12-01"),
        PlanChange("priority:", "5", "7"),
    )
    dates = PlanChange("dates: after", "2027-05-25", "2026-11-21", begins="2027-05-25")

    def told(*changes: PlanChange) -> str:
        return [*page(Why((goal,), (Remedy(changes, 3600.0, {}, smallest=True),)))][-1]

    assert told(season) == "  'season: after 12-01' → '11-21' gets it 1 h; or wait until 2026-12-01"
    assert told(season, higher).endswith("get it 1 h; its season begins 2026-12-01")
    assert told(dates, higher).endswith("get it 1 h; its dates begin 2027-05-25")


def test_where_nothing_helps_it_is_said_what_was_tried_and_which_limits_were_not() -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("season", "it is not the season"), (), {})
    higher, lower = PlanChange("priority:", "5", "10"), PlanChange("altitude: above", "40 deg", "0 deg", ("L-60s",))
    assert [*page(Why((goal,), (), tried=(higher,)))][-1] == (
        "Nothing that was tried would get it time: not 'priority: 5' → '10'."
    )
    assert [*page(Why((goal,), (), tried=(lower, higher), untried=("season", "moon: below")))][-1] == (
        "Nothing that was tried would get it time: not L-60s: 'altitude: above 40 deg' → '0 deg', "
        "not 'priority: 5' → '10', nor all of them at once. Other limits of it were not tried: season, moon: below."
    )


@pytest.mark.parametrize(
    ("forbidden", "words"),
    [
        (("the mount",), "the mount leaves it no"),
        (("the dark", "the site", "the mount"), "the dark, the site and the mount"),
    ],
)
def test_what_the_plan_cannot_change_is_named(forbidden: tuple[str, ...], words: str) -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("altitude", "it is too low"), (), {}, forbidden)
    (said,) = page(Why((goal,), ()))
    assert f"whatever the plan says: {words}" in said
    miss = Miss("altitude", "it does not reach 30 deg", -3.0, "deg", AT, "mount")
    assert "the mount's 'altitude' misses by 3 deg" in "\n".join(page(Why((replace(goal, misses=(miss,)),), ())))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            NextEvent(
                "transit",
                datetime(2026, 12, 6, 23, 7, 45, tzinfo=UTC),
                datetime(2026, 12, 7, 2, 41, tzinfo=UTC),
                "whole",
            ),
            "    the next transit that can be had whole is on 2026-12-06, 23:07 to 02:41 UTC",
        ),
        (NextEvent("minimum", None, None, ""), "    no minimum can be had in the next three months"),
    ],
)
def test_of_what_covers_a_transit_the_next_is_told_and_no_limit_spoken_of(event: NextEvent, words: str) -> None:
    goal = GoalWhy("Ha-60s", 1, 0, Reason("no-transit-tonight", "no transit falls"), (), {}, following=event)
    assert [*page(Why((goal,), ()))] == [f"  Ha-60s: nothing: no transit falls (no-transit-tonight)\n{words}"]


def test_of_what_is_not_built_yet_no_sky_is_blamed() -> None:
    goal = GoalWhy("L-60s", 9, 0, Reason("not-built-yet", "'tle' is not carried out yet"), (), {}, ("the site",))
    (said,) = page(Why((goal,), ()))
    assert said == "  L-60s: nothing: 'tle' is not carried out yet (not-built-yet)"
