"""When other programs are told, and that they are told of the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.declare.recipients import Audience
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import read
from obsy.engine.telling.broker import BrokerOutput, discovery
from obsy.engine.telling.line import BYE, IN_HAND
from obsy.engine.telling.outputs import RENEWED_S, Outputs
from obsy.engine.telling.teller import UNHEARD_S, Teller
from obsy.schemas.output import Output
from tests.support.telling import NIGHT, SITE, TurnedTeller, entry
from tests.support.waiting import wait_until

BEGIN = entry("night-started", state="waiting")
SAFE, RAIN = (entry("verdict", enclosure="dome", safe=safe, reason="rain") for safe in (True, False))


class Told(TurnedTeller):
    """A teller with one output."""

    def __init__(self, folder: Path, rehearsal: bool = False, path: str = "out/weather") -> None:
        self.path, self.data_root = folder / path, DataRoot(folder / "data")
        out = Output.model_validate({"kind": "output", "name": "kstars", "write": {"watcher": path}})
        self.teller = Teller(self.data_root, Audience(SITE, (), (), (out,), folder), rehearsal=rehearsal)

    @property
    def safe(self) -> bool:
        return {"clouds=0\n": True, "clouds=100\n": False}[self.path.read_text()]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_an_output_follows_the_verdict_at_once(told: Told) -> None:
    told.hear(BEGIN)
    assert not told.safe
    told.hear(SAFE)
    assert told.safe
    told.hear(RAIN)
    assert not told.safe


def test_what_has_not_changed_is_written_again_while_it_is_true(told: Told) -> None:
    told.hear(BEGIN, SAFE)
    written = told.path.stat().st_mtime_ns
    told.wait(RENEWED_S - 1)
    assert told.path.stat().st_mtime_ns == written
    told.wait(1)
    assert told.path.stat().st_mtime_ns > written


def test_a_night_that_is_not_heard_any_more_is_unsafe(told: Told) -> None:
    told.hear(BEGIN, SAFE)
    told.wait(UNHEARD_S - 1)
    assert told.safe
    told.wait(1)
    assert not told.safe
    told.hear(entry("weather", enclosure="dome"))
    assert told.safe


@pytest.mark.parametrize("dies", [False, True])
def test_the_end_of_obsy_is_unsafe_at_once_and_nothing_is_written_after_it(told: Told, dies: bool) -> None:
    told.hear(BEGIN, SAFE)
    if not dies:
        told.teller.hear(entry(BYE), told.now_s)
    told.teller.lost(told.now_s)
    told.wait()
    assert not told.safe
    written = told.path.stat().st_mtime_ns
    told.wait(10 * RENEWED_S)
    assert told.path.stat().st_mtime_ns == written


def test_nothing_is_written_before_a_night_begins_or_in_a_rehearsal(told: Told, tmp_path: Path) -> None:
    told.hear(SAFE)
    told.teller.lost(told.now_s)
    told.wait()
    rehearsal = Told(tmp_path / "another", rehearsal=True)
    rehearsal.hear(BEGIN, SAFE)
    assert not told.path.exists() and not rehearsal.path.exists()


def test_an_output_that_cannot_be_written_is_journaled_once_until_it_can(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    told = Told(tmp_path)
    told.hear(BEGIN)
    told.wait(RENEWED_S)
    (tmp_path / "out").unlink()
    told.hear(SAFE)
    assert told.safe
    told.teller.close()
    (failed,) = read(told.data_root.told(told.teller._now().date().fromisoformat(NIGHT)))
    assert (failed["event"], failed["to"]) == ("output-failed", "kstars")
    assert "out" in failed["reason"]


def test_home_assistant_is_told_that_on_means_unsafe_and_when_to_stop_believing() -> None:
    found = discovery("roof-top", "obsy/roof-top")
    safety = found["binary_sensor/obsy_roof_top/safety"]
    assert (safety["device_class"], safety["payload_on"], safety["payload_off"]) == ("safety", "unsafe", "safe")
    assert all(each["expire_after"] == 90 for each in found.values())
    assert len({each["unique_id"] for each in found.values()}) == len(found) == 8
    assert found["sensor/obsy_roof_top/temperature"]["unit_of_measurement"] == "°C"
    assert found["sensor/obsy_roof_top/wind"]["value_template"] == "{{ value_json.weather.wind }}"


class Heard(BrokerOutput):
    """A broker that notes what it is told."""

    def __init__(self, declared: Output) -> None:
        super().__init__(declared)
        self.beats = 0

    def beat(self) -> None:
        self.beats += 1


def test_brokers_hear_every_ten_seconds_that_a_guard_has_all_in_hand_unless_it_said_so_long_ago(tmp_path: Path) -> None:
    one = Output.model_validate({"kind": "output", "name": "house", "write": {"mqtt": "broker.local"}})
    other = Output.model_validate({"kind": "output", "name": "kstars", "write": {"watcher": "weather"}})
    outputs, heard, at = Outputs((one, other), tmp_path, "UTC"), Heard(one), datetime(2026, 11, 21, tzinfo=UTC)
    outputs._brokers[one] = heard
    for age_s, now_s, beats in ((0, 0.0, 1), (2, 9.0, 1), (11, 20.0, 1), (-11, 20.0, 1), (10, 20.0, 2), (0, 30.0, 3)):
        outputs.beat(at - timedelta(seconds=age_s), at, now_s)
        wait_until(lambda: list(outputs.failures()) or not outputs.busy)
        assert heard.beats == beats


def test_a_guard_that_has_all_in_hand_is_no_news_to_people(told: Told) -> None:
    told.hear(entry(IN_HAND))
    told.hear(BEGIN, SAFE)
    told.wait(UNHEARD_S - 1)
    told.hear(entry(IN_HAND))
    told.wait(1)
    assert not told.safe, "nor does it speak for the night"
