"""What lies between two blocks costs what the mount, the wheel and the focuser take."""

from dataclasses import replace
from datetime import timedelta
from math import inf
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.sequencer.setting_up import SOLVED_S
from obsy.engine.sky.grid import Grid
from obsy.schemas.centring import Centring
from tests.support.equipment import club, one

HERE = Aim("m31", 10.0, 41.0, "newton", "L", 1)
"""On a mount of 4 deg/s: 8 s to settle, 4 s a filter, 60 s a focus run, 180 s a flip."""


EVERY_S = 7200.0
"""After so long the focus is measured again."""


@pytest.fixture
def place(grid: Grid, overheads: Overheads) -> Timeline:
    return one(grid, replace(overheads, focus_every_s=EVERY_S))


def at(grid: Grid, to: Aim = HERE, focused_s: float = 0.0, rests: bool = False) -> Bearings:
    """Return that a mount points at a target; focused_s: when its train was focused, from the grid's start."""
    return Bearings(to, rests, {to.train: grid.start + timedelta(seconds=focused_s)})


def test_the_first_block_waits_for_settling_filter_and_focus(grid: Grid, place: Timeline) -> None:
    assert place.between(Bearings(), HERE, grid.start) == 8 + 4 + 60


def test_a_mount_of_which_nothing_but_its_focus_is_known_is_not_focused_again(grid: Grid, place: Timeline) -> None:
    known = Bearings(focused={"newton": grid.start})
    assert place.between(known, HERE, grid.at(5)) == 8 + 4


def test_going_on_with_the_same_costs_nothing(grid: Grid, place: Timeline) -> None:
    assert place.between(at(grid), HERE, grid.at(1)) == 0


def test_a_mount_that_stood_still_meanwhile_is_sent_there_again(grid: Grid, place: Timeline) -> None:
    assert place.between(at(grid, rests=True), HERE, grid.at(1)) == 8


def test_another_filter_costs_its_change_and_the_settling_of_a_new_block(grid: Grid, place: Timeline) -> None:
    assert place.between(at(grid), replace(HERE, filter="R"), grid.at(1)) == 4 + 8


def test_another_train_costs_its_filter_and_its_own_focus_run(grid: Grid, overheads: Overheads) -> None:
    both = Timeline(grid, dict.fromkeys(("newton", "second"), replace(overheads, focus_every_s=EVERY_S)), grid.start)
    assert both.between(at(grid), replace(HERE, train="second"), grid.at(1)) == 4 + 8 + 60


def test_another_target_costs_the_slew_and_settling(grid: Grid, place: Timeline) -> None:
    there = replace(HERE, picture="m33", dec_deg=21.0)
    assert place.between(at(grid), there, grid.at(1)) == pytest.approx(20 / 4 + 8)


def test_the_other_side_of_the_meridian_costs_a_flip(grid: Grid, place: Timeline) -> None:
    assert place.between(at(grid), replace(HERE, half=-1), grid.at(1)) == 180 + 8


def test_a_flip_to_another_target_is_charged_instead_of_the_slew(grid: Grid, place: Timeline) -> None:
    there = replace(HERE, picture="m33", dec_deg=21.0, half=-1)
    assert place.between(at(grid), there, grid.at(1)) == 180 + 8


def test_a_mount_that_need_not_change_sides_never_flips(grid: Grid, overheads: Overheads) -> None:
    fork = one(grid, replace(overheads, past_meridian_s=None))
    assert fork.between(at(grid), replace(HERE, half=-1), grid.at(1)) == 0


@pytest.mark.parametrize(("since_s", "costs_s"), [(7199.0, 0.0), (7200.0, 60.0), (9000.0, 60.0)])
def test_a_focus_run_is_charged_once_the_last_is_old(
    grid: Grid, place: Timeline, since_s: float, costs_s: float
) -> None:
    now = grid.start + timedelta(seconds=since_s)
    assert place.between(at(grid), HERE, now) == costs_s


