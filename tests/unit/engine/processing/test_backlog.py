"""Old frames are calibrated by their own night's masters, and stacked, without a night."""

from datetime import date

from obsy.engine.processing.backlog import loose_sets, work_off
from tests.support.bench import NIGHT


def brought_in(room, kind, numbers, **cards):
    """Have these frames in the archive, as a folder of old files that was brought in leaves them."""
    room.take(*(room.shoot(number, kind, **cards) for number in numbers))


def test_lights_are_reduced_by_the_masters_of_the_frames_beside_them_and_stacked(room):
    brought_in(room, "Light", range(2))
    brought_in(room, "Bias", range(3), EXPTIME=0.0, FILTER="")
    brought_in(room, "Dark", range(3), FILTER="")
    brought_in(room, "Flat", range(3), EXPTIME=2.0)
    done = work_off(room.processing, room.store)
    assert [(each.kind, each.exposure_s, each.frames) for each in done.masters] == [
        ("bias", 0.0, 3),
        ("dark", 180.0, 3),
        ("flat", 2.0, 3),
    ]
    assert [(each.plan, each.accepted, each.missing) for each in done.lights] == [("m31", True, ())] * 2
    assert [each.about["frames"] for each in done.stacks] == [2]
    assert done.amiss == []


def test_what_is_done_is_not_done_again(room):
    brought_in(room, "Light", range(2))
    brought_in(room, "Bias", range(3), EXPTIME=0.0, FILTER="")
    work_off(room.processing, room.store)
    again = work_off(room.processing, room.store)
    assert (again.masters, again.lights, again.stacks) == ([], [], [])


def test_masters_that_come_later_calibrate_lights_that_were_reduced_before(room):
    brought_in(room, "Light", [1])
    first = work_off(room.processing, room.store)
    assert any("bias" in line for line in room.store.frames(kind="light")[0].missing)
    brought_in(room, "Bias", range(3), EXPTIME=0.0, FILTER="")
    (light,) = work_off(room.processing, room.store).lights
    assert not any("bias" in line for line in light.missing)
    assert first.masters == []


def test_too_few_frames_of_a_set_are_told_and_stop_nothing(room):
    brought_in(room, "Bias", range(2), EXPTIME=0.0, FILTER="")
    brought_in(room, "Light", [1])
    done = work_off(room.processing, room.store)
    assert done.amiss == [f"no master bias 0 s of {NIGHT}: 2 good bias 0 s frames of {NIGHT}; a master needs 3"]
    assert len(done.lights) == 1


def test_each_night_and_exposure_is_a_set_of_its_own(room):
    brought_in(room, "Dark", range(3), FILTER="")
    brought_in(room, "Dark", range(3, 6), FILTER="", EXPTIME=60.0)
    brought_in(room, "Dark", range(6, 9), FILTER="", **{"DATE-OBS": "2026-11-23T20:00:00"})
    sets = [(wanted.exposure_s, night) for wanted, night in loose_sets(room.store, "dark")]
    assert sets == [(60.0, NIGHT), (180.0, NIGHT), (180.0, date(2026, 11, 23))]


def test_a_light_that_no_plan_wants_stays_open(room):
    brought_in(room, "Light", [1], OBJECT="unknown")
    (light,) = work_off(room.processing, room.store).lights
    assert light.plan is None and light.accepted is None
