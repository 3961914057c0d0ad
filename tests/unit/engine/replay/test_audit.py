"""A replay finds what a journal says otherwise than its own evidence, and where."""

import json
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.ports import Reading
from obsy.engine.journal import moment, stamp
from obsy.engine.replay.audit import RoofAudit, audit
from obsy.engine.replay.evidence import unpacked
from obsy.engine.safety.judging import GONE, Evidence
from obsy.engine.safety.packing import packed
from obsy.errors import UserError
from tests.unit.engine.replay.test_evidence import NIGHT, calm, played

SOON, SILENT = timedelta(seconds=10), timedelta(minutes=16)
WET = Evidence(NIGHT, "rain-sensor", Reading({"rain": 2.5}, NIGHT))


@pytest.fixture
def entries() -> list[Any]:
    """A night that becomes safe, and then wet."""
    return played([*calm(200), (5_000, WET), *calm(9)], set())[0]


def written(folder: Path, entries: list[Any]) -> Path:
    path = folder / "journal.jsonl"
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return path


def test_a_journal_that_nobody_touched_comes_out_the_same(tmp_path: Path, entries: list[Any]) -> None:
    found = audit(written(tmp_path, entries))
    assert found.differences == []
    assert found.compared["verdict"] == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0.0 mm/h"', '"1.0 mm/h"'),
        ("[[0, 0, 0, 0.0]", "[[0, 0, 0, 0.5]"),
        ("2.5]", "0.0]"),
    ],
)
def test_what_was_changed_afterwards_is_found(tmp_path: Path, entries: list[Any], old: str, new: str) -> None:
    text = str(entries)
    for entry in entries:
        if entry["event"] == "evidence":
            entry["seen"] = packed(json.loads(json.dumps(unpacked(entry["seen"])).replace(old, new)))
            entry["rules"] = json.loads(json.dumps(entry.get("rules")).replace(old, new))
    assert str(entries) != text
    assert audit(written(tmp_path, entries)).differences


def notes_under(entries: list[Any], old: str, new: str) -> list[Any]:
    """The notes of a night, as if other rules had been in force; its verdicts are left out."""
    notes = [entry for entry in entries if entry["event"] == "evidence"]
    for note in notes:
        rules = json.dumps(note.get("rules"))
        assert note.get("rules") is None or old in rules
        note["rules"] = json.loads(rules.replace(old, new))
    return notes


def test_rules_under_which_only_what_is_remembered_differs_are_found(tmp_path: Path) -> None:
    """A gust that is shorter than its hold turns no verdict."""
    gust = Evidence(NIGHT, "mast", Reading({"wind": 90.0}, NIGHT))
    notes = notes_under(played([*calm(200), (5_000, gust)], set())[0], '"40.0 km/h"', '"95.0 km/h"')
    found = [each for each in audit(written(tmp_path, notes)).differences if each.journal != "nothing is written"]
    assert [(each.line, each.journal) for each in found] == [(n, notes[n - 1]["memory"]) for n in (4, 5)]
    assert all(isinstance(each.replay, str) and each.replay != each.journal for each in found)


def test_rules_under_which_only_a_verdict_differs_are_found_by_the_notes_alone(tmp_path: Path) -> None:
    notes = notes_under(played(calm(200), set())[0], '"dwell": "240.0 s"', '"dwell": "300.0 s"')
    told = [note["verdict"] for note in notes[1:3]]
    found = [each for each in audit(written(tmp_path, notes)).differences if each.journal != "nothing is written"]
    assert [each.journal for each in found if isinstance(each.journal, dict)] == told
    assert [each.line for each in found] == [2, 3]
    assert not any(each.replay["safe"] for each in found if isinstance(each.replay, dict))


def test_a_verdict_that_nothing_led_to_is_named_by_its_line(tmp_path: Path, entries: list[Any]) -> None:
    place = next(n for n, entry in enumerate(entries) if entry["event"] == "verdict" and entry["safe"])
    entries[place] |= {"safe": False}
    (found,) = audit(written(tmp_path, entries)).differences
    assert (found.line, found.time) == (place + 1, entries[place]["time"])
    assert found.journal != found.replay


