"""What verdicts rested on is read back from the journal whole, whatever the readings were."""

import json
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from math import inf, nan
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ports import Reading
from obsy.engine.events import Event
from obsy.engine.journal import stamp
from obsy.engine.replay.audit import Audit
from obsy.engine.replay.evidence import seen_again, stated, unpacked
from obsy.engine.safety.evidence import MOST, EvidenceLog
from obsy.engine.safety.judging import Evidence, JudgedInput, Judging
from obsy.engine.safety.verdict import Verdict
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from tests.support.effort import examples

NIGHT = datetime(2026, 11, 21, 20, tzinfo=UTC)
SAFETY = Safety.model_validate(
    {
        "limits": {
            "rain": "above 0 mm/h",
            "wind": "above 40 km/h and hold for 1 min and clear for 2 min",
            "temperature": "below -12 degC and hold for 1.5 min",
        },
        "dwell": "4 min",
    }
)
OVERRIDES = tuple(
    Override.model_validate(
        {
            "kind": "override",
            "name": name,
            "owner": "Ana",
            "reason": "it is broken",
            "since": "2026-11-21 18:00 UTC",
            "until": "2026-11-22 06:00 UTC",
            **what,
        }
    )
    for name, what in {
        "no-station": {"ignore": "station"},
        "no-mast": {"ignore": "mast"},
        "windy": {"limits": {"wind": "above 80 km/h and hold for 2 min"}},
    }.items()
)
INPUTS = (
    JudgedInput("rain-sensor", ("rain",), 60.0),
    JudgedInput("station", ("wind", "temperature"), 130.0),
    JudgedInput("mast", ("wind",), 45.0),
)
VALUES = {
    "rain": st.sampled_from([0.0, 0.0, 0.0, 0.004, 2.5, nan, inf]),
    "wind": st.sampled_from([10.0, 10.0, 12.600000000000001, 40.0, 40.1, 90.0, -1.0]),
    "temperature": st.sampled_from([5.0, 5.0, -12.0, -12.5, None]),
}


@st.composite
def sights(draw: st.DrawFn) -> Evidence:
    """One thing seen, some time after the one before; `at` is filled in later."""
    kind = draw(st.sampled_from(["reading"] * 12 + ["failing", "look", "distrust", "trust", "override"]))
    if kind == "reading":
        each = draw(st.sampled_from(INPUTS))
        values = {name: value for name in each.measures if (value := draw(VALUES[name])) is not None}
        age = timedelta(milliseconds=draw(st.sampled_from([0, 5, 1000, 50_000])))
        return Evidence(NIGHT, each.name, Reading(values, NIGHT - age))
    if kind == "override":
        return Evidence(NIGHT, overrides=tuple(sorted(draw(st.sets(st.sampled_from([o.name for o in OVERRIDES]))))))
    if kind == "failing":
        return Evidence(
            NIGHT, draw(st.sampled_from(INPUTS)).name, None, draw(st.sampled_from(["gone", "silent\n for 10 s"]))
        )
    return Evidence(NIGHT, why="a hand on the roof" if kind == "distrust" else "", trusts=kind == "trust")


def calm(count: int, rain: float = 0.0) -> list[tuple[int, Evidence]]:
    """A night in which nothing changes."""
    good = {"rain": rain, "wind": 10.0, "temperature": 5.0}
    each = [Evidence(NIGHT, it.name, Reading({name: good[name] for name in it.measures}, NIGHT)) for it in INPUTS]
    return [(10_000 if n % 3 == 0 else 7, each[n % 3]) for n in range(count)]


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[int, Evidence]]:
    """Some time in which some inputs say the same again and again, at a pace of their own."""
    speaking = draw(st.lists(st.sampled_from(INPUTS), min_size=1, max_size=4))
    said = {each.name: {name: draw(VALUES[name]) for name in each.measures} for each in speaking}
    gaps = draw(st.lists(st.sampled_from([3, 2_000, 9_000, 20_000, 44_000]), min_size=1, max_size=4))
    story = []
    for number in range(draw(st.integers(2, 14))):
        each = speaking[number % len(speaking)]
        values = {name: value for name, value in said[each.name].items() if value is not None}
        age = timedelta(milliseconds=draw(st.sampled_from([0, 0, 700])))
        seen = [Evidence(NIGHT, each.name, Reading(values, NIGHT - age))]
        seen += [Evidence(NIGHT)] * draw(st.sampled_from([0, 0, 1]))
        story += [(gaps[number % len(gaps)], it) for it in seen]
    return story


def after(seen: Evidence, milliseconds: int) -> Evidence:
    """The same so much after the beginning."""
    passed, reading = timedelta(milliseconds=milliseconds), seen.reading
    later = Reading(reading.values, reading.taken_at + passed) if reading is not None else None
    return Evidence(seen.at + passed, seen.input, later, seen.why, seen.trusts, seen.overrides)


