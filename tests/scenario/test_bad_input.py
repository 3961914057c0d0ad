"""What is no frame is put aside, what has no place waits, and one night runs at a time."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow(minutes=0.5)
NIGHT_S = 600.0
WANTED = {("early", "B-60s"): 3, ("early", "V-60s"): 3, ("late", "V-60s"): 4}


def card(key: str, value: str) -> bytes:
    return f"{key:<8}= {value:>20}".ljust(80).encode()


def truncated(path: Path) -> None:
    """A FITS file that promises a megapixel and ends in the middle of it."""
    cards = [
        card("SIMPLE", "T"),
        card("BITPIX", "16"),
        card("NAXIS", "2"),
        card("NAXIS1", "1024"),
        card("NAXIS2", "1024"),
    ]
    header = b"".join([*cards, b"END".ljust(80)])
    path.write_bytes(header.ljust(2880) + bytes(300_000))


def wait_for_the_first_line(night: Any, run: subprocess.Popen[str]) -> None:
    def told() -> bool:
        assert run.poll() is None, run.communicate()
        return bool(night.journal_lines())

    wait_until(told)


def drop_during(night: Any, *drops: Any) -> tuple[int, str]:
    """Play a night, and let go of files into the camera's folder as soon as it has begun."""
    run = night.start_playing(patience_s=0.5)
    wait_for_the_first_line(night, run)
    for drop in drops:
        drop(night.data / "incoming")
    said, complained = run.communicate(timeout=NIGHT_S)
    return run.returncode, said + complained


def test_what_is_no_frame_is_put_aside_with_its_reason_and_the_night_goes_on(observatory: Any, scenarios: Any) -> None:
    code, said = drop_during(
        observatory,
        lambda incoming: (incoming / "holiday.fits").write_text("no FITS file at all\n" * 400),
        lambda incoming: truncated(incoming / "half.fits"),
    )
    assert code == 0, said
    reasons = {
        path.name.split("_")[0]: path.read_text() for path in (observatory.data / "quarantine").glob("*.reason.txt")
    }
    assert reasons["holiday"].startswith("not-fits")
    assert reasons["half"].startswith("truncated")
    assert {entry["frame"] for entry in observatory.events("frame-quarantined")} == {"holiday.fits", "half.fits"}
    assert len(list((observatory.data / "quarantine").glob("*.fits"))) == 2
    assert observatory.frames() == WANTED
    scenarios.assert_nothing_is_lost(observatory)


def test_without_room_in_the_archive_frames_wait_and_nothing_is_lost(observatory: Any, scenarios: Any) -> None:
    observatory.change("site/policy.yaml", "reserve: 0 %", "reserve: 100 %")
    code, said = observatory.play(patience_s=0.5)
    assert code == 0, said
    taken = {entry["frame"] for entry in observatory.events("frame-taken")}
    assert taken
    assert {path.name for path in (observatory.data / "incoming").iterdir()} == taken
    assert "make room, or declare a smaller reserve" in observatory.events("frame-unjudged")[0]["reason"]
    assert observatory.events("roof-opening") == []

    observatory.change("site/policy.yaml", "reserve: 100 %", "reserve: 0 %")
    code, said = observatory.apply()
    assert code == 0, said
    assert list((observatory.data / "incoming").iterdir()) == []
    scenarios.assert_nothing_is_lost(observatory)


def test_a_second_night_beside_a_running_one_is_refused_and_the_first_goes_on(observatory: Any, scenarios: Any) -> None:
    first = observatory.begin()
    wait_for_the_first_line(observatory, first)
    code, said = observatory.apply()
    assert code == 1
    assert f"another 'obsy apply' (process {first.pid}) runs this observatory" in said
    assert "Traceback" not in said
    first.communicate(timeout=NIGHT_S)
    assert first.returncode == 0
    assert observatory.frames() == WANTED
    scenarios.assert_nothing_is_lost(observatory)
