"""What becomes of messages: sent, tried again, journaled; and what is told when nobody speaks any more."""

import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.recipients import Audience
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Entry, read, stamp
from obsy.engine.telling import errand
from obsy.engine.telling.line import BYE
from obsy.engine.telling.outbox import TRIES_S
from obsy.engine.telling.teller import MOURNS_S, STAYS_S, Teller
from obsy.engine.telling.vigil import SILENT_AFTER_S
from obsy.schemas.heartbeat import Heartbeat
from obsy.schemas.recipient import Recipient
from tests.support.services import WebServer, web_server
from tests.support.telling import NIGHT, SITE, TurnedTeller, entry
from tests.support.waiting import wait_until


def now(event: str, **facts: Any) -> Entry:
    return entry(event, stamp(datetime.now(UTC)), **facts)


BEGIN, ALARM, TROUBLE = (
    now("night-started", state="waiting"),
    now("alarm", reason="stuck"),
    now("fault", reason="x"),
)


class Story(TurnedTeller):
    """A teller of one person."""

    def __init__(
        self, folder: Path, web: WebServer, beats: bool = False, since_s: float | None = 0.0, **said: Any
    ) -> None:
        self.data_root = DataRoot(folder)
        ana = {
            "kind": "recipient",
            "name": "ana",
            "address": web.address("ana"),
            "hears": ["alarm", "trouble", "summary"],
            **said,
        }
        pulse = {"kind": "heartbeat", "name": "pulse", "address": web.page("pulse"), "every": "1 min"}
        who = Audience(SITE, (Recipient.model_validate(ana),), (Heartbeat.model_validate(pulse),) * beats)
        self.teller = Teller(self.data_root, who, since_s=since_s)

    def acknowledge(self, by: str) -> None:
        time.sleep(0.01)  # a file's date is as fine as the system's tick
        self.data_root.acknowledged.write_text(by)

    def kept(self) -> list[tuple[str, str]]:
        self.teller.close()
        return [
            (each["event"], each.get("reason") or each.get("by", ""))
            for each in read(self.data_root.told(date.fromisoformat(NIGHT)))
        ]


@pytest.fixture
def story(tmp_path: Path, web: WebServer) -> Story:
    return Story(tmp_path, web)


def test_an_alarm_is_sent_at_once_and_that_is_journaled(story: Story, web: WebServer) -> None:
    story.hear(BEGIN, ALARM)
    assert web.told("ana") == ["ALARM hill: stuck"]
    assert story.kept() == [("message-sent", "")]


def test_what_the_service_refuses_is_journaled_and_tried_again_with_what_came_since(
    story: Story, web: WebServer
) -> None:
    web.status = 503
    story.hear(BEGIN, ALARM)
    web.status = 200
    story.hear(now("alarm", reason="stuck elsewhere"))
    assert web.told("ana") == ["ALARM hill: stuck"]
    story.wait(TRIES_S[0])
    assert web.told("ana")[1:] == ["ALARM hill: stuck elsewhere (+1)"]
    assert story.kept() == [("message-failed", "the service answered 503"), ("message-sent", "")]


def test_a_service_that_hangs_is_left_alone_and_the_next_attempt_gets_through(
    story: Story, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand, "ANSWERS_WITHIN_S", 0.05)
    web.mute = threading.Event()
    story.hear(BEGIN, ALARM)
    web.mute.set()
    monkeypatch.setattr(errand, "ANSWERS_WITHIN_S", 60.0)
    story.wait(TRIES_S[0])
    assert story.kept() == [("message-failed", "no answer in time"), ("message-sent", "")]


def test_one_service_that_hangs_keeps_no_other_waiting(tmp_path: Path, web: WebServer) -> None:
    web.mute = threading.Event()
    with web_server() as other:
        bob = {"kind": "recipient", "name": "bob", "address": other.address("bob")}
        ana = {"kind": "recipient", "name": "ana", "address": web.address("ana")}
        who = Audience(SITE, (Recipient.model_validate(ana), Recipient.model_validate(bob)), ())
        teller = Teller(DataRoot(tmp_path), who)
        teller.hear(ALARM, 0.0)
        teller.tick(0.0)
        wait_until(lambda: other.told("bob"))
        web.mute.set()
        wait_until(lambda: (teller.tick(0.0), not teller.busy)[1])
        teller.close()