def played(story: list[tuple[int, Evidence]], restated: set[int]) -> tuple[list[Any], list[Verdict], Judging]:
    """The journal of what was seen, with its verdicts: as lines of JSON would give it back."""
    judging, entries, turns = Judging(SAFETY, INPUTS, NIGHT, OVERRIDES), list[Any](), list[Verdict]()
    passed = 0

    def take(seen: Evidence) -> None:
        if log.take(seen):
            turns.append(judging.current)
            told = {"safe": judging.current.safe, "reason": judging.current.reason, "input": judging.current.input}
            entries.append({"time": stamp(seen.at), "event": "verdict", **told})

    def note(event: Event) -> None:
        when = stamp(NIGHT + timedelta(milliseconds=passed))
        entries.append(json.loads(json.dumps({"time": when, "event": event.name, **event.facts()}, allow_nan=False)))

    log = EvidenceLog(judging, NIGHT, note)
    for number, (later, sight) in enumerate(story):
        before, passed = NIGHT + timedelta(milliseconds=passed), passed + later
        seen = after(sight, passed)
        while (turn := min(judging.turns(before), default=seen.at)) < seen.at:  # as the monitor does
            take(Evidence(before := turn))
        take(seen)
        if number in restated:
            log.restate(seen.at)
    log.restate(NIGHT + timedelta(milliseconds=passed))
    return entries, turns, judging


STORIES = st.lists(
    st.one_of(
        stretches(),
        stretches(),
        st.tuples(st.sampled_from([0, 1, 999, 10_000, 61_000]), sights()).map(lambda each: [each]),
        st.integers(3, 60).map(calm),
    ),
    max_size=12,
)


OLD = Evidence(NIGHT, "rain-sensor", Reading({"rain": 0.0}, NIGHT - timedelta(seconds=50)))
"""A word that is nearly gone when it comes; the next comes in time."""


@example([[(0, OLD)], calm(7)], set())
@example([calm(3), [(3, calm(1)[0][1])] * 2, [(3, calm(3)[2][1])] * 2], {0, 3})  # one speaks seldom, beside a new note
@given(STORIES, st.sets(st.integers(0, 100), max_size=3))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_was_seen_is_judged_again_to_the_last_bit(
    story: list[list[tuple[int, Evidence]]], restated: set[int]
) -> None:
    entries, turns, judging = played([*calm(3), *chain.from_iterable(story)], restated)
    found = Audit()
    for line, entry in enumerate(entries, 1):
        found.take(line, entry)
    assert not found.differences
    assert found.compared.get("verdict", 0) == len(turns)
    again, roof = found.roofs[""]._again, found.roofs[""]
    assert again is not None and not roof.gaps
    assert again.judging.memory == judging.memory
    assert repr(again.judging.current) == repr(judging.current)


@given(STORIES)
@example([[(1_000, Evidence(NIGHT, overrides=("no-mast",)))]])
@settings(max_examples=examples(30), deadline=None)
def test_a_note_that_states_all_says_how_all_stood(story: list[list[tuple[int, Evidence]]]) -> None:
    entries, _, judging = played([*calm(2), *chain.from_iterable(story)], set())
    again = stated(entries[-1])
    found = again.judging
    assert (found.unasked, found.overriding) == (judging.unasked, judging.overriding)
    assert {name: repr(each) for name, each in found.newest.items()} == {
        name: repr(each) for name, each in judging.newest.items()
    }
    assert {name: why for name, why in found.failing.items() if why} == {
        name: why for name, why in judging.failing.items() if why
    }
    assert (repr(found.memory), repr(found.current)) == (repr(judging.memory), repr(judging.current))
    assert {name: each.why for name, each in again.heard.items()} == found.failing
    assert set(found.failing) == {each.name for each in INPUTS} - judging.unasked


def test_inputs_that_repeat_at_the_same_moments_are_judged_again_too() -> None:
    entries, _, _ = played([(later if later > 7 else 0, seen) for later, seen in calm(90)], set())
    found = Audit()
    for line, entry in enumerate(entries, 1):
        found.take(line, entry)
    assert not found.differences


