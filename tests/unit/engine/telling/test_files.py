"""What other programs read, in the words that they understand, and what they read of a dead obsy."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.telling.files import FORMS, VALID_S, write_overlay, write_roof, write_safety_proxy, write_watcher
from obsy.engine.telling.situation import Outlook
from tests.support.effort import examples

NOW = datetime.now(UTC)
SAFE = Outlook(True, "every input is fresh", "open", "not parked", "observing", {"rain": 0.0, "wind": 12.5})
RAIN = Outlook(False, "rain 2.5 mm/h, above 0 since 20:00 UTC", "closed", "parked", "sheltering")


def proxy(script: Path) -> dict[str, Any]:
    """What INDI's Weather Safety Proxy gets: the script is run without arguments, and must print one JSON object."""
    run = subprocess.run([str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert run.stderr == ""
    assert len(run.stdout) < 8191
    told: dict[str, Any] = json.loads(run.stdout)["roof_status"]
    assert type(told["open_ok"]) is int
    return told


SILENT = {"open_ok": 0, "reasons": "obsy is silent"}


def test_the_script_says_what_was_written_as_long_as_it_may_be_believed(tmp_path: Path) -> None:
    script, now = tmp_path / "it's here" / "safety", datetime.now(UTC)
    write_safety_proxy(script, SAFE, now, "UTC")
    assert proxy(script) == {"open_ok": 1, "reasons": "every input is fresh"}
    write_safety_proxy(script, RAIN, now, "Etc/GMT-1")
    assert proxy(script) == {"open_ok": 0, "reasons": "rain 2.5 mm/h, above 0 since 21:00 UTC+1"}


@pytest.mark.parametrize("old_s", [VALID_S + 1, 86400, -3600])
def test_of_a_dead_obsy_and_of_a_clock_that_was_set_it_says_unsafe(tmp_path: Path, old_s: int) -> None:
    write_safety_proxy(tmp_path / "safety", SAFE, NOW - timedelta(seconds=old_s), "UTC")
    assert proxy(tmp_path / "safety") == SILENT


@pytest.mark.parametrize("text", ["", "x", "9999999999", '99999999999999999999 {"a": 1}', "\0\n", "{}", "-1 {}"])
def test_whatever_stands_in_the_file_that_it_reads_is_unsafe(tmp_path: Path, text: str) -> None:
    write_safety_proxy(tmp_path / "safety", SAFE, NOW, "UTC")
    (tmp_path / "safety.state").write_text(text)
    assert proxy(tmp_path / "safety") == SILENT


def test_nor_is_a_file_that_is_gone_or_never_answers_safe(tmp_path: Path) -> None:
    import os  # noqa: PLC0415

    write_safety_proxy(tmp_path / "safety", SAFE, NOW, "UTC")
    (tmp_path / "safety.state").unlink()
    assert proxy(tmp_path / "safety") == SILENT
    os.mkfifo(tmp_path / "safety.state")
    assert proxy(tmp_path / "safety") == SILENT


@given(st.text(max_size=400), st.booleans())
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_reason_is_one_object_is_printed(tmp_path: Path, reason: str, safe: bool) -> None:
    write_safety_proxy(tmp_path / "safety", Outlook(safe, reason), datetime.now(UTC), "UTC")
    assert proxy(tmp_path / "safety")["open_ok"] == int(safe)


def test_a_script_that_somebody_has_changed_is_written_anew(tmp_path: Path) -> None:
    write_safety_proxy(tmp_path / "safety", RAIN, NOW, "UTC")
    (tmp_path / "safety").write_text("#!/bin/sh\necho safe\n")
    write_safety_proxy(tmp_path / "safety", RAIN, NOW, "UTC")
    assert proxy(tmp_path / "safety")["open_ok"] == 0
    (tmp_path / "safety").chmod(0o644)
    write_safety_proxy(tmp_path / "safety", RAIN, NOW, "UTC")
    assert proxy(tmp_path / "safety")["open_ok"] == 0


def test_the_watcher_finds_its_one_key_each_time(tmp_path: Path) -> None:
    for told, text in ((SAFE, "clouds=0\n"), (RAIN, "clouds=100\n")):
        write_watcher(tmp_path / "weather", told, NOW, "UTC")
        assert (tmp_path / "weather").read_text() == text


def test_the_roof_is_told_with_the_time_until_which_that_holds(tmp_path: Path) -> None:
    write_roof(tmp_path / "roof", SAFE, datetime(2026, 11, 21, 20, tzinfo=UTC), "UTC")
    assert (tmp_path / "roof").read_text() == "open\nvalid until 2026-11-21T20:01:00.000Z\n"


def test_an_overlay_is_lines_for_people_with_the_time_of_writing(tmp_path: Path) -> None:
    at = datetime(2026, 11, 21, 20, tzinfo=UTC)
    write_overlay(tmp_path / "sky", SAFE, at, "Europe/Madrid")
    assert (tmp_path / "sky").read_text() == (
        "safe\nroof open, observing\nRain 0 mm/h, Wind 12.5 km/h\nobsy, 21:00 UTC+1\n"
    )
    write_overlay(tmp_path / "sky", RAIN, at, "Europe/Madrid")
    assert (tmp_path / "sky").read_text() == (
        "UNSAFE: rain 2.5 mm/h, above 0 since 21:00 UTC+1\nroof closed, sheltering\nobsy, 21:00 UTC+1\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_finds_the_old_or_the_new_and_never_half(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a" / "b"
    FORMS[form](path, SAFE, NOW, "UTC")
    inode = path.with_name("b.state").stat().st_ino if form == "safety_proxy" else path.stat().st_ino
    FORMS[form](path, RAIN, NOW, "UTC")
    written = path.with_name("b.state") if form == "safety_proxy" else path
    assert written.stat().st_ino != inode
    assert sorted(each.name for each in path.parent.iterdir()) == (
        ["b", "b.state"] if form == "safety_proxy" else ["b"]
    )
