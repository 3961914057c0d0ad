"""What is known of the things under a roof before anything moves, and how long they may take."""

from obsy.engine.devices.ports import Roof
from obsy.engine.safety.shelter import Shelter
from tests.support.safety import Shed


def shelter(clearance: str = "parked", count: int = 1) -> Shelter:
    shed = Shed(clearance=clearance, count=count)
    shed.loop.close()
    return shed.shelter


def test_a_mount_is_given_three_times_the_longest_way_at_its_speed_and_half_a_minute() -> None:
    (mount,) = shelter().mounts
    assert (mount.declared.slew, mount.declared.settle) == (4.0, 8.0)
    assert mount.moves_within_s == 3 * (360.0 / 4.0 + 8.0) + 30.0


def test_all_is_given_the_longest_way_home_the_roofs_own_limit_and_half_a_minute_before_people_are_called() -> None:
    assert shelter().home_within_s == (360.0 / 4.0 + 8.0) + 90.0 + 30.0
    assert shelter(count=0).home_within_s == 90.0 + 30.0


def test_a_roof_is_given_half_a_minute_more_than_its_own_limit() -> None:
    assert shelter().declared.timeout == 90.0
    assert shelter().moves_within_s == 120.0


def test_only_a_roof_that_is_declared_free_clears_the_mounts() -> None:
    assert shelter("free").clears
    assert not shelter("parked").clears


def test_of_a_roof_that_nobody_has_seen_nothing_is_meant_and_mounts_may_be_at_work_under_it() -> None:
    stance = shelter().stance
    assert (stance.meant, stance.exposed, stance.closing.locked()) == (Roof.UNKNOWN, True, False)


def test_nothing_is_held_against_a_roof_that_was_told_nothing_yet() -> None:
    stance = shelter().stance
    assert (stance.travels, stance.astray, stance.passes, stance.aborted, stance.unseen) == (False, False, False, 0, 0)
