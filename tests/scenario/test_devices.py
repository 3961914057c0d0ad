"""Devices fail: the roof is closed only when its switch says so, never over a mount, and the night goes on."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow(minutes=1.3)
WANTED = {("early", "B-60s"): 3, ("early", "V-60s"): 3, ("late", "V-60s"): 4}
RAIN = "changes: [{at: 21:00, rain: 3 mm/h}]\n"


def names(night: Any) -> list[str]:
    return [entry["event"] for entry in night.journal()]


def test_a_roof_that_sticks_is_asked_again_and_people_are_called(evening: Any, scenarios: Any) -> None:
    evening.scenario("stuck", RAIN + "faults: [{at: 20:50, device: roof, fault: stuck, until: 21:40}]")
    assert evening.apply("stuck")[0] == 0
    failed = evening.events("close-failed")
    assert [entry["attempt"] for entry in failed[:3]] == [1, 2, 3]
    assert "no end switch within 90 s" in failed[0]["reason"]
    assert "it needs hands" in evening.events("alarm")[0]["reason"]
    _, closed = evening.events("roof-closed")  # the first as its keeper begins
    assert closed["time"] > "2026-11-21T20:40"
    assert evening.roof()["goal"] == 0.0
    scenarios.assert_nothing_is_lost(evening)
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(evening)


def test_a_roof_that_never_closes_is_never_called_closed(evening: Any) -> None:
    evening.scenario("broken", RAIN + "faults: [{at: 20:50, device: roof, fault: stuck}]")
    code, said = evening.apply("broken")
    assert code == 3
    assert "the roof is not seen closed" in said
    assert "Traceback" not in said
    assert names(evening).count("roof-closed") == 1, "as its keeper begins"
    assert "night-finished" not in names(evening)
    assert evening.apply("clear")[0] == 0  # somebody has mended it
    assert evening.roof()["goal"] == 0.0
    assert names(evening)[-1] == "night-finished"


def test_a_roof_is_not_closed_over_a_mount_that_does_not_park(evening: Any, scenarios: Any) -> None:
    evening.scenario("mount", RAIN + "faults: [{at: 20:55, device: mount, fault: stuck, until: 21:30}]")
    assert evening.apply("mount")[0] == 0
    assert "stays where it is" in evening.events("close-failed")[0]["reason"]
    closing, parked = evening.events("roof-closing")[1], evening.events("mount-parked")[0]  # the first as it begins
    assert "2026-11-21T20:30" < parked["time"] <= closing["time"]
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(evening)


def test_a_roof_that_does_not_open_costs_the_night_and_nothing_else(evening: Any) -> None:
    evening.scenario("shut", "faults: [{at: 18:00, device: roof, fault: stuck}]")
    assert evening.apply("shut")[0] == 0
    assert "roof-opened" not in names(evening)
    assert evening.events("device-failed")[0]["activity"] == "open"
    assert evening.frames() == {}


def test_a_camera_that_times_out_costs_its_block_and_the_night_goes_on(observatory: Any, scenarios: Any) -> None:
    observatory.scenario("slow", "faults: [{at: '19:27:30', device: camera, fault: timeout, until: 19:31}]")
    assert observatory.apply("slow")[0] == 0
    assert "the camera gave no file within 60 s" in observatory.events("block-failed")[0]["reason"]
    assert observatory.frames() == WANTED
    scenarios.assert_nothing_is_lost(observatory)


def test_with_a_dead_camera_the_night_gives_up_after_three_blocks_and_stays_closed(
    evening: Any, scenarios: Any
) -> None:
    evening.scenario("blind", "faults: [{at: 19:31, device: camera, fault: disconnect}]")
    assert evening.apply("blind")[0] == 0
    assert [entry["in_a_row"] for entry in evening.events("block-failed")] == [1, 2, 3]
    assert names(evening).count("roof-opening") == 1
    assert evening.roof()["goal"] == 0.0
    scenarios.assert_nothing_is_lost(evening)


def test_a_cap_that_sticks_does_not_keep_the_roof_open(evening: Any) -> None:
    evening.scenario("cap", RAIN + "faults: [{at: 20:50, device: panel, fault: stuck}]")
    assert evening.apply("cap")[0] == 0
    assert evening.events("close-failed") == []
    assert evening.events("roof-closed")[0]["time"] < "2026-11-21T20:03"


def test_a_focuser_that_sticks_costs_blocks_and_loses_nothing(observatory: Any, scenarios: Any) -> None:
    observatory.scenario("blur", "faults: [{at: 19:00, device: focuser, fault: stuck, until: 20:30}]")
    assert observatory.apply("blur")[0] == 0
    assert "the focuser was asked to move" in observatory.events("block-failed")[0]["reason"]
    assert observatory.frames() == WANTED
    scenarios.assert_nothing_is_lost(observatory)
