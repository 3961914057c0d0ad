"""Zero points of frames are what was put in, with the errors that they have, whichever star a frame lacks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.zero_points import FLOOR_MAG, zero_points

FRAMES, STARS = 30, 6
KNOWN = np.linspace(10.0, 13.0, STARS)
ZERO = 21.0 + 0.3 * np.sin(np.arange(FRAMES))
ERROR = np.full((FRAMES, STARS), 0.01)
SEEN = np.ones((FRAMES, STARS), dtype=bool)
TRUST = np.full(STARS, 0.02)


def night(seed=1, beside=0.0, wrong=0.0, **more):
    """Return the zero points of a night whose truth is ZERO; wrong: how much fainter the catalogue says stars are."""
    said = {"known_error": TRUST, "usable": SEEN, "shift": 0.0} | more
    drawn = np.random.default_rng(seed).normal(0, 1, ERROR.shape) * np.hypot(ERROR, beside)
    magnitude = KNOWN - ZERO[:, None] + drawn + said["shift"]
    return zero_points(magnitude, ERROR, said["usable"], KNOWN + wrong, said["known_error"])


def one_frame(left, error=0.01, known_error=0.02):
    """Return what a single frame says of stars that are so much off."""
    many = len(left)
    return zero_points(
        np.zeros((1, many)),
        np.full((1, many), error),
        np.ones((1, many), bool),
        np.array(left),
        np.full(many, known_error),
    )


def test_zero_points_are_those_that_were_put_in_within_their_errors():
    off = np.concatenate([(found.value - ZERO) / found.error for found in (night(seed) for seed in range(20))])
    assert 0.85 < off.std() < 1.15 and abs(off.mean()) < 0.15


def test_the_error_of_a_zero_point_is_that_of_the_mean_of_its_stars():
    calm = zero_points(KNOWN - ZERO[:, None], ERROR, SEEN, KNOWN, TRUST)
    assert calm.error == pytest.approx(np.hypot(0.01, FLOOR_MAG) / np.sqrt(STARS)) and calm.beyond == 0.0
    assert calm.value == pytest.approx(ZERO, abs=1e-9) and calm.residual == pytest.approx(0.0, abs=1e-9)


def test_the_brighter_a_star_the_more_it_counts():
    error = np.tile([0.003, 0.03, 0.03, 0.03, 0.03, 0.03], (FRAMES, 1))
    push = np.zeros((FRAMES, STARS))
    push[4, 0] = 0.01
    expected = 0.01 / (0.003**2 + FLOOR_MAG**2) / (1 / (0.003**2 + FLOOR_MAG**2) + 5 / (0.03**2 + FLOOR_MAG**2))
    found = zero_points(KNOWN - ZERO[:, None] - push, error, SEEN, KNOWN, TRUST)
    assert found.value[4] - ZERO[4] == pytest.approx(expected, rel=0.05)


@given(st.integers(0, FRAMES - 1), st.floats(-3, 3))
def test_a_cloud_moves_the_zero_point_of_its_frame_and_nothing_else(frame, extinction):
    shift = np.zeros((FRAMES, 1))
    shift[frame] = extinction
    plain, dimmed = night(), night(shift=shift)
    moved = np.zeros(FRAMES)
    moved[frame] = -extinction
    np.testing.assert_allclose(dimmed.value, plain.value + moved, rtol=0, atol=1e-9)
    np.testing.assert_allclose(dimmed.offset, plain.offset, rtol=0, atol=1e-9)


@given(st.integers(0, STARS - 1))
def test_a_frame_that_lacks_a_star_is_not_shifted_however_wrong_its_catalogue_is(star):
    wrong = np.zeros(STARS)
    wrong[star] = 0.12
    usable = SEEN.copy()
    usable[7, star] = False
    whole, lacking = night(wrong=wrong), night(wrong=wrong, usable=usable)
    assert lacking.value[7] == pytest.approx(whole.value[7], abs=0.02)
    assert np.isnan(lacking.residual[7, star]) and not lacking.counted[7, star]


def test_a_star_that_only_clear_frames_show_is_not_called_brighter():
    dark = np.where(np.arange(FRAMES) < 15, 2.0, 0.0)[:, None]
    usable = SEEN.copy()
    usable[:15, 3] = False
    found = night(shift=dark, usable=usable)
    assert abs(found.offset[3]) < 0.02 and found.value == pytest.approx(ZERO - dark[:, 0], abs=0.03)


def test_a_single_star_gives_a_zero_point_with_its_own_error():
    alone = SEEN.copy()
    alone[:, 1:] = False
    assert night(usable=alone).error == pytest.approx(np.hypot(0.01, FLOOR_MAG))


def test_offsets_are_what_the_catalogue_says_too_faint_and_weigh_nothing_together():
    trust = np.array([0.01, 0.02, 0.02, 0.02, 0.02, 0.04])
    wrong = np.array([0.0, 0.1, 0.0, 0.0, 0.0, 0.0])
    found = night(wrong=wrong, known_error=trust)
    assert np.sum(found.offset / trust**2) == pytest.approx(0.0, abs=1e-6)
    assert found.residual.mean(axis=0) == pytest.approx(0.0, abs=1e-6)
    assert found.offset[1] - found.offset[[0, 2, 3, 4, 5]].mean() == pytest.approx(0.1, abs=0.01)


def test_a_star_far_off_in_one_frame_does_not_count_there():
    shift = np.zeros((FRAMES, STARS))
    shift[3, 2] = 0.5
    found = night(shift=shift)
    assert not found.counted[3, 2] and found.counted.sum() >= FRAMES * STARS - 3
    assert found.residual[3, 2] == pytest.approx(-0.5, abs=0.05)
    assert found.value[3] == pytest.approx(ZERO[3], abs=4 * found.error[3])


@pytest.mark.parametrize(("sigmas", "counts"), [(3.8, True), (4.3, False)])
def test_a_star_counts_up_to_four_sigmas(sigmas, counts):
    shift = np.zeros((FRAMES, STARS))
    shift[3, 2] = sigmas * np.hypot(0.01, FLOOR_MAG)
    found = zero_points(KNOWN - ZERO[:, None] + shift, ERROR, SEEN, KNOWN, TRUST)
    assert found.counted[3, 2] == counts


def test_a_frame_without_a_star_has_no_zero_point():
    usable = SEEN.copy()
    usable[5] = False
    found = night(usable=usable)
    assert np.isnan(found.value[5]) and np.isnan(found.error[5]) and np.isfinite(np.delete(found.value, 5)).all()


def test_a_star_that_no_frame_shows_says_nothing():
    usable = SEEN.copy()
    usable[:, 2] = False
    found = night(usable=usable)
    assert np.isnan(found.offset[2]) and np.isfinite(found.value).all()
    assert found.common_error == pytest.approx(max(0.02 / np.sqrt(5), found.common_error))


def test_nothing_at_all_is_no_number():
    found = night(usable=~SEEN)
    assert np.isnan(found.value).all() and np.isnan(found.common_error) and found.beyond == 0.0


@pytest.mark.parametrize("beside", [0.0, 0.01, 0.03])
def test_what_scatters_beside_photons_is_found_and_costs_no_star(beside):
    found = [night(seed, beside=beside) for seed in range(10)]
    assert np.mean([each.beyond for each in found]) == pytest.approx(beside, abs=0.003)
    assert np.mean([each.counted.mean() for each in found]) > 0.99
    off = np.concatenate([(each.value - ZERO) / each.error for each in found])
    assert 0.8 < off.std() < 1.2


@pytest.mark.long
def test_few_frames_do_not_make_the_scatter_smaller():
    few = np.zeros((FRAMES, STARS), dtype=bool)
    few[:4] = True
    found = [night(seed, beside=0.03, usable=few).beyond for seed in range(60)]
    assert np.mean(found) == pytest.approx(0.03, abs=0.003)


def test_of_two_stars_each_has_half_of_their_scatter():
    both = np.zeros((FRAMES, STARS), dtype=bool)
    both[:, :2] = True
    found = [night(seed, beside=0.03, usable=both).beyond for seed in range(20)]
    assert np.mean(found) == pytest.approx(0.03, abs=0.004)


def test_one_frame_or_one_star_tells_of_no_scatter():
    alone = np.zeros((FRAMES, STARS), dtype=bool)
    alone[:, 0] = True
    assert night(beside=0.1, usable=alone).beyond == 0.0 == one_frame([0.1, -0.1, 0.0]).beyond


def test_where_stars_of_a_frame_disagree_its_error_is_wider():
    error = np.full((FRAMES, STARS), 0.01)
    patchy = np.zeros((FRAMES, STARS))
    patchy[9] = [0.03, -0.03, 0.03, -0.03, 0.03, -0.03]
    found = zero_points(KNOWN - ZERO[:, None] + patchy, error, SEEN, KNOWN, TRUST)
    plain = np.hypot(0.01, FLOOR_MAG) / np.sqrt(STARS)
    assert found.error[9] == pytest.approx(plain * np.sqrt(6 * 0.03**2 / 5) / np.hypot(0.01, FLOOR_MAG), rel=0.05)
    assert found.error[8] == pytest.approx(plain, rel=0.01)


def test_three_stars_of_a_frame_can_disagree():
    three = np.zeros((FRAMES, STARS), dtype=bool)
    three[:, :3] = True
    patchy = np.zeros((FRAMES, STARS))
    patchy[9, :3] = 0.03, -0.03, 0.0
    found = zero_points(KNOWN - ZERO[:, None] + patchy, ERROR, three, KNOWN, TRUST)
    assert found.error[9] == pytest.approx(np.sqrt(2 * 0.03**2 / 2 / 3), rel=0.05)


def test_the_scatter_of_two_stars_in_one_frame_widens_nothing():
    two = np.zeros((FRAMES, STARS), dtype=bool)
    two[:, :3] = True
    two[9, 2] = False
    patchy = np.zeros((FRAMES, STARS))
    patchy[9, :2] = 0.03, -0.03
    found = zero_points(KNOWN - ZERO[:, None] + patchy, ERROR, two, KNOWN, TRUST)
    assert found.error[9] == pytest.approx(np.hypot(0.01, FLOOR_MAG) / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ([0.3], 0.02),
        ([0.001, -0.001], 0.02 / np.sqrt(2)),
        ([0.1, -0.1], np.sqrt(2 * 0.1**2 / 1 / 2)),
        ([0.1, -0.1, 0.0], np.sqrt(2 * 0.1**2 / 2 / 3)),
        ([0.0, 0.0, 0.0, 0.0], 0.01),
    ],
)
def test_what_is_common_to_all_frames_is_the_catalogues_error_or_its_contradictions(left, expected):
    assert one_frame(left).common_error == pytest.approx(expected, rel=1e-6)