@pytest.mark.parametrize("rain", [0.0, 2.5])
def test_what_repeats_and_decides_nothing_is_only_counted(rain: float) -> None:
    entries, _, _ = played(calm(1500, rain), set())
    quiet = [entry for entry in entries if entry["event"] == "evidence" and "rules" not in entry]
    assert sorted(len(unpacked(entry["seen"])) for entry in quiet)[len(quiet) // 2] <= len(INPUTS)
    assert sum(map(len, map(json.dumps, quiet))) < 6_000


def test_a_note_is_never_too_long_for_the_wire() -> None:
    storm = [(100, Evidence(NIGHT, "mast", None, f"{'x' * 190} {n}")) for n in range(1000)]
    entries, _, _ = played([*calm(3), *storm], set())
    assert max(len(unpacked(entry["seen"])) for entry in entries if entry["event"] == "evidence") <= MOST
    assert max(len(json.dumps(entry)) for entry in entries) < 65_536 * 0.8


def told(*story: Evidence) -> list[Any]:
    """What the notes say was seen, a second apart, without its times."""
    entries, _, _ = played([(1_000, seen) for seen in story], set())
    return [line[1:] for entry in entries if entry["event"] == "evidence" for line in unpacked(entry["seen"])]


def test_each_run_of_what_repeats_is_counted_in_its_place_and_a_look_that_finds_nothing_is_not_noted() -> None:
    calm_, windy = (Evidence(NIGHT, "mast", Reading({"wind": kmh}, NIGHT)) for kmh in (10.0, 30.0))
    gone, other = (Evidence(NIGHT, "mast", None, why) for why in ("gone", "silent"))
    look, ignored = Evidence(NIGHT), Evidence(NIGHT, overrides=("no-mast",))
    assert told(calm_, look, calm_, calm_, windy, look, windy, windy, ignored, calm_) == [
        [2, 0, 10.0], [2, 0, [2]], [2, 0, 30.0], [2, 0, [2]], [["no-mast"]], [2, 0, 10.0],
    ]  # fmt: skip
    wet = Evidence(NIGHT, "rain-sensor", Reading({"rain": 2.5}, NIGHT))
    fine = [seen for _, seen in calm(3)]
    anew = [[1, 0, [1]], [2, 0, [1]]]  # once more, after what decided something
    first = [[0, 0, 0.0], [1, 0, 10.0, 5.0], [2, 0, 10.0]]
    assert told(*fine, *fine, wet, *fine[1:], *fine[1:]) == [*first, [0, 0, [1]], *anew, [0, 0, 2.5], *anew, *anew]
    assert told(gone, gone, gone, other, gone) == [[2, "gone"], [2, "gone", 2], [2, "silent"], [2, "gone"]]


def test_a_note_tells_the_verdict_only_where_it_turned_or_where_all_is_stated() -> None:
    wet = Evidence(NIGHT, "rain-sensor", Reading({"rain": 2.5}, NIGHT))
    entries, _, _ = played([*calm(9), (10_000, wet), *calm(300)], set())
    turned = [before for before, after in pairwise(entries) if after["event"] == "verdict"]
    whole = [entry for entry in entries if entry.get("standing") is not None]
    told_in = [entry for entry in entries if entry["event"] == "evidence" and entry.get("verdict") is not None]
    assert told_in == [entry for entry in entries if entry in turned or entry in whole]
    assert len(turned) >= 2
    assert len(entries) > len(turned) * 2 + len(whole), "some notes tell none"


def test_what_answers_again_is_heard_once_where_all_is_stated() -> None:
    entries, _, _ = played([(1_000, Evidence(NIGHT, "mast", None, "gone")), *calm(3)], set())
    assert len(entries[-1]["standing"]["heard"]) == len(INPUTS)


@pytest.mark.parametrize(("later_ms", "noted"), [(44_999, [[2, 0, 10.0], [2, 0, [1]]]), (45_000, [[2, 0, 10.0]] * 2)])
def test_a_word_that_comes_as_the_one_before_expires_repeats_nothing(later_ms: int, noted: list[Any]) -> None:
    mast = Evidence(NIGHT, "mast", Reading({"wind": 10.0}, NIGHT))
    entries, _, _ = played([(1_000, mast), (later_ms, mast)], set())
    notes = [entry for entry in entries if entry["event"] == "evidence"]
    assert [line[1:] for entry in notes for line in unpacked(entry["seen"]) if len(line) > 1] == noted


def test_an_input_that_has_never_answered_is_heard_again_as_often_as_it_was_asked() -> None:
    gone = Evidence(NIGHT, "mast", None, "gone")
    entries, _, _ = played([(1_000, gone)] * 9, set())
    whole, *notes = [entry for entry in entries if entry["event"] == "evidence"]
    again = stated(whole)
    heard = [seen for note in notes for seen in seen_again(note, again)]
    assert [(seen.at - NIGHT).total_seconds() for seen in heard if seen.why == "gone"] == [*range(1, 10)]


@pytest.mark.parametrize(
    "sight",
    [
        Evidence(NIGHT, why="a hand on the roof"),
        Evidence(NIGHT, trusts=True),
        Evidence(NIGHT, overrides=("no-mast",)),
        Evidence(NIGHT, "mast", None, "gone"),
        Evidence(NIGHT, "mast", Reading({"wind": 90.0}, NIGHT)),
    ],
)
def test_each_kind_of_evidence_is_read_back_as_it_was(sight: Evidence) -> None:
    found, again = list[Evidence](), None
    for note in (entry for entry in played([*calm(3), (5_000, sight)], set())[0] if entry["event"] == "evidence"):
        again = again or stated(note)
        for seen in seen_again(note, again):
            again.judging.take(seen)
            found.append(seen)
    assert found[-1] == after(sight, 10_014 + 5_000)
