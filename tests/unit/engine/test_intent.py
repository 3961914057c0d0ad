"""The actions of a night come in the order in which they are carried out, and in the shape that scripts read."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.intent import Calibrate, Close, Finish, Intent, Observe, Open, as_json, intent
from obsy.engine.library.master import CalibrationSet
from obsy.engine.schedule.at_most import Worth
from obsy.engine.schedule.request import Block, Reason, Schedule, Unplaced
from obsy.engine.schedule.shares import Debt
from obsy.engine.sky.twilight import Night
from obsy.schemas.people import Share
from tests.support.equipment import club, example
from tests.support.requests import request

EVENING = datetime(2026, 11, 21, 18, 36, 29, tzinfo=UTC)
DAWN = datetime(2026, 11, 22, 5, 21, 7, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)
DAY = timedelta(days=1)
NIGHT = Night(date(2026, 11, 21), NOON, NOON + DAY, None, EVENING, DAWN, None, ())
WHITE = Night(date(2026, 11, 21), NOON, NOON + DAY, None, None, None, None, ())
WISH = request("m31", "L-240s", count=12, exposure_s=240.0)
FIRST = Block(WISH, 10, EVENING + timedelta(minutes=2), EVENING + timedelta(minutes=44), 10.7, 41.3, -1.5)
SECOND = Block(WISH, 2, EVENING + timedelta(hours=1), EVENING + timedelta(hours=1, minutes=9), 10.7, 41.3, 0.1)
DARK = CalibrationSet("newton", "dark", 240.0, None, 20)
FLAT = CalibrationSet("newton", "flat", 2.5, "L", 15)
LOW = Unplaced(WISH, Reason("altitude", "it stays below 35 deg"))
EVERYTHING = Schedule((FIRST, SECOND), (LOW,))


def test_calibration_comes_first_and_the_night_ends_with_its_report() -> None:
    found = intent(NIGHT, example(), EVERYTHING, [DARK, FLAT])
    observing = (Open("roll-off", EVENING), Observe(FIRST), Observe(SECOND), Close("roll-off", SECOND.end))
    assert found.actions == (Calibrate(DARK), Calibrate(FLAT), *observing, Finish())


def test_nothing_to_do_has_no_actions() -> None:
    assert intent(NIGHT, example(), Schedule((), (LOW,)), []).actions == ()


def test_without_blocks_the_roof_stays_closed() -> None:
    assert intent(NIGHT, example(), Schedule((), ()), [DARK]).actions == (Calibrate(DARK), Finish())


def test_without_calibration_the_roof_opens_first() -> None:
    found = intent(NIGHT, example(), Schedule((FIRST,), ()), [])
    assert found.actions == (Open("roll-off", EVENING), Observe(FIRST), Close("roll-off", FIRST.end), Finish())


def test_the_roof_is_open_when_the_first_block_begins() -> None:
    early = Block(WISH, 1, EVENING - timedelta(minutes=5), EVENING, 10.7, 41.3, -1.5)
    assert intent(NIGHT, example(), Schedule((early,), ()), []).actions[0] == Open("roll-off", early.start)


def test_a_night_without_dusk_does_not_open() -> None:
    assert intent(WHITE, example(), Schedule((), ()), [DARK]).actions == (Calibrate(DARK), Finish())


def test_an_intent_can_be_compared() -> None:
    assert intent(NIGHT, example(), EVERYTHING, [DARK]) == intent(NIGHT, example(), EVERYTHING, [DARK])
    assert intent(NIGHT, example(), EVERYTHING, [DARK]) != intent(NIGHT, example(), EVERYTHING, [FLAT])


def test_what_is_only_told_beside_it_makes_no_other_intent() -> None:
    plain = intent(NIGHT, example(), EVERYTHING)
    share = Share.model_validate({"kind": "share", "name": "s", "group": "g", "time": "50 %"})
    assert replace(plain, worth=Worth(1.0, 2.0), debts=(Debt(share, 2.0, 1.0),)) == plain


@pytest.fixture
def whole() -> Intent:
    return intent(NIGHT, example(), Schedule((FIRST,), (LOW,)), [DARK])


BLOCK = {
    "plan": "m31",
    "goal": "L-240s",
    "train": "newton",
    "filter": "L",
    "exposure_s": 240.0,
    "count": 10,
    "start": "2026-11-21T18:38:29.000Z",
    "end": "2026-11-21T19:20:29.000Z",
}


def test_a_machine_reads_the_documented_shape(whole: Intent) -> None:
    assert as_json(whole) == {
        "night": "2026-11-21",
        "site": "nerpio",
        "dusk": "2026-11-21T18:36:29.000Z",
        "dawn": "2026-11-22T05:21:07.000Z",
        "blocks": [BLOCK],
        "unplaced": [
            {"plan": "m31", "goal": "L-240s", "train": "newton", "code": "altitude", "reason": "it stays below 35 deg"}
        ],
        "worth": None,
        "beyond": [],
        "shares": [],
        "proofs": [],
        "actions": [
            {"do": "calibrate", "train": "newton", "kind": "dark", "filter": None, "exposure_s": 240.0, "count": 20},
            {"do": "open", "enclosure": "roll-off", "at": "2026-11-21T18:36:29.000Z"},
            {"do": "observe", **BLOCK},
            {"do": "close", "enclosure": "roll-off", "at": "2026-11-21T19:20:29.000Z"},
            {"do": "finish"},
        ],
    }


def test_a_machine_reads_what_a_night_is_worth_once_that_is_worked_out(whole: Intent) -> None:
    assert as_json(replace(whole, worth=Worth(11.421, 11.631)))["worth"] == {"value": 11.421, "at_most": 11.631}


def test_the_keys_keep_their_order(whole: Intent) -> None:
    keys = ["night", "site", "dusk", "dawn", "blocks", "unplaced", "beyond", "worth", "shares", "proofs", "actions"]
    assert list(as_json(whole)) == keys
    assert list(as_json(whole)["blocks"][0]) == list(BLOCK)


def test_json_can_write_all_of_it(whole: Intent) -> None:
    assert json.loads(json.dumps(as_json(whole), allow_nan=False)) == as_json(whole)


def test_a_white_night_has_neither_dusk_nor_dawn_for_a_machine() -> None:
    found = as_json(intent(WHITE, example(), Schedule((), ()), []))
    assert (found["dusk"], found["dawn"], found["blocks"], found["actions"]) == (None, None, [], [])


def test_every_roof_opens_and_closes_for_its_own_blocks() -> None:
    dome = replace(FIRST, request=replace(WISH, train="cassegrain"))
    shed = replace(SECOND, request=replace(WISH, train="colour"))
    opened, closed = Open("dome", EVENING), Close("dome", FIRST.end)
    found = intent(NIGHT, club(), Schedule((dome, shed), ())).actions
    assert found == (
        opened,
        Open("shed", EVENING),
        Observe(dome),
        closed,
        Observe(shed),
        Close("shed", SECOND.end),
        Finish(),
    )


def test_of_what_happens_at_the_same_moment_roofs_open_first_and_close_last() -> None:
    at = FIRST.end
    dome = replace(FIRST, request=replace(WISH, train="cassegrain"))
    shed = replace(SECOND, start=at, request=replace(WISH, train="colour"))
    night = replace(NIGHT, dusk=at)
    found = intent(night, club(), Schedule((dome, shed), ())).actions
    assert found == (
        Open("dome", FIRST.start),
        Observe(dome),
        Open("shed", at),
        Observe(shed),
        Close("dome", at),
        Close("shed", SECOND.end),
        Finish(),
    )
