"""The journal loses nothing that counted, and counts nothing that was lost."""

import json
import logging
import os
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine import journal as journals
from obsy.engine.aside import Aside
from obsy.engine.events.frames import FramesAsked
from obsy.engine.events.observing import WaitingBegun
from obsy.engine.events.roof import AlarmRaised, RoofClosed, RoofClosing, RoofOpened, RoofOpening, WeatherNoted
from obsy.engine.fold import fold
from obsy.engine.identity import KEYWORDS
from obsy.engine.journal import Entry, Journal, moment, python_heard, read, stamp, tell_stderr, tickets
from tests.support.effort import examples
from tests.support.waiting import wait_until

AT = datetime(2026, 11, 21, 19, 30, 0, 250000, tzinfo=UTC)


def test_an_entry_is_one_line_with_time_night_and_event(tmp_path: Path) -> None:
    with Journal(tmp_path / "2026-11-21.jsonl", "2026-11-21") as journal:
        journal.write(AT, AlarmRaised(reason="stuck"))
    assert (tmp_path / "2026-11-21.jsonl").read_text() == (
        '{"time": "2026-11-21T19:30:00.250Z", "night": "2026-11-21", "event": "alarm", "reason": "stuck"}\n'
    )


def test_a_line_cut_short_by_a_crash_is_dropped_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    with Journal(path, "n") as journal:
        journal.write(AT, RoofOpening())
    with path.open("a") as file:
        file.write('{"time": "2026-11-21T19:')
    assert [entry["event"] for entry in read(path)] == ["roof-opening"]
    with Journal(path, "n") as journal:
        journal.write(AT, RoofOpened())
    assert [entry["event"] for entry in read(path)] == ["roof-opening", "roof-opened"]


