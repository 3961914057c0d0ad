"""On a terminal, what takes long says what it is; what is soon done says nothing, and a pipe gets nothing."""

from io import StringIO

import pytest

from obsy.cli.busy import _shown, busy
from tests.support.waiting import wait_until


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_what_takes_long_is_told_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    seen = Terminal()
    with busy("planning 10,000 plans [of all]", seen, after_s=0.0):
        wait_until(lambda: "planning 10,000 plans [of all]" in seen.getvalue())
    assert seen.getvalue().endswith("\x1b[2K"), "the line is taken back"


def test_what_is_soon_done_says_nothing() -> None:
    seen = Terminal()
    with busy("planning", seen, after_s=3600.0):
        pass
    assert seen.getvalue() == ""


def test_a_pipe_gets_nothing_and_a_fault_goes_on_its_way() -> None:
    seen = StringIO()
    with pytest.raises(ValueError, match="amiss"), busy("planning", seen, after_s=0.0):
        raise ValueError("amiss")
    assert seen.getvalue() == ""


def test_how_long_counts_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    seen = Terminal()
    shown = _shown("planning", seen, 125.0)
    shown.stop()
    assert "0:02:05" in seen.getvalue()
