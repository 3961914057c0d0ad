"""What other programs may believe: safe only where every roof is, and only while the night is heard."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.journal import Entry
from obsy.engine.telling.situation import ENDS, STANDS, Outlook, Situation
from tests.support.effort import examples


def entry(event: str, enclosure: str | None = "dome", **facts: Any) -> Entry:
    named = {"enclosure": enclosure} if enclosure else {}
    return {"time": "2026-11-21T19:30:00.000Z", "night": "2026-11-21", "event": event, **named, **facts}


def heard(*entries: Entry) -> Situation:
    situation = Situation()
    for each in entries:
        situation.hear(each)
    return situation


BEGIN = entry("night-started", None, state="waiting", states={"dome": "waiting", "shed": "waiting"})
SAFE, RAIN = (entry("verdict", safe=safe, reason=said) for safe, said in ((True, "all is well"), (False, "rain")))


def test_before_a_night_and_after_it_nothing_is_safe() -> None:
    assert heard().outlook(None) == Outlook(False, "no night has begun")
    for end in ENDS:
        facts = {"roof_is": "closed", "mount_is": "parked"} if end == "night-interrupted" else {}
        assert heard(BEGIN, SAFE, entry(end, None, **facts)).outlook(None) == Outlook(False, "the night is over")


def test_of_several_roofs_each_must_be_safe_unless_one_is_meant() -> None:
    situation = heard(BEGIN, SAFE)
    assert situation.outlook("dome").safe
    assert (situation.outlook(None).safe, situation.outlook(None).reason) == (False, "nobody has looked yet")
    situation.hear(entry("verdict", "shed", safe=True, reason="well"))
    assert situation.outlook(None).safe
    situation.hear(RAIN)
    assert (situation.outlook(None).safe, situation.outlook(None).reason) == (False, "rain")
    assert situation.outlook("shed").safe
    assert situation.outlook("barn") == Outlook(False, "nothing is heard of 'barn'")


def test_it_says_how_roof_mount_and_weather_stand_and_a_roof_on_its_way_moves() -> None:
    one = entry("night-started", None, state="waiting")
    situation = heard(one, SAFE, entry("roof-opening"), entry("mount-unparked", mount="gem"))
    situation.hear(entry("weather", rain=0.0, wind=12.5, strange="x"))
    told = situation.outlook(None)
    assert (told.roof, told.mount, dict(told.weather)) == ("moving", "not parked", {"rain": 0.0, "wind": 12.5})
    situation.hear(entry("roof-opened"))
    assert situation.outlook(None).roof == "open"


def test_a_night_that_is_not_heard_is_unsafe_and_nothing_of_it_is_told() -> None:
    assert heard(BEGIN, SAFE).outlook("dome", "obsy died") == Outlook(False, "obsy died")


WORDS = st.sampled_from([*STANDS, "weather", "frame-taken"])
FACTS = st.fixed_dictionaries(
    {}, optional={"safe": st.sampled_from([True, False, None, 1, "yes"]), "reason": st.sampled_from(["a", None])}
)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["dome", "shed"]), FACTS), max_size=12))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_is_heard_safe_is_only_what_every_last_verdict_calls_so(heard_of: list[Any]) -> None:
    situation = heard(BEGIN, *(entry(event, where, **facts) for event, where, facts in heard_of))
    last: dict[str, object] = {"dome": None, "shed": None}
    for event, where, facts in heard_of:
        if event == "verdict" and {"safe", "reason"} <= facts.keys():
            last[where] = facts["safe"]
    if situation.outlook(None).safe:
        assert not situation.ended
        assert all(last.values()), (last, heard_of)
    assert not situation.outlook(None, "silent").safe


@pytest.mark.parametrize("event", ["night-started", "night-resumed"])
def test_a_night_has_begun_once_its_journal_has(event: str) -> None:
    assert not heard(SAFE).begun
    assert heard(entry(event, None, state="waiting", after="cut off")).begun