def test_what_counts_is_when_the_telescope_gets_there(grid: Grid, place: Timeline) -> None:
    there, now = replace(HERE, picture="m33", dec_deg=21.0), grid.start + timedelta(seconds=7200.0 - 13.0)
    assert place.between(at(grid), there, now) == pytest.approx(13.0 + 60.0)
    assert place.between(at(grid, focused_s=0.5), there, now) == pytest.approx(13.0)


def test_what_was_focused_on_the_way_is_known_afterwards(grid: Grid, place: Timeline) -> None:
    first = place.then(Bearings(), HERE, grid.start)
    assert first == Bearings(HERE, focused={"newton": grid.start + timedelta(seconds=8 + 4 + 60)})
    assert place.then(first, replace(HERE, filter="R"), grid.at(10)).focused == first.focused


def test_the_planned_focus_runs_are_those_that_the_sequencer_makes(root: Path) -> None:
    (newton,) = declare(root, root / "plans").instruments
    assert newton.train.focuser is not None
    assert Overheads.of(newton).focus_every_s == newton.train.focuser.every == 7200.0
    without = replace(newton, train=newton.train.model_copy(update={"focuser": None}))
    assert not Overheads.of(without).focuses(inf)


def test_a_german_mount_flips_and_a_fork_does_not(root: Path) -> None:
    (newton,) = declare(root, root / "plans").instruments
    german = Overheads.of(newton)
    fork = Overheads.of(replace(newton, mount=newton.mount.model_copy(update={"type": "fork"})))
    assert newton.mount.meridian is not None
    assert (german.flip_s, german.past_meridian_s) == (newton.mount.meridian.flip, newton.mount.meridian.past)
    assert (fork.flip_s, fork.past_meridian_s) == (0.0, None)
    assert newton.train.focuser is not None
    anew = newton.train.focuser.model_copy(update={"after": "flip"})
    focuses = Overheads.of(replace(newton, train=newton.train.model_copy(update={"focuser": anew})))
    assert focuses.flip_s == german.flip_s + german.focus_s > german.flip_s


def test_a_focus_run_takes_seven_frames_with_their_downloads(root: Path) -> None:
    (newton,) = declare(root, root / "plans").instruments
    costs = Overheads.of(newton)
    assert costs.focus_s == 7 * (2.0 + 4.0 + newton.train.camera.download + 5.0)
    assert costs.download_s == newton.train.camera.download


def test_a_train_without_wheel_and_focuser_loses_no_time_to_them() -> None:
    costs = Overheads.of(club().instrument("colour"))
    assert (costs.filter_s, costs.focus_s) == (0.0, 0.0)


def test_no_way_is_longer_than_half_round_the_sky_with_all_that_may_be_due(overheads: Overheads) -> None:
    assert replace(overheads, slew_deg_s=3.0).longest_s == 4 + 180 + 60 + 8 + 60


def test_a_set_up_may_take_half_a_minute_more_or_three_deviations_of_what_was_learned(overheads: Overheads) -> None:
    assert Overheads.of(club().instruments[0]).spare_s == 30.0
    assert overheads.spare_s == 0.0
    assert overheads.uneven_s == 0.0
    assert replace(overheads, late_s=12.0).spare_s == 36.0
    assert replace(overheads, late_s=12.0, grace_s=40.0).spare_s == 40.0


def test_a_train_without_a_focuser_has_no_run_and_one_that_is_quick_has(overheads: Overheads) -> None:
    assert not replace(overheads, focus_s=0.0).focuses(inf)
    assert replace(overheads, focus_s=0.5).focuses(inf)


def test_settling_takes_as_long_as_centring_besides_where_that_is_declared() -> None:
    plain = club().instruments[0]
    centre = Centring.model_construct(exposing=10.0)
    centred = replace(plain, mount=plain.mount.model_copy(update={"centre": centre}))
    besides_s = 2 * (10.0 + plain.train.camera.download + SOLVED_S) + plain.mount.settle
    assert Overheads.of(centred).settle_s == Overheads.of(plain).settle_s + besides_s > besides_s