def test_a_number_that_json_cannot_say_is_refused_before_it_is_written(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal, pytest.raises(ValueError, match="JSON"):
        journal.write(AT, WeatherNoted(wind=float("nan")))
    assert list(read(tmp_path / "j.jsonl")) == []


def test_a_name_that_is_no_utf_8_is_written_with_its_bytes_as_numbers(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, AlarmRaised(reason=b"im\xffage.jpg".decode(errors="surrogateescape")))
    assert [entry["reason"] for entry in read(tmp_path / "j.jsonl")] == [r"im\udcffage.jpg"]


def test_no_journal_is_an_empty_journal(tmp_path: Path) -> None:
    assert list(read(tmp_path / "none.jsonl")) == []


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_stamp_reads_back_to_the_millisecond(when: datetime) -> None:
    aware = when.replace(tzinfo=UTC, microsecond=when.microsecond // 1000 * 1000)
    assert moment(stamp(aware)) == aware


def test_every_line_is_json_by_itself(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, AlarmRaised(reason="line\nbreak – and ümlaut"))
    (line,) = (tmp_path / "j.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "line\nbreak – and ümlaut"


def test_a_journal_without_an_event_is_no_file(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal" / "2026-11-21.jsonl", "2026-11-21"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_observer_hears_what_is_on_the_disk_already(tmp_path: Path) -> None:
    seen: list[str] = []
    with Journal(tmp_path / "j.jsonl", "n", lambda entry: seen.append((tmp_path / "j.jsonl").read_text())) as journal:
        journal.write(AT, RoofOpened())
    assert ["roof-opened" in text for text in seen] == [True]


def test_times_among_the_facts_are_written_as_the_time_is(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, WaitingBegun(until=AT, plan="m31", goal="L-180s"))
    (entry,) = read(tmp_path / "j.jsonl")
    assert entry["until"] == entry["time"] == stamp(AT)


def test_a_disk_that_hangs_has_failed_and_the_next_line_does_not_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, sync = Event(), os.fsync
    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, RoofOpening())
        monkeypatch.setattr(journals, "DISK_S", 0.1)
        monkeypatch.setattr(journals.os, "fsync", lambda handle: hangs.wait(30.0))
        with pytest.raises(OSError, match="the disk did not answer within 0.1 s"):
            journal.write(AT, RoofOpened())
        begun = monotonic()
        with pytest.raises(OSError, match="the disk does not answer"):
            journal.write(AT, RoofOpened())
        for _ in range(100):
            journal.note(AT, RoofClosing())
        assert monotonic() - begun < 5.0  # waiting 0.1 s for each takes twice as long
        monkeypatch.setattr(journals.os, "fsync", sync)
        monkeypatch.setattr(journals, "DISK_S", 30.0)
        hangs.set()
        wait_until(lambda: quietly(journal))
    names = [entry["event"] for entry in read(tmp_path / "j.jsonl")]
    assert names == ["roof-opening", "roof-opened", *["roof-closing"] * 100, "roof-closed"]


def quietly(journal: Journal) -> bool:
    """Whether the disk takes a line again."""
    try:
        journal.write(AT, RoofClosed())
    except OSError:
        return False
    return True


def test_what_a_full_disk_does_not_take_is_written_whole_and_in_order_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write, full = os.write, [True]

    def half(file: int, data: bytes) -> int:
        """A disk with room for three bytes of a line."""
        if file > 2 and full:
            if len(data) > 60:
                return write(file, bytes(data)[:3])
            raise OSError(28, "No space left on device")
        return write(file, data)

    with Journal(tmp_path / "j.jsonl", "n") as journal:
        journal.write(AT, RoofOpening())
        monkeypatch.setattr(journals.os, "write", half)
        journal.note(AT, RoofClosing())
        with pytest.raises(OSError, match="No space"):
            journal.write(AT, RoofOpened())
        assert [entry["event"] for entry in read(tmp_path / "j.jsonl")] == ["roof-opening"]
        full.clear()
        journal.note(AT, RoofClosed())
    assert [e["event"] for e in read(tmp_path / "j.jsonl")] == ["roof-opening", "roof-closing", "roof-closed"]
    assert "No space left on device" in capsys.readouterr().err


def test_a_note_raises_nothing_whatever_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Journal(tmp_path / "no" / "j.jsonl", "n") as journal:
        (tmp_path / "no").write_text("a file where the folder should be")
        journal.note(AT, WeatherNoted(wind=float("nan")))
        journal.note(AT, RoofClosed())
        journal._disk.settle(5.0)
    assert capsys.readouterr().err.count("not written") == 2


def test_a_screen_that_is_blocked_holds_up_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = Event()
    monkeypatch.setattr(journals, "SCREEN_S", 0.1)
    begun = monotonic()
    with Journal(tmp_path / "j.jsonl", "n", lambda entry: blocked.wait(30.0) and None) as journal:
        for _ in range(3):
            journal.write(AT, RoofOpened())
    assert monotonic() - begun < 5.0
    assert len(list(read(tmp_path / "j.jsonl"))) == 3
    blocked.set()


def test_a_stderr_that_is_blocked_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = Event()
    monkeypatch.setattr(journals, "_STDERR", Aside())
    monkeypatch.setattr("builtins.print", lambda *_, **__: blocked.wait(30.0))
    begun = monotonic()
    for _ in range(50):
        tell_stderr("closing goes on")
    assert monotonic() - begun < 5.0  # waiting 0.2 s for each takes twice as long
    blocked.set()


def test_what_python_logs_or_warns_of_is_told_and_waited_for_no_longer_than_anything_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log, blocked = logging.getLogger("asyncio"), Event()
    monkeypatch.setattr(journals, "_STDERR", Aside())
    with warnings.catch_warnings(), python_heard():
        warnings.simplefilter("always")
        log.error("socket.accept() out of system resource")
        warnings.warn("the weather changes", stacklevel=1)
        said = capsys.readouterr().err
        assert "socket.accept() out of system resource\n" in said
        assert said.count("UserWarning: the weather changes") == 1
        monkeypatch.setattr("builtins.print", lambda *_, **__: blocked.wait(60.0))
        begun = monotonic()
        for _ in range(50):
            log.error("and again")
        assert monotonic() - begun < 5.0
    blocked.set()
    journals._STDERR.settle(30.0)
    monkeypatch.undo()
    log.error("after the block it is nobody's")
    assert "nobody's" not in capsys.readouterr().err


def test_what_cannot_be_put_into_words_fails_nobody_who_logs_it() -> None:
    journals._Heard().handle(logging.makeLogRecord({"msg": "%d", "args": ("no number",)}))


def test_one_thing_is_done_after_the_other_and_what_it_raises_is_heard_where_it_was_asked() -> None:
    done: list[int] = []
    aside = Aside()
    first, broken, last = aside.do(lambda: done.append(1)), aside.do(lambda: done[9]), aside.do(lambda: done.append(2))
    aside.settle(30.0)
    assert (first.done(), last.done(), done) == (True, True, [1, 2])
    with pytest.raises(IndexError):
        broken.result(30.0)


REASONS = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reasons=REASONS, share=st.floats(0, 1))
def test_cut_at_any_byte_it_tells_what_was_whole_and_goes_on(tmp_path: Path, reasons: list[str], share: float) -> None:
    path = tmp_path / "j.jsonl"
    path.unlink(missing_ok=True)
    with Journal(path, "n") as journal:
        for reason in reasons:
            journal.write(AT, AlarmRaised(reason=reason))
    whole = path.read_bytes()
    path.write_bytes(whole[: round(share * len(whole))])
    kept = path.read_bytes().count(b"\n")
    assert [entry["reason"] for entry in read(path)] == reasons[:kept]
    with Journal(path, "n") as journal:
        journal.write(AT, AlarmRaised(reason="after"))
    assert [entry["reason"] for entry in read(path)] == [*reasons[:kept], "after"]


def test_a_line_cut_in_the_middle_of_a_letter_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(b'{"event": "roof-opened"}\n{"reason": "' + "ü".encode()[:1])
    assert list(read(path)) == [{"event": "roof-opened"}]
    assert tickets(tmp_path) == {}


def test_what_frames_are_for_is_found_by_their_folder_in_all_nights(tmp_path: Path) -> None:
    for night, goal in (("2026-11-21", "L-180s"), ("2026-11-22", "R-180s")):
        with Journal(tmp_path / f"{night}.jsonl", night) as journal:
            journal.write(AT, AlarmRaised(reason=FramesAsked.name))
            identity = {name: None for name in KEYWORDS} | {"plan": "m31", "goal": goal}
            journal.write(AT, FramesAsked(**(identity | {"folder": f"/frames/{night}"})))  # type: ignore[arg-type]
    found = tickets(tmp_path)
    assert {folder: each.goal for folder, each in found.items()} == {
        "/frames/2026-11-21": "L-180s",
        "/frames/2026-11-22": "R-180s",
    }


def test_what_was_written_first_stays_as_it_was_to_the_byte(tmp_path: Path) -> None:
    path, seen = tmp_path / "j.jsonl", b""
    for number in range(3):
        with Journal(path, "n") as journal:
            journal.write(AT, AlarmRaised(reason=str(number)))
        assert path.read_bytes().startswith(seen)
        seen = path.read_bytes()
    assert len(list(read(path))) == 3


@pytest.mark.parametrize("trouble", [BrokenPipeError(32, "Broken pipe"), SystemExit(1), ZeroDivisionError("ours")])
def test_a_screen_that_is_gone_is_left_out_and_the_journal_goes_on(tmp_path: Path, trouble: BaseException) -> None:
    told = []

    def tell(entry: Entry) -> None:
        told.append(entry["event"])
        raise trouble

    with Journal(tmp_path / "j.jsonl", "n", tell) as journal:
        journal.write(AT, RoofOpening())
        journal.write(AT, RoofOpened())
    assert told == ["roof-opening"]
    assert [entry["event"] for entry in read(tmp_path / "j.jsonl")] == ["roof-opening", "roof-opened"]


def test_a_stderr_that_is_full_or_closed_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr("sys.stderr", full)
        tell_stderr("the disk is full")
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
    monkeypatch.setattr("sys.stderr", full)
    tell_stderr("and it is closed")


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\xff\xfe\x00", b"[1]", b"17", b"{}", b'{"event": 7}', b"[" * 100000, b'{"event": ']
)
def test_a_line_that_is_no_entry_is_passed_over_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(b'{"event": "roof-opened"}\n' + garbage + b'\n{"event": "roof-closed"}\n')
    for _ in range(2):
        assert [entry["event"] for entry in read(path)] == ["roof-opened", "roof-closed"]
    assert [record.getMessage() for record in caplog.records] == [f"{path}: line 2 cannot be read; it is passed over"]


@pytest.mark.parametrize("rest", [b"garbage frames-asked", b'{"event": "frames-asked"}', b'{"event": "frame-taken"}'])
def test_an_entry_that_obsy_has_not_written_proves_nothing(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "j.jsonl"
    with Journal(path, "n") as journal:
        journal.write(AT, RoofOpened())
    path.write_bytes(path.read_bytes() + rest + b"\n" + rest.replace(b"}", b', "time": 5, "frame": []}') + b"\n")
    record = fold(read(path))
    assert (record.last, record.captures, record.worst.roof_is) == (AT, (), "open")
    assert set(tickets(tmp_path)) <= {"None"}