def test_what_the_night_says_of_a_guard_that_is_gone_is_not_the_keepers(tmp_path: Path, entries: list[Any]) -> None:
    gone = {"safe": False, "reason": "the guard of the roof does not answer", "input": ""}
    entries.append({"time": entries[-1]["time"], "event": "verdict", **gone})
    assert not audit(written(tmp_path, entries)).differences


def test_where_a_note_is_missing_nothing_is_claimed_until_all_is_stated_again(tmp_path: Path) -> None:
    story = [*calm(200), (5_000, WET), *calm(600)]
    entries, _, _ = played(story, {400})
    notes = [n for n, entry in enumerate(entries) if entry["event"] == "evidence"]
    lost = next(n for n in notes if entries[n]["part"] == 2)
    assert entries[lost + 1]["event"] == "verdict"
    del entries[lost : lost + 2]
    found = audit(written(tmp_path, entries))
    assert found.differences == []
    (gap,) = found.roofs[""].gaps
    assert timedelta() < gap.end - gap.start
    assert len(found.roofs[""].stretches) == 2


def test_a_note_that_obsy_has_not_written_is_a_difference(tmp_path: Path, entries: list[Any]) -> None:
    place = next(n for n, entry in enumerate(entries) if entry["event"] == "evidence" and entry["seen"])
    entries[place]["seen"] = packed([[1, 77, "what?"]])
    assert place + 1 in {each.line for each in audit(written(tmp_path, entries)).differences}


def test_a_journal_of_an_older_version_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, [{"time": "2026-11-21T20:00:00.000Z", "event": "verdict", "safe": True, "reason": "fair"}])
    with pytest.raises(UserError, match="does not say what its verdicts rested on"):
        audit(path)


