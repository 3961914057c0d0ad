"""Verdicts reach all who listen, and events whoever hears, whatever one of them does wrong."""

import pytest

from obsy.engine.events import Event
from obsy.engine.events.roof import AlarmRaised, RoofClosed, RoofOpening
from obsy.engine.safety.audience import KEPT, RoofAudience
from obsy.engine.safety.verdict import Verdict

RAINS = Verdict(False, "it rains")


def test_every_listener_is_told_of_a_verdict_though_another_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(verdict: Verdict) -> None:
        raise KeyError("x")

    audience, heard = RoofAudience(), list[Verdict]()
    for listener in (fails, heard.append):
        audience.listen(listener)
    audience.turn(RAINS)
    assert heard == [RAINS]
    assert "KeyError" in capsys.readouterr().err
    audience.turn(RAINS)
    assert heard == [RAINS, RAINS]


def test_what_nobody_hears_is_kept_for_whoever_hears_first_and_told_here_if_it_matters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    audience, heard = RoofAudience(), list[Event]()
    said: list[Event] = [
        RoofOpening(enclosure="roll-off"),
        RoofClosed(enclosure="roll-off"),
        AlarmRaised(enclosure="roll-off", reason="it sticks"),
    ]
    for event in said:
        audience.say(event)
    assert capsys.readouterr().err.splitlines() == ["obsy: it sticks"]
    audience.hear(heard.append)
    assert heard == said
    audience.say(said[2])
    assert heard == [*said, said[2]]
    assert capsys.readouterr().err == ""


def test_whoever_fails_to_hear_keeps_nobody_from_anything(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(event: Event) -> None:
        raise KeyError("x")

    audience = RoofAudience()
    audience.hear(fails)
    audience.say(RoofClosed(enclosure="roll-off"))
    assert "KeyError" in capsys.readouterr().err


def test_of_what_nobody_hears_the_newest_hundred_are_kept() -> None:
    audience, heard = RoofAudience(), list[Event]()
    said = [RoofOpening(enclosure=f"roof-{number}") for number in range(KEPT + 5)]
    for event in said:
        audience.say(event)
    audience.hear(heard.append)
    assert (heard, len(heard)) == (said[5:], 100)
