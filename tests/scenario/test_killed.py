"""kill -9 at any moment, and the same command again: nothing is taken twice, nothing is lost, the roof is safe."""

import json
import random
import signal
import subprocess
import time
from collections import Counter
from typing import Any

import psutil
import pytest

from tests.support.effort import EFFORT, seeds
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow(minutes=3)
NIGHT_S = 600.0
STOP_S = 120.0
"""On the wall of a loaded machine; the roof is closed long before that."""
WAYS = ((signal.SIGKILL,), (signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGINT, signal.SIGINT))
MOMENTS = (None, None, "roof-opening", "roof-closing", "mount-unparked", "slewed")
"""An event of the journal, if it comes before so many of its lines."""
ENDINGS = 4 if EFFORT == 1 else 15
ACROSS = """\
kind: plan
name: early
target: SS Cyg
want: [{filter: V, exposure: 60 s, count: 3}]
when: {altitude: above 40 deg}
pipeline: photometry
---
kind: plan
name: across
target: {ra: 00h45m00s, dec: +33d00m00s}
want: [{filter: V, exposure: 240 s, count: 8}]
when: {altitude: above 83.5 deg}
pipeline: photometry
---
kind: plan
name: late
target: NGC 1342
priority: 3
want: [{filter: V, exposure: 60 s, count: 4}]
when: {airmass: below 1.6}
pipeline: photometry
"""
"""The second crosses the meridian, if the endings leave time for it: after each it must stay safe anew."""
SHOWERS = """\
start: {rain: 0 mm/h}
changes:
  - {at: 18:40, rain: 2 mm/h}
  - {at: 18:50, rain: 0 mm/h}
  - {at: 20:00, rain: 2 mm/h}
  - {at: 20:20, rain: 0 mm/h}
"""
READINGS = ("weather", "evidence")
WANTED = {("early", "B-60s"): 3, ("early", "V-60s"): 3, ("late", "V-60s"): 4}


def stands_open(night: Any) -> bool:
    """Whether the roof does, or is on its way; not before anything has moved it."""
    return (night.data / "world.json").exists() and night.roof()["goal"] == 1.0


def end_somewhere(night: Any, chance: random.Random, scenario: str) -> bool:
    """Whether the night was ended in some way at some moment, and not finished before."""
    how, moment = chance.choice(WAYS), chance.choice(MOMENTS)
    lines, and_s = chance.randrange(1, 36), chance.uniform(0.0, 0.25)
    run, known = night.begin(scenario), len(night.journal_lines())

    def there() -> bool:
        new = night.journal_lines()[known:]
        come = moment is not None and is_told(new, moment)
        return come or len(new) >= lines or run.poll() is not None

    wait_until(there, NIGHT_S, 0.005)
    time.sleep(and_s)
    still_running = run.poll() is None
    for each in how:
        run.send_signal(each)
        time.sleep(0.05)
    _, said = run.communicate(timeout=STOP_S)
    if still_running and how != (signal.SIGKILL,):
        assert run.returncode in (0, 130), (how, moment, lines, said)
        assert not stands_open(night), (how, moment, lines, said)
    return still_running


def kill_when(night: Any, event: str, scenario: str = "clear") -> None:
    """Kill the night as soon as its journal tells of this event."""
    run = night.begin(scenario)
    wait_for(night, run, event)
    run.kill()
    run.communicate()


def wait_for(night: Any, run: subprocess.Popen[str], event: str) -> None:
    """Wait until the journal tells of this event; a night that ends before has failed."""

    def told() -> bool:
        assert run.poll() is None, run.communicate()
        return is_told(night.journal_lines(), event)

    wait_until(told, NIGHT_S, 0.002)


def is_told(lines: list[str], event: str) -> bool:
    return any(f'"event": "{event}"' in line for line in lines)


def content(night: Any) -> dict[str, bytes]:
    """Every frame and master, which are never changed once they are there."""
    return {name: held for name, held in night.everything().items() if name.startswith(("archive/2", "masters/2"))}


def gone(processes: list[psutil.Process], within_s: float = 30.0) -> bool:
    return not psutil.wait_procs(processes, timeout=within_s)[1]


@pytest.mark.parametrize("scenario", ["clear", "showers"])
@pytest.mark.parametrize("seed", seeds(1))
def test_a_night_ended_again_and_again_takes_nothing_twice_and_loses_nothing(
    observatory: Any, scenarios: Any, seed: int, scenario: str
) -> None:
    chance, ended = random.Random(f"{seed} {scenario}"), 0
    observatory.declare("plans/small.yaml", ACROSS)
    observatory.scenario("showers", SHOWERS)
    for _ in range(ENDINGS):
        known = len(observatory.journal_lines())
        was_open = stands_open(observatory)
        ended += end_somewhere(observatory, chance, scenario)
        assert gone(scenarios.workers_below(observatory.root)), "workers outlive the night"
        roof = [entry["event"] for entry in observatory.journal()[known:] if entry["event"].startswith("roof-")]
        assert not was_open or not roof or roof[0] == "roof-closing", "a roof that stands open is closed first"
    code, said = observatory.apply(scenario)
    assert code == 0, said
    assert ended >= 2
    taken = observatory.frames()
    assert taken["late", "V-60s"] == 4, "what there was time for"
    assert taken <= Counter({("early", "V-60s"): 3, ("across", "V-240s"): 8, ("late", "V-60s"): 4})
    scenarios.assert_nothing_is_lost(observatory)
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(observatory)
    assert observatory.roof()["goal"] == 0.0
    assert not [name for name in observatory.files() if name.startswith(("incoming/", "quarantine/"))]
    scenarios.assert_the_store_tells_the_truth(observatory)
    scenarios.assert_every_accepted_light_is_calibrated_once(observatory)