def turns(entries: list[Any]) -> list[int]:
    """The places of the verdicts: not yet, safe, unsafe."""
    return [place for place, entry in enumerate(entries) if entry["event"] == "verdict"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_verdict_that_was_never_written_is_a_difference(tmp_path: Path, entries: list[Any], which: int) -> None:
    gone = entries.pop(turns(entries)[which])
    (found,) = audit(written(tmp_path, entries)).differences
    assert found.journal == "nothing is written"
    assert found.replay["reason"] == gone["reason"]


def test_an_unsafe_verdict_that_was_written_too_late_is_a_difference(tmp_path: Path, entries: list[Any]) -> None:
    entries.append({**entries.pop(turns(entries)[-1]), "time": "2026-11-22T05:00:00.000Z"})
    assert audit(written(tmp_path, entries)).differences


def test_a_night_does_not_say_of_itself_that_it_is_safe(tmp_path: Path, entries: list[Any]) -> None:
    entries[turns(entries)[-1]] |= {"safe": True, "reason": "the guard of the roof does not answer", "input": ""}
    assert audit(written(tmp_path, entries)).differences


def test_a_night_that_lost_its_guard_was_not_told_what_turned_meanwhile(tmp_path: Path, entries: list[Any]) -> None:
    place = turns(entries)[1]
    gone = {"safe": False, "reason": "the guard of the roof does not answer", "input": ""}
    entries[place] |= gone
    assert audit(written(tmp_path, entries)).differences == []


def test_a_journal_whose_notes_end_long_before_it_does_has_a_gap(tmp_path: Path, entries: list[Any]) -> None:
    assert audit(written(tmp_path, entries)).is_whole
    later = {"time": "2026-11-21T23:00:00.000Z", "event": "weather"}
    found = audit(written(tmp_path, [*entries, later]))
    (gap,) = found.roofs[""].gaps
    assert (found.is_whole, gap.end) == (False, moment(later["time"]))


def test_verdicts_of_which_no_note_tells_are_counted_as_not_compared(tmp_path: Path, entries: list[Any]) -> None:
    other = [{**entries[place], "enclosure": "other"} for place in turns(entries)]
    found = audit(written(tmp_path, [*entries, *other]))
    assert (found.roofs["other"].uncompared, found.is_whole) == (3, False)


TABLE = {
    "kind": "night",
    "name": "small",
    "initial": "waiting",
    "safe": ["waiting", "closing", "finished"],
    "states": {
        "waiting": {"do": "wait"},
        "opening": {"do": "open"},
        "observing": {"do": "observe"},
        "closing": {"do": "close"},
        "finished": {"do": "rest"},
    },
    "moves": [
        {"source": "waiting", "event": "dusk", "dest": "opening", "guards": ["is_safe", "is_dark", "work_left"]},
        {"source": "waiting", "event": "dawn", "dest": "finished"},
        *(
            {"source": source, "event": event, "dest": "closing"}
            for source, event in chain(
                (("opening", each) for each in ("failed", "unsafe", "dawn")),
                (("observing", each) for each in ("done", "failed", "unsafe", "dawn")),
                [("closing", "failed")],
            )
        ),
        {"source": "opening", "event": "done", "dest": "observing"},
        {"source": "closing", "event": "done", "dest": "finished"},
    ],
}
MOVE = {
    "event": "state",
    "from": "waiting",
    "on": "dusk",
    "to": "opening",
    "facts": {"is_safe": True, "is_dark": True, "work_left": True, "calibration_missing": False, "dusk_ahead": False},
    "detail": "",
}


@pytest.fixture
def night(entries: list[Any]) -> list[Any]:
    """The same, and the roof was opened as soon as it was safe."""
    begin = {"time": entries[0]["time"], "event": "night-started", "tables": {"": TABLE}, "state": "waiting"}
    place = turns(entries)[1] + 1
    when = {"time": entries[place - 1]["time"]}
    moves = [{**MOVE, **when}, {**when, "event": "roof-opening"}]
    end = {"time": entries[-1]["time"], "event": "night-interrupted"}
    return [begin, *entries[:place], *moves, *entries[place:], end]


def place_of(night: list[Any], event: str) -> int:
    return next(place for place, entry in enumerate(night) if entry["event"] == event)


def test_a_move_that_the_table_does_not_make_is_found(tmp_path: Path, night: list[Any]) -> None:
    assert audit(written(tmp_path, night)).differences == []
    assert audit(written(tmp_path, night)).is_whole
    night[place_of(night, "state")] |= {"to": "observing"}
    found = audit(written(tmp_path, night)).differences[0]
    assert (found.journal, found.replay) == ("observing", "opening")


@pytest.mark.parametrize("event", ["state", "roof-opening"])
@pytest.mark.parametrize("at", [1, -1])
def test_a_roof_that_was_opened_while_it_was_not_safe_is_found(
    tmp_path: Path, night: list[Any], event: str, at: int
) -> None:
    """Before anything was read, and long after it had become wet."""
    moved = night.pop(place_of(night, event))
    night.insert(at % len(night), {**moved, "time": night[at if at < 0 else 0]["time"]})
    assert ({"is_safe": True}, {"is_safe": False}) in [each[3:] for each in audit(written(tmp_path, night)).differences]


def test_a_move_that_took_what_was_safe_for_unsafe_is_found(tmp_path: Path, night: list[Any]) -> None:
    place = place_of(night, "state")
    late = "2026-11-21T20:20:00.000Z"
    waits = {**MOVE, "facts": {**MOVE["facts"], "is_safe": False}, "on": "dawn", "to": "finished", "time": late}
    story = [*night[:place], waits]
    assert {"is_safe": False} in [each.journal for each in audit(written(tmp_path, story)).differences]


def test_a_move_that_is_missing_is_found(tmp_path: Path, night: list[Any]) -> None:
    del night[place_of(night, "state")]
    (found,) = audit(written(tmp_path, night)).differences
    assert (found.journal, found.replay) == ("open", "wait")
    done = {**MOVE, "from": "opening", "on": "done", "to": "observing", "time": night[-2]["time"]}
    found = audit(written(tmp_path, [*night[:-1], done])).differences[1]
    assert (found.journal, found.replay) == ("opening", "waiting")


def test_a_journal_that_ends_before_its_night_is_not_whole(tmp_path: Path, night: list[Any]) -> None:
    found = audit(written(tmp_path, night[:-1]))
    assert (found.is_cut, found.is_whole, found.differences) == (True, False, [])


MOMENT = timedelta(milliseconds=1)
SILENCE = {"event": "verdict", "safe": False, "reason": GONE.reason, "input": ""}


def later(entry: dict[str, Any], by: timedelta) -> dict[str, Any]:
    """The same, written so much later."""
    return {**entry, "time": stamp(moment(entry["time"]) + by)}


@pytest.mark.parametrize(("late", "count"), [(SOON, 0), (SOON + MOMENT, 1)])
def test_a_verdict_may_be_written_ten_seconds_after_it_turned_and_no_later(
    tmp_path: Path, entries: list[Any], late: timedelta, count: int
) -> None:
    entries.append(later(entries.pop(turns(entries)[-1]), late))
    assert len(audit(written(tmp_path, entries)).differences) == count


@pytest.mark.parametrize(("late", "count"), [(timedelta(), 0), (SOON, 0), (SOON + MOMENT, 1)])
def test_a_verdict_that_the_journals_end_leaves_no_time_for_is_not_missing(
    tmp_path: Path, entries: list[Any], late: timedelta, count: int
) -> None:
    place = turns(entries)[-1]
    last = {**later(entries[place], late), "event": "weather"}
    assert len(audit(written(tmp_path, [*entries[:place], last])).differences) == count


@pytest.mark.parametrize(("late", "count"), [(SILENT, 0), (SILENT + MOMENT, 1)])
def test_a_keeper_may_be_silent_for_a_quarter_of_an_hour_and_a_little(
    tmp_path: Path, entries: list[Any], late: timedelta, count: int
) -> None:
    last = {**later(entries[-1], late), "event": "weather"}
    assert entries[-1]["event"] == "evidence"
    assert len(audit(written(tmp_path, [*entries, last])).roofs[""].gaps) == count


def test_verdicts_that_a_slow_night_writes_together_are_compared_each_with_its_own(tmp_path: Path) -> None:
    """Safe, and wet five seconds later."""
    count = next(n for n in range(3, 300, 3) if len(turns(played(calm(n), set())[0])) == 2)
    entries, _, _ = played([*calm(count), (5_000, WET), *calm(9)], set())
    _, safe, wet = turns(entries)
    entries.insert(wet - 1, entries.pop(safe))
    assert turns(entries)[1:] == [wet - 1, wet]
    assert audit(written(tmp_path, entries)).differences == []
    told = [entry for entry in entries if entry["event"] == "verdict"]
    seen = [entry for entry in entries if entry["event"] != "verdict"]
    assert audit(written(tmp_path, [*seen, *told])).differences == []


def test_a_verdict_in_other_words_is_one_difference_though_all_was_stated_between(tmp_path: Path) -> None:
    entries, _, _ = played([*calm(200), (5_000, WET), *calm(9)], {190})
    place = turns(entries)[-1]
    assert sum(entry.get("standing") is not None for entry in entries[:place]) == 2
    entries[place] |= {"reason": "a hunch"}
    (found,) = audit(written(tmp_path, entries)).differences
    assert (found.line, found.journal["reason"]) == (place + 1, "a hunch")


def test_a_night_that_hears_its_guard_again_is_told_what_turns_from_then_on(tmp_path: Path, entries: list[Any]) -> None:
    first, second, last = turns(entries)
    entries[first] = {**entries[first], **SILENCE}
    missing = entries.pop(last)
    assert second < last
    (found,) = audit(written(tmp_path, entries)).differences
    assert found.replay["reason"] == missing["reason"]


def test_two_losses_are_two_gaps(tmp_path: Path) -> None:
    story = [*calm(200), (5_000, WET), *calm(600), (5_000, WET), *calm(600)]
    entries, _, _ = played(story, {400, 900})
    notes = [n for n, entry in enumerate(entries) if entry["event"] == "evidence"]
    stated = [n for n in notes if entries[n].get("standing") is not None]
    assert len(stated) == 4
    lost = {next(n for n in reversed(notes) if n < after) for after in stated[1:3]}
    verdicts = {n + 1 for n in lost if entries[n + 1]["event"] == "verdict"}
    found = audit(written(tmp_path, [entry for n, entry in enumerate(entries) if n not in lost | verdicts]))
    first, second = found.roofs[""].gaps
    assert first.start < first.end < second.start < second.end


def verdict(at: timedelta, safe: bool, **more: Any) -> dict[str, Any]:
    return {"time": stamp(NIGHT + at), "safe": safe, "reason": "fair", "input": "", **more}


S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stood", "at", "accepted"),
    [
        ([], 0 * S, {False}),
        ([(0 * S, True)], 0 * S, {False, True}),
        ([(0 * S, True)], SOON, {False, True}),
        ([(0 * S, True)], SOON + MOMENT, {True}),
        ([(0 * S, False)], 5 * S, {False}),
        ([(0 * S, True), (60 * S, False)], 65 * S, {False, True}),
        ([(0 * S, True), (60 * S, False)], 60 * S + SOON + MOMENT, {False}),
        ([(0 * S, True), (60 * S, False), (61 * S, False)], 65 * S, {False}),
    ],
)
def test_a_move_may_have_taken_what_stood_ten_seconds_ago_for_the_verdict(
    stood: list[tuple[timedelta, bool]], at: timedelta, accepted: set[bool]
) -> None:
    roof = RoofAudit()
    for when, safe in stood:
        assert list(roof.verdict(verdict(when, safe))) == []
    for is_safe in (False, True):
        ((said, found),) = roof.acted(NIGHT + at, is_safe)
        assert said == {"is_safe": is_safe}
        assert (said == found) is (is_safe in accepted)