def test_obsy_that_falls_silent_in_the_middle_of_a_word_has_died(story: Story, web: WebServer) -> None:
    story.hear(BEGIN)
    story.teller.lost(story.now_s)
    story.wait()
    assert web.told("ana") == ["ALARM hill: obsy died, and nobody watches the roof: give 'obsy apply' again"]
    assert not story.teller.is_done(story.now_s)
    story.wait(900.0)
    assert web.told("ana")[1:] == ["ALARM hill: again: obsy died, and nobody watches the roof: give 'obsy apply' again"]
    story.acknowledge("ana")
    story.wait(60.0)
    assert web.told("ana")[2:] == ["hill: ana takes care of it"]
    assert story.teller.is_done(story.now_s)


def test_a_death_that_nobody_hears_of_is_not_told_for_ever(story: Story, web: WebServer) -> None:
    web.status = 500
    story.teller.lost(0.0)
    assert not story.teller.is_done(MOURNS_S - 1)
    assert story.teller.is_done(MOURNS_S)


def test_a_night_that_ends_by_itself_is_over_when_all_is_told_or_an_hour_later(story: Story, web: WebServer) -> None:
    web.status = 500
    story.hear(BEGIN, TROUBLE, now("night-finished"), {"time": BEGIN["time"], "event": BYE})
    story.teller.lost(story.now_s)
    assert not story.teller.is_done(STAYS_S - 1)
    assert story.teller.is_done(STAYS_S)
    web.status = 200
    story.wait(TRIES_S[0])
    assert story.teller.is_done(story.now_s)
    assert [title for title in web.told("ana") if "died" in title] == []


def test_a_command_that_ends_with_a_fault_says_so(story: Story, web: WebServer) -> None:
    story.hear({"time": BEGIN["time"], "event": BYE, "reason": "plans/m31.yaml:3:1: unknown-key"})
    assert web.told("ana") == ["hill: obsy ended before its time: plans/m31.yaml:3:1: unknown-key"]


def test_a_night_that_notes_the_weather_no_more_is_an_alarm_once_and_its_heart_stands_still(
    tmp_path: Path, web: WebServer
) -> None:
    story = Story(tmp_path, web, beats=True)
    story.hear(BEGIN, now("weather"))
    for _ in range(40):
        story.wait(60.0)
    assert web.told("ana")[0] == "ALARM hill: obsy has said nothing for 15 min: the roof may not be watched"
    assert all("again: " in title for title in web.told("ana")[1:])
    beats = [path for path, _ in web.got].count("/pulse")
    assert beats == pytest.approx(SILENT_AFTER_S / 60, abs=1)
    story.hear(now("weather"))
    story.wait(60.0)
    assert [path for path, _ in web.got].count("/pulse") > beats


@pytest.mark.parametrize(
    ("heard", "beats"),
    [
        ([], 0),
        ([now("weather"), BEGIN], 14),
        ([BEGIN, now("weather"), now("roof-opened"), now("night-ended-early", reason="x")], 14),
    ],
    ids=["nothing", "a beginning", "an end with the roof open"],
)
def test_without_weather_people_are_called_and_the_heart_stands_still(
    tmp_path: Path, web: WebServer, heard: list[Entry], beats: int
) -> None:
    story = Story(tmp_path, web, beats=True)
    story.hear(*heard)
    for _ in range(20):
        story.wait(60.0)
    assert "ALARM hill: obsy has said nothing for 15 min: the roof may not be watched" in web.told("ana")
    assert [path for path, _ in web.got].count("/pulse") == pytest.approx(beats, abs=1)