@pytest.mark.parametrize("event", ["roof-opening", "frame-taken", "roof-closing"])
def test_a_night_killed_at_a_turning_point_ends_as_if_it_had_not_been(
    observatory: Any, scenarios: Any, clear_night: Any, event: str
) -> None:
    observatory.workers = 2 if event == "roof-closing" else 1
    kill_when(observatory, event)
    assert gone(scenarios.workers_below(observatory.root)), "workers outlive the night"
    before = content(observatory)
    code, said = observatory.apply()
    assert code == 0, said
    assert observatory.frames() == WANTED
    scenarios.assert_nothing_is_lost(observatory)
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(observatory)
    assert observatory.roof()["goal"] == 0.0
    scenarios.assert_the_store_tells_the_truth(observatory)
    scenarios.assert_every_accepted_light_is_calibrated_once(observatory)
    mine, whole = content(observatory), content(clear_night)
    assert {name: mine.get(name) for name in before} == before, "what was finished before the kill is as it was"
    assert {name: mine.get(name) for name in before if name in whole} == {n: whole[n] for n in before if n in whole}
    if event == "roof-closing":  # everything had been taken
        assert mine == whole


def test_a_night_taken_up_in_the_rain_closes_the_roof_before_anything_else(observatory: Any, scenarios: Any) -> None:
    observatory.scenario("rain", "start: {rain: 3 mm/h}")
    kill_when(observatory, "exposure-started")
    assert observatory.roof()["goal"] == 1.0
    known = len(observatory.journal())
    run = observatory.begin("rain")  # to its end it is kept closed as in any storm: see test_weather
    wait_until(lambda: run.poll() is not None or is_told(observatory.journal_lines()[known:], "roof-closed"), NIGHT_S)
    run.send_signal(signal.SIGTERM)
    _, said = run.communicate(timeout=STOP_S)
    assert run.returncode == 130, said
    events = [entry["event"] for entry in observatory.journal()[known:] if entry["event"] not in READINGS]
    assert events[:4] == ["night-resumed", "mount-parked", "roof-closing", "roof-closed"]
    assert observatory.journal()[known]["after"] == "cut off"
    assert "roof-opening" not in events
    scenarios.assert_nothing_is_lost(observatory)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_night_that_is_told_to_stop_closes_the_roof_and_can_be_taken_up(
    observatory: Any, how: signal.Signals
) -> None:
    run = observatory.begin()
    wait_for(observatory, run, "exposure-started")
    run.send_signal(how)
    _, said = run.communicate(timeout=STOP_S)
    assert run.returncode == 130
    assert observatory.roof()["goal"] == 0.0
    last = observatory.journal()[-1]
    assert (last["event"], last["roof_is"], last["mount_is"]) == ("night-interrupted", "closed", "parked")
    assert "Interrupted (told to stop): the mount is parked, the roof closed." in said
    if how is signal.SIGINT:  # whoever told it, it is taken up alike
        return
    assert observatory.apply()[0] == 0
    assert [entry["after"] for entry in observatory.events("night-resumed")] == ["interrupted"]
    assert observatory.frames() == WANTED


def test_a_roof_that_the_night_did_not_open_is_closed_first(observatory: Any) -> None:
    kill_when(observatory, "exposure-started")
    (observatory.data / "journal" / "2026-11-21.jsonl").unlink()
    assert observatory.apply()[0] == 0
    events = [entry["event"] for entry in observatory.journal() if entry["event"] not in READINGS]
    assert events[:4] == ["night-started", "mount-parked", "roof-closing", "roof-closed"]


def test_after_a_kill_under_the_open_sky_a_typo_in_a_plan_keeps_no_roof_open(observatory: Any) -> None:
    kill_when(observatory, "exposure-started")
    assert observatory.roof()["goal"] == 1.0
    observatory.change("plans/small.yaml", "target: NGC 1342", "traget: NGC 1342")
    code, said = observatory.apply()
    assert code == 1
    assert "traget" in said
    assert observatory.roof()["goal"] == 0.0
    assert observatory.world()["collisions"] == []


def test_a_night_that_is_finished_does_not_overlook_a_roof_that_was_opened_since(after_the_storm: Any) -> None:
    observatory = after_the_storm
    world = observatory.world()
    world["roofs"]["roll-off"] = {"origin": 1.0, "goal": 1.0, "begin_s": 0.0, "end_s": 0.0}
    (observatory.data / "world.json").write_text(json.dumps(world))
    code, said = observatory.apply("storm")
    assert code == 0
    assert "nothing was changed" in said
    assert observatory.roof()["goal"] == 0.0