def test_a_move_may_take_what_its_keeper_has_judged_already_for_the_verdict(tmp_path: Path, night: list[Any]) -> None:
    place = next(n for n, entry in enumerate(night) if entry["event"] == "verdict" and "rain" in entry["reason"])
    unsafe = {**MOVE, "from": "opening", "on": "dawn", "to": "closing", "time": night[place]["time"]}
    unsafe["facts"] = {**MOVE["facts"], "is_safe": False}
    assert audit(written(tmp_path, [*night[:place], unsafe, *night[place:]])).differences == []


def test_a_night_that_is_taken_up_again_owes_no_verdict_of_the_one_that_was_killed(
    tmp_path: Path, night: list[Any]
) -> None:
    place = next(n for n, entry in enumerate(night) if entry["event"] == "verdict" and "rain" in entry["reason"])
    after = {**night[0], "event": "night-resumed", "time": night[place]["time"], "state": "closing"}
    end = later({**night[-1]}, 2 * SOON)
    assert audit(written(tmp_path, [*night[:place], after, *night[place + 1 : -1], end])).differences == []


def test_a_night_that_begins_is_owed_every_verdict_though_the_one_before_had_lost_its_guard(entries: list[Any]) -> None:
    def owed(*, begins: bool) -> list[Any]:
        roof = RoofAudit()
        assert list(roof.verdict({**SILENCE, "time": entries[0]["time"]})) == []
        if begins:
            roof.begin()
        for entry in entries:
            if entry["event"] == "evidence":
                assert all(said == found for said, found in roof.note(entry))
        return list(roof.end(moment(entries[-1]["time"]) + SILENT))

    assert owed(begins=False) == []
    assert [said for said, _ in owed(begins=True)] == ["nothing is written"] * 3


def test_an_opening_that_does_not_say_where_it_begins_is_taken_at_its_first_move(
    tmp_path: Path, night: list[Any]
) -> None:
    del night[0]["state"]
    assert audit(written(tmp_path, night)).differences == []


def test_a_line_that_cannot_be_read_is_counted_with_the_others(tmp_path: Path, entries: list[Any]) -> None:
    place = turns(entries)[1]
    entries[place] |= {"reason": "a hunch"}
    del entries[turns(entries)[2]]
    lines = [json.dumps(entry) for entry in entries]
    path = tmp_path / "journal.jsonl"
    path.write_text("\n".join([lines[0], "torn", "torn", *lines[1:], ""]))
    found = audit(path)
    assert [each.line for each in found.differences] == [place + 3, len(lines) + 2]
