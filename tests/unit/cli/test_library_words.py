"""Words of libraries in C, as a process of its own prints them: the descriptors of this one are pytest's."""

import subprocess
import sys
from pathlib import Path

import pytest

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


def heard(log: Path, before: str = "", within: str = "pass") -> list[str]:
    """Return what a person sees of a process that speaks by both ways."""
    command = PLAYED.format(log=str(log), before=before, within=within)
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr.splitlines()


@pytest.mark.parametrize("within", ["pass", "raise KeyError"])
def test_what_a_library_prints_is_in_the_log_alone_and_all_that_obsy_says_is_seen(within: str, tmp_path: Path) -> None:
    log = tmp_path / "new" / "libraries.log"
    assert heard(log, within=within) == ["obsy within", "obsy after", "<xml after>"]
    assert log.read_text() == "<xml within>\n"
    assert heard(log) == ["obsy within", "obsy after", "<xml after>"]
    assert log.read_text() == "<xml within>\n" * 2


def test_where_no_log_can_be_written_all_is_seen(tmp_path: Path) -> None:
    seen = ["obsy within", "<xml within>", "obsy after", "<xml after>"]
    (tmp_path / "file").touch()
    assert heard(tmp_path / "file" / "libraries.log") == seen
    (tmp_path / "folder").mkdir()
    assert heard(tmp_path / "folder") == seen


@pytest.mark.parametrize("gone", ["import io; sys.stderr = io.StringIO()", "sys.stderr = open('/dev/null', 'w')"])
def test_a_stderr_that_is_another_already_is_left_as_it_is(gone: str, tmp_path: Path) -> None:
    assert heard(tmp_path / "log", before=gone) == ["<xml within>", "<xml after>"]
    assert not (tmp_path / "log").exists()


def test_a_stderr_that_was_closed_ends_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path / "log", before="os.close(2); os.open('/dev/null', os.O_WRONLY); sys.stderr = None") == []
