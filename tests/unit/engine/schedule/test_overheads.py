"""What lies between two blocks costs what the mount, the wheel and the focuser take."""

from dataclasses import replace
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.schedule.overheads import Aim, Overheads
from tests.support.equipment import club

HERE = Aim("m31", 10.0, 41.0, "newton", "L", 1)
"""On a mount of 4 deg/s: 8 s to settle, 4 s a filter, 60 s a focus run, 180 s a flip."""


def test_the_first_block_waits_for_settling_filter_and_focus(overheads: Overheads) -> None:
    assert overheads.between(None, HERE) == 8 + 4 + 60


def test_going_on_with_the_same_costs_nothing(overheads: Overheads) -> None:
    assert overheads.between(HERE, HERE) == 0


def test_another_filter_costs_its_change_and_a_focus_run(overheads: Overheads) -> None:
    assert overheads.between(HERE, replace(HERE, filter="R")) == 4 + 60


def test_another_train_costs_its_filter_and_a_focus_run(overheads: Overheads) -> None:
    assert overheads.between(HERE, replace(HERE, train="second")) == 4 + 60


def test_another_target_costs_the_slew_settling_and_a_focus_run(overheads: Overheads) -> None:
    there = replace(HERE, picture="m33", dec_deg=21.0)
    assert overheads.between(HERE, there) == pytest.approx(20 / 4 + 8 + 60)


def test_the_other_side_of_the_meridian_costs_a_flip(overheads: Overheads) -> None:
    assert overheads.between(HERE, replace(HERE, pier=-1)) == 180 + 8


def test_a_flip_to_another_target_is_charged_instead_of_the_slew(overheads: Overheads) -> None:
    there = replace(HERE, picture="m33", dec_deg=21.0, pier=-1)
    assert overheads.between(HERE, there) == 180 + 8 + 60


def test_a_mount_that_need_not_change_sides_never_flips(overheads: Overheads) -> None:
    fork = replace(overheads, past_meridian_s=None)
    assert fork.between(HERE, replace(HERE, pier=-1)) == 0


def test_a_german_mount_flips_and_a_fork_does_not(root: Path) -> None:
    (newton,) = declare(root, root / "plans").instruments
    german = Overheads.of(newton)
    fork = Overheads.of(replace(newton, mount=newton.mount.model_copy(update={"type": "fork"})))
    assert newton.mount.meridian is not None
    assert (german.flip_s, german.past_meridian_s) == (newton.mount.meridian.flip, newton.mount.meridian.past)
    assert (fork.flip_s, fork.past_meridian_s) == (0.0, None)


def test_a_focus_run_takes_seven_frames_with_their_downloads(root: Path) -> None:
    (newton,) = declare(root, root / "plans").instruments
    costs = Overheads.of(newton)
    assert costs.focus_s == 7 * (2.0 + 4.0 + newton.train.camera.download + 5.0)
    assert costs.download_s == newton.train.camera.download


def test_a_train_without_wheel_and_focuser_loses_no_time_to_them() -> None:
    costs = Overheads.of(club().instrument("colour"))
    assert (costs.filter_s, costs.focus_s) == (0.0, 0.0)
