"""The journal loses nothing that counted, and counts nothing that was lost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.journal import Journal, moment, read, stamp

AT = datetime(2026, 11, 21, 19, 30, 0, 250000, tzinfo=UTC)


def test_an_entry_is_one_line_with_time_night_and_event(tmp_path: Path) -> None:
    with Journal(tmp_path / "2026-11-21.jsonl", "2026-11-21") as journal:
        journal.write(AT, "roof-opened", {"by": "end switch"})
    assert (tmp_path / "2026-11-21.jsonl").read_text() == (
        '{"time": "2026-11-21T19:30:00.250Z", "night": "2026-11-21", "event": "roof-opened", "by": "end switch"}\n'
    )


def test_a_line_cut_short_by_a_crash_is_dropped_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    with Journal(path, "n") as journal:
        journal.write(AT, "first", {})
    with path.open("a") as file:
        file.write('{"time": "2026-11-21T19:')
    assert [entry["event"] for entry in read(path)] == ["first"]
    with Journal(path, "n") as journal:
        journal.write(AT, "second", {})
    assert [entry["event"] for entry in read(path)] == ["first", "second"]


def test_a_number_that_json_cannot_say_is_refused_before_it_is_written(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal, pytest.raises(ValueError, match="JSON"):
        journal.write(AT, "weather", {"wind": float("nan")})
    assert list(read(tmp_path / "j.jsonl")) == []


def test_no_journal_is_an_empty_journal(tmp_path: Path) -> None:
    assert list(read(tmp_path / "none.jsonl")) == []


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_stamp_reads_back_to_the_millisecond(when: datetime) -> None:
    aware = when.replace(tzinfo=UTC, microsecond=when.microsecond // 1000 * 1000)
    assert moment(stamp(aware)) == aware


def test_every_line_is_json_by_itself(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, "verdict", {"reason": "line\nbreak – and ümlaut"})
    (line,) = (tmp_path / "j.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "line\nbreak – and ümlaut"
