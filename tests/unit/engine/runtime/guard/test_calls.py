"""People are called to what no keeper sees at once, and not every second."""

from collections.abc import Callable
from typing import Any

import pytest

from obsy.engine.journal import heard_by, moment
from obsy.engine.runtime.guard import calls
from obsy.engine.runtime.guard.calls import Calls


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass."""
    now = [1e6]
    monkeypatch.setattr(calls.time, "monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def test_all_of_it_is_said_and_people_hear_of_it_every_ten_minutes(
    passes: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    heard, called = list[dict[str, Any]](), Calls()
    with heard_by(heard.append):
        for wait_s in (0.0, 1.0, 598.0, 1.0, 599.0):
            passes(wait_s)
            called.call(f"no server after {wait_s:g} s")
    assert [each["reason"] for each in heard] == ["no server after 0 s", "no server after 1 s"]
    assert {each["event"] for each in heard} == {"alarm"}
    assert moment(heard[0]["time"]).tzinfo is not None
    assert capsys.readouterr().err.count("obsy: no server after") == 5


def test_two_troubles_are_called_to_each_by_itself(passes: Callable[[float], None]) -> None:
    heard = list[dict[str, Any]]()
    with heard_by(heard.append):
        Calls().call("one")
        Calls().call("another")
    assert [each["reason"] for each in heard] == ["one", "another"]


def test_whoever_is_in_trouble_hopes_for_ten_minutes_and_anew_when_it_was_over(passes: Callable[[float], None]) -> None:
    called = Calls()
    assert called.hope() == ""
    hopes = []
    for wait_s, over in ((0.0, False), (599.0, False), (1.0, False), (0.0, True)):
        passes(wait_s)
        if over:
            assert called.over() == called.hope() == ""
        called.call(f"{wait_s:g} s later")
        hopes.append(called.hope())
    assert hopes == ["0 s later", "599 s later", "", "0 s later"]
