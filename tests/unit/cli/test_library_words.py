"""Words of libraries in C, as a process of its own prints them: the descriptors of this one are pytest's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from obsy.cli.library_words import KEPT_BYTES

PLAYED = """\
import os, sys
from pathlib import Path
from obsy.cli.library_words import library_words_to

def both(words):
    print("obsy", words, file=sys.stderr)
    os.write(2, f"<xml {{words}}>\\n".encode())

{before}
try:
    with library_words_to(Path({log!r})):
        both("within")
        {within}
except KeyError:
    pass
both("after")
"""


UNHEARD = """\
import sys
from contextlib import suppress
from pathlib import Path
from obsy.cli.library_words import library_words_to

with library_words_to(Path({log!r})), suppress(OSError):
    print("obsy", file=sys.stderr)
print("concluded")
"""
COUNTED = "import os; print(len(os.listdir('/proc/self/fd')))"


def heard(log: Path, before: str = "", within: str = "pass") -> list[str]:
    """Return what a person sees of a process that speaks by both ways."""
    command = PLAYED.format(log=str(log), before=before, within=within)
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr.splitlines()


def named(log: Path) -> str:
    return f"What the libraries of devices printed is in {log}."


@pytest.mark.long
@pytest.mark.parametrize("within", ["pass", "raise KeyError"])
def test_what_a_library_prints_is_in_the_log_alone_and_all_that_obsy_says_is_seen(within: str, tmp_path: Path) -> None:
    log = tmp_path / "new" / "libraries.log"
    seen = ["obsy within", named(log), "obsy after", "<xml after>"]
    assert heard(log, within=within) == seen
    assert log.read_text() == "<xml within>\n"
    assert heard(log) == seen
    assert log.read_text() == "<xml within>\n" * 2


def test_where_no_log_can_be_written_all_is_seen(tmp_path: Path) -> None:
    seen = ["obsy within", "<xml within>", "obsy after", "<xml after>"]
    (tmp_path / "file").touch()
    assert heard(tmp_path / "file" / "libraries.log") == seen
    (tmp_path / "folder").mkdir()
    assert heard(tmp_path / "folder") == seen


def test_a_log_to_which_nothing_was_written_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of yesterday\n")
    assert heard(tmp_path / "log", before="os.write = lambda *_: None") == ["obsy within", "obsy after"]


@pytest.mark.long
def test_a_log_keeps_the_last_lines_of_earlier_nights_and_not_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"{number:09d}\n" for number in range(KEPT_BYTES // 10)))
    heard(log)
    assert log.read_text().splitlines()[0] == "000000000"
    heard(log)
    lines = log.read_text().splitlines()
    assert (lines[0], lines[-2:]) == ("000000002", ["<xml within>"] * 2)
    assert log.stat().st_size <= KEPT_BYTES + 100


@pytest.mark.parametrize("way", ["full", "ended"])
def test_a_stderr_that_takes_no_words_ends_nothing(way: str, tmp_path: Path) -> None:
    """It keeps what it could not write, and tries that again when it is closed."""
    read, ended = os.pipe()
    os.close(read)
    command = UNHEARD.format(log=str(tmp_path / "log"))
    with open("/dev/full", "w") as full, open(ended, "w") as pipe:
        told, speaks = full if way == "full" else pipe, [sys.executable, "-c", command]
        done = subprocess.run(speaks, stdout=subprocess.PIPE, stderr=told, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("concluded\n", 0)


@pytest.mark.parametrize("log", ["log", "."], ids=["written", "a folder"])
def test_no_descriptor_is_left_open(log: str, tmp_path: Path) -> None:
    command = PLAYED.format(log=str(tmp_path / log), before=COUNTED, within="pass") + COUNTED
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=True)
    before, after = done.stdout.split()
    assert before == after


@pytest.mark.parametrize("gone", ["import io; sys.stderr = io.StringIO()", "sys.stderr = open('/dev/null', 'w')"])
def test_a_stderr_that_is_another_already_is_left_as_it_is(gone: str, tmp_path: Path) -> None:
    assert heard(tmp_path / "log", before=gone) == ["<xml within>", "<xml after>"]
    assert not (tmp_path / "log").exists()


def test_a_stderr_that_was_closed_ends_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path / "log", before="os.close(2); os.open('/dev/null', os.O_WRONLY); sys.stderr = None") == []