def test_a_guard_may_be_silent_and_makes_no_heart_beat(tmp_path: Path, web: WebServer) -> None:
    guard = Story(tmp_path, web, beats=True, since_s=None)
    guard.wait(2 * SILENT_AFTER_S)
    guard.hear(ALARM)
    guard.wait(2 * SILENT_AFTER_S)
    assert web.told("ana") == ["ALARM hill: stuck", "ALARM hill: again: stuck"]
    assert [path for path, _ in web.got].count("/pulse") == 0


def test_a_start_that_speaks_is_no_silence(story: Story, web: WebServer) -> None:
    for _ in range(4):
        story.hear(now("mount-parked"))
        story.wait(SILENT_AFTER_S / 2)
    assert web.told("ana") == []


def test_an_enclosure_that_falls_silent_is_named_and_another_is_no_evidence_for_it(
    tmp_path: Path, web: WebServer
) -> None:
    story = Story(tmp_path, web, beats=True)
    story.hear({**BEGIN, "states": {"dome": "waiting", "shed": "waiting"}})
    for _ in range(40):
        story.hear(now("weather", enclosure="dome"))
        story.wait(60.0)
    assert web.told("ana")[0] == "ALARM hill: shed: obsy has said nothing for 15 min: the roof may not be watched"
    beats = [path for path, _ in web.got].count("/pulse")
    assert beats == pytest.approx(SILENT_AFTER_S / 60, abs=1)
    story.hear(now("weather", enclosure="shed"))
    story.wait(60.0)
    assert [path for path, _ in web.got].count("/pulse") > beats


def test_a_night_that_has_ended_may_be_silent(story: Story, web: WebServer) -> None:
    story.hear(BEGIN, now("weather"), now("night-finished"))
    story.wait(2 * SILENT_AFTER_S)
    assert web.told("ana") == []


def test_a_heartbeat_that_does_not_get_through_is_journaled_once(tmp_path: Path, web: WebServer) -> None:
    story = Story(tmp_path, web, beats=True)
    web.status = 404
    story.hear(BEGIN)
    for _ in range(3):
        story.wait(60.0)
    assert story.kept() == [("heartbeat-failed", "it answered 404")]


def test_a_heartbeat_that_hangs_is_told_once_and_not_asked_again_before_it_returns(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand, "ANSWERS_WITHIN_S", 0.02)
    web.mute = threading.Event()
    story = Story(tmp_path, web, beats=True)
    story.teller.hear(BEGIN, 0.0)
    for minute in range(5):
        story.teller.tick(60.0 * minute)
        time.sleep(0.02)
    wait_until(lambda: web.got)
    assert [path for path, _ in web.got] == ["/pulse"]
    web.mute.set()
    story.wait()
    assert story.kept() == [("heartbeat-failed", "no answer in time")]


def test_a_night_that_is_taken_up_lets_those_rest_who_tell_how_it_died(tmp_path: Path, web: WebServer) -> None:
    died, again = Story(tmp_path, web), Story(tmp_path, web)
    died.hear(BEGIN)
    died.teller.lost(0.0)
    died.wait()
    again.hear(now("night-resumed", state="closing", after="cut off"), ALARM)
    died.wait()
    assert died.teller.is_done(0.0)
    assert web.told("ana")[1:] == ["ALARM hill: stuck (+1)", "hill: obsy, which runs again, takes care of it"]
    assert "again" not in [by for _, by in again.kept()]


def test_nothing_of_an_address_is_journaled(tmp_path: Path, web: WebServer) -> None:
    story = Story(tmp_path, web, address=f"json://ana:tok3nhush@127.0.0.1:{web.port}/tok3nhush")
    web.status = 500
    story.hear(BEGIN, ALARM)
    assert story.kept() == [("message-failed", "the service answered 500")]
    assert "tok3nhush" not in story.data_root.told(date.fromisoformat(NIGHT)).read_text()
    assert "tok3nhush" not in repr(story.teller.desk.boxes["ana"].recipient)
