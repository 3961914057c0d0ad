"""Magnitudes come out as they were put in, within what is said of them, and what is wrong is named."""

import time
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_table import UNITS, Flag
from obsy.engine.science.ensemble import ensemble
from obsy.errors import UserError
from tests.unit.engine.science.star_fields import TARGET, StarField


def measured(field, **more):
    return ensemble(field.tables(), field.declared(), "V", TARGET, **more)


@pytest.mark.long
def test_magnitudes_are_the_truth_within_what_is_said_of_them():
    nights = [measured(StarField(seed=seed, frames=10)) for seed in range(40)]
    off = np.array([(night.curve.magnitude.mean() - 12.0) / night.curve.error.mean() for night in nights])
    assert 0.6 < off.std() < 1.4  # the catalogue's share is the same in all frames of a night
    assert abs(off.mean()) < 0.6
    assert max(abs(night.curve.magnitude.mean() - 12.0) for night in nights) < 0.02


def test_points_scatter_by_their_own_share_of_the_error():
    found = measured(StarField(frames=300))
    own = np.sqrt(found.curve.error**2 - found.common_error**2)
    assert 0.85 < np.std((found.curve.magnitude - 12.0) / own) < 1.15


def test_points_come_in_order_of_time():
    assert (np.diff(measured(StarField()).curve.jd_utc) > 0).all()


def test_clouds_change_the_zero_point_and_not_the_star():
    found = measured(StarField(clouds=np.linspace(0, 1.5, 40)))
    assert np.ptp(found.curve.zero_point) == pytest.approx(1.5, abs=0.02)
    assert found.curve.magnitude[-5:].mean() == pytest.approx(12.0, abs=0.02)
    assert any("clouds" in each for each in found.doubts)


def test_a_comparison_star_that_varies_is_named_and_left_out():
    field = StarField(shift={4: 0.2 * np.sin(np.linspace(0, 6, 40))})
    found = measured(field)
    assert [each for each in found.left_out if "000-AAA-004: it varies" in each]
    assert "000-AAA-004" not in found.compared and found.check.refusal == ""
    assert found.curve.magnitude.mean() == pytest.approx(12.0, abs=0.02)


def test_a_known_variable_is_left_out_before_anything_is_measured():
    found = measured(StarField(), variables=["000-AAA-005"])
    assert "000-AAA-005: it is a known variable" in found.left_out and "000-AAA-005" not in found.compared


def test_a_catalogue_that_is_wrong_about_one_star_is_told():
    found = measured(StarField(wrong={6: 0.6}))
    assert [each for each in found.left_out if each.startswith("000-AAA-006: it is -0.6")]
    assert found.curve.magnitude.mean() == pytest.approx(12.0, abs=0.02)


def test_the_check_star_is_never_compared_with():
    assert "000-AAA-001" not in measured(StarField()).compared


def test_a_check_star_that_differs_from_its_catalogue_refuses_the_report():
    assert measured(StarField()).check.refusal == ""
    assert "000-AAA-001 is -0.2" in measured(StarField(wrong={1: 0.2})).check.refusal


def test_a_frame_in_which_the_check_star_differs_is_left_out():
    bump = np.zeros(40)
    bump[7] = 0.5
    found = measured(StarField(shift={1: bump}))
    assert len(found.curve) == 39 and any("1 of 40 frames: the check star" in each for each in found.left_out)


def test_a_check_star_that_is_not_seen_refuses_the_report():
    found = measured(StarField(flags={1: int(Flag.SATURATED)}))
    assert "not seen whole" in found.check.refusal and found.doubts == ()


def test_a_target_that_is_not_seen_is_fainter_than_a_limit():
    found = measured(StarField(target=22.0))
    assert found.curve.is_limit.mean() > 0.9
    limits = found.curve.magnitude[found.curve.is_limit]
    assert limits.mean() == pytest.approx(21.0 - 2.5 * np.log10(3 * 51 / 60), abs=0.05)
    assert np.isnan(found.curve.error[found.curve.is_limit]).all()


def test_light_that_was_summed_beside_the_target_is_doubted():
    field = StarField(frames=3)
    assert measured(field).doubts == ()
    field.dec[0] += 3 / 3600
    assert any("summed 3.0 arcsec from its place" in each for each in measured(field).doubts)


def test_a_saturated_target_has_no_points_and_is_told():
    found = measured(StarField(flags={0: int(Flag.SATURATED)}))
    assert len(found.curve) == 0 and any("40 of 40 frames: the target is saturated" in each for each in found.left_out)


@pytest.mark.parametrize(
    ("field", "band", "words"),
    [
        (StarField(frames=0), "V", "no frame has a table of stars"),
        (StarField(frames=2), "B", "has no magnitude in 'B'.*its stars have V"),
        (StarField(frames=2, flags=dict.fromkeys(range(2, 10), 1)), "V", "000-AAA-008, 000-AAA-009: saturated"),
    ],
)
def test_where_nothing_can_be_compared_it_is_told_why(field, band, words):
    with pytest.raises(UserError, match=words):
        ensemble(field.tables(), field.declared(), band, TARGET)


def test_another_field_is_told():
    field = StarField(frames=2)
    tables = field.tables()
    field.dec = field.dec - 3
    with pytest.raises(UserError, match="no frame has a comparison star .*see whether the plan points at"):
        ensemble(tables, field.declared(), "V", TARGET)


def test_a_star_that_no_frame_has_is_not_told_as_one_that_is_too_faint():
    field = StarField(frames=3)
    tables = field.tables()
    field.dec[4] += 1.0
    found = ensemble(tables, field.declared(), "V", TARGET)
    assert [each for each in found.left_out if each.startswith("000-AAA-004: at their places no frame has a star")]


def test_a_check_star_that_varies_refuses_the_report():
    slow = measured(StarField(shift={1: 0.03 * np.sin(np.linspace(0, 6, 40))}))
    assert "000-AAA-001 varies, by 0.029 mag where 0.002 is expected" in slow.refusal and "'check'" in slow.refusal
    eclipsed = measured(StarField(shift={1: np.where(np.arange(40) < 12, 0.4, 0.0)}))
    assert "is not as in the others in 12 of 40 frames: it varies" in eclipsed.refusal


def test_a_check_star_that_is_a_known_variable_refuses_the_report():
    found = measured(StarField(), variables=["000-AAA-001"])
    assert found.refusal == "the check star 000-AAA-001 is a known variable: name another by 'check'"


def test_a_check_star_that_few_frames_show_is_doubted():
    field = StarField(frames=5)
    tables = field.tables()
    for table in tables[:3]:
        table.flags[np.isclose(table.ra, field.ra[1])] = int(Flag.EDGE)
    found = ensemble(tables, field.declared(), "V", TARGET)
    assert "the check star is seen whole in 2 of 5 frames: of the others it says nothing" in found.doubts


def test_of_two_stars_that_contradict_each_other_nothing_is_reported():
    found = measured(StarField(stars=2, wrong={2: 0.4}))
    assert "000-AAA-002 and 000-AAA-003 contradict each other by 0.4" in found.refusal
    assert measured(StarField(stars=2)).refusal == ""


def test_three_stars_of_which_no_two_agree_report_nothing():
    found = measured(StarField(stars=3, wrong={2: 0.4, 3: 1.0}))
    assert "contradict each other" in found.refusal and len(found.compared) == 2


@pytest.mark.parametrize(("stars", "who"), [(1, "000-AAA-002 and 000-AAA-001"), (2, "000-AAA-002 and 000-AAA-003")])
def test_of_two_stars_that_scatter_against_each_other_nothing_is_reported(stars, who):
    varying = StarField(stars=stars, shift={2: 0.3 * np.sin(np.linspace(0, 20, 40))})
    refusal = measured(varying).refusal
    assert refusal.startswith(f"{who} scatter by 0.") and "one of them varies" in refusal and "declare more" in refusal
    assert measured(StarField(stars=stars, shift={2: 0.04 * np.sin(np.linspace(0, 20, 40))})).refusal == ""


@pytest.mark.long
@pytest.mark.parametrize("stars", [1, 2])
def test_faint_pairs_that_few_frames_show_do_not_vary_by_their_noise(stars):
    nights = [StarField(frames=5, stars=stars, seed=seed) for seed in range(30)]
    for night in nights:
        night.magnitude[1:] = 18.0
    assert not [each for each in map(measured, nights) if "against each other" in each.refusal]


def test_what_three_stars_scatter_by_is_doubted_and_reported():
    random = np.random.default_rng(5)
    found = measured(StarField(frames=60, stars=3, shift={each: random.normal(0, 0.2, 60) for each in range(1, 5)}))
    assert found.refusal == "" and found.beyond > 0.1 and any("stars scatter by 0." in each for each in found.doubts)


@pytest.mark.parametrize(("stars", "enough"), [(8, 2), (2, 2), (1, 3)])
def test_so_few_frames_are_doubted_that_nothing_tells_what_scatters(stars, enough):
    words = "too few frames tell what stars scatter by beside their photons: it is in no error"
    assert words in measured(StarField(stars=stars, frames=enough - 1)).doubts
    assert words not in measured(StarField(stars=stars, frames=enough)).doubts


def test_where_the_target_has_no_point_its_error_is_not_doubted():
    assert measured(StarField(frames=1, flags={0: int(Flag.SATURATED)})).doubts == ()


def test_two_stars_that_differ_a_little_are_less_sure_in_all_frames_alike():
    apart = measured(StarField(stars=2, wrong={2: 0.1}))
    assert apart.refusal == "" and apart.common_error > 0.03 > measured(StarField(stars=2)).common_error


@pytest.mark.parametrize(("other", "why"), [(0, "the target, by its place"), (2, "0.0 arcsec from 000-AAA-002")])
def test_no_star_is_compared_with_itself_under_another_name(other, why):
    field = StarField(frames=3)
    field.ra[4], field.dec[4] = field.ra[other], field.dec[other]
    found = measured(field)
    assert "000-AAA-004" not in found.compared and any(why in each for each in found.left_out)


def test_a_target_is_not_its_own_check_star():
    field = StarField(frames=3)
    field.ra[1], field.dec[1] = TARGET
    with pytest.raises(UserError, match="the check star 000-AAA-001 .* lies at the target's place"):
        measured(field)


def test_scatter_beyond_photons_is_in_each_error_and_no_frame_is_lost_by_it():
    random = np.random.default_rng(7)
    field = StarField(frames=100, shift={star: random.normal(0, 0.03, 100) for star in range(10)})
    found = measured(field)
    own = np.sqrt(found.curve.error**2 - found.common_error**2)
    assert len(found.curve) == 100 and len(found.compared) == 8 and found.refusal == ""
    assert 0.8 < np.std((found.curve.magnitude - 12.0) / own) < 1.2
    assert any("scatter by 0.0" in each for each in found.doubts)


def test_against_one_star_the_check_star_tells_what_scatters_beyond_photons():
    random = np.random.default_rng(8)
    found = measured(StarField(frames=100, stars=1, shift={star: random.normal(0, 0.01, 100) for star in range(3)}))
    own = np.sqrt(found.curve.error**2 - found.common_error**2)
    assert 0.8 < np.std((found.curve.magnitude - 12.0) / own) < 1.2


def test_two_comparison_stars_tell_of_their_scatter_themselves():
    random = np.random.default_rng(4)
    assert measured(StarField(stars=2, shift={2: random.normal(0, 0.03, 40)})).beyond > 0.01


def test_what_is_fainter_than_its_noise_is_a_limit_whatever_its_flags_say():
    field = StarField(frames=4, target=24.0)
    tables = [replace(each, flags=np.zeros_like(each.flags)) for each in field.tables()]
    assert ensemble(tables, field.declared(), "V", TARGET).curve.is_limit.all()
    noisy = StarField(frames=4, target=20.5)
    tables = [replace(each, flags=np.zeros_like(each.flags), flux_error=3 * each.flux_error) for each in noisy.tables()]
    assert ensemble(tables, noisy.declared(), "V", TARGET).curve.is_limit.all()


def test_against_one_star_neither_clouds_nor_two_frames_tell_of_scatter():
    assert measured(StarField(stars=1, clouds=np.linspace(0, 1, 40))).beyond < 0.005
    apart = {1: np.array([0.02, -0.02, 0.02])}
    assert measured(StarField(stars=1, frames=2, shift=apart)).beyond == 0.0
    assert measured(StarField(stars=1, frames=3, shift={1: np.array([0.03, 0.0, -0.03])})).beyond > 0.01


def test_the_mean_has_what_differs_from_frame_to_frame_once_a_frame_and_the_catalogue_once():
    found = measured(StarField(frames=25))
    own = found.curve.error**2 - found.common_error**2
    mean, error = found.mean
    assert mean == pytest.approx(found.curve.magnitude.mean())
    assert error == pytest.approx(np.sqrt(own.mean() / 25 + found.common_error**2))
    assert found.scatter == pytest.approx(found.curve.magnitude.std(ddof=1))


def test_what_was_never_seen_has_no_mean_and_one_point_no_scatter():
    faint = measured(StarField(target=24.0, frames=2))
    assert np.isnan([*faint.mean, faint.scatter]).all()
    two = measured(StarField(frames=2))
    assert two.scatter == pytest.approx(abs(np.diff(two.curve.magnitude)[0]) / np.sqrt(2))
    one = measured(StarField(frames=1))
    assert one.mean[0] == one.curve.magnitude[0] and np.isnan(one.scatter)


def test_limits_are_in_neither_mean_nor_scatter():
    found = measured(StarField(target=19.85, frames=40, seed=3))
    seen = ~found.curve.is_limit
    assert 2 < seen.sum() < 38 and found.mean[0] == pytest.approx(found.curve.magnitude[seen].mean())
    assert found.scatter == pytest.approx(found.curve.magnitude[seen].std(ddof=1))


def test_a_point_keeps_what_its_frame_says():
    field = StarField(frames=2)
    tables = field.tables()
    curve = ensemble(tables, field.declared(), "V", TARGET).curve
    first = min(tables, key=lambda each: each.observation.jd_utc)
    about = first.observation
    row = int(np.flatnonzero(first.ra == TARGET[0])[0])
    assert (curve.jd_utc[0], curve.hjd_utc[0], curve.bjd_tdb[0]) == (about.jd_utc, about.hjd_utc, about.bjd_tdb)
    assert (curve.airmass[0], curve.exposure_s[0], curve.frame[0]) == (1.2, 60.0, about.frame)
    assert curve.compared_with[0] == 8 and curve.instrumental[0] == pytest.approx(-2.5 * np.log10(first.flux[row] / 60))
    assert curve.magnitude[0] == pytest.approx(curve.instrumental[0] + curve.zero_point[0])
    assert curve.check[0] == pytest.approx(curve.check_instrumental[0] + curve.zero_point[0])


def test_an_error_is_that_of_photons_zero_point_catalogue_and_scatter_together():
    field = StarField(frames=6)
    tables, declared = field.tables(), field.declared()
    found = ensemble(tables, declared, "V", TARGET)
    first = min(tables, key=lambda each: each.observation.jd_utc)
    row = int(np.flatnonzero(first.ra == TARGET[0])[0])
    photons = 2.5 / np.log(10) * first.flux_error[row] / first.flux[row]
    zero = found.curve.check_error[0] ** 2 - found.beyond**2
    check_row = int(np.flatnonzero(first.ra == field.ra[1])[0])
    zero -= (2.5 / np.log(10) * first.flux_error[check_row] / first.flux[check_row]) ** 2
    assert 0 < zero < 0.003**2
    assert found.curve.error[0] ** 2 == pytest.approx(photons**2 + zero + found.beyond**2 + found.common_error**2)


def test_a_table_without_a_time_is_no_point():
    field = StarField(frames=3)
    first, *rest = field.tables()
    timeless = replace(first, observation=replace(first.observation, jd_utc=None))
    assert len(ensemble([timeless, *rest], field.declared(), "V", TARGET).curve) == 2


def test_each_reason_is_told_once_for_each_frame():
    field = StarField(frames=4)
    tables = field.tables()
    at_target = [np.isclose(each.ra, TARGET[0]) for each in tables]
    tables[0].flags[at_target[0]] = int(Flag.SATURATED | Flag.EDGE)
    tables[1].flags[at_target[1]] = int(Flag.HOLE)
    gone = ~at_target[2]
    tables[2] = replace(tables[2], **{name: getattr(tables[2], name)[gone] for name in UNITS})
    found = ensemble(tables, field.declared(), "V", TARGET)
    reasons = ("saturated: take shorter", "lies at the edge or on", "place is not in its table")
    told = zip(found.left_out, reasons, strict=True)
    assert all(each.startswith("1 of 4 frames: the target") and why in each for each, why in told)
    assert len(found.curve) == 1


def test_frames_without_a_comparison_star_or_with_stars_that_disagree_are_told_apart():
    lost = np.zeros(40)
    lost[5] = 12.0
    dark = measured(StarField(shift=dict.fromkeys(range(1, 10), lost)))
    assert "1 of 40 frames: no comparison star is seen: clouds, or another field" in dark.left_out
    apart = np.zeros(40)
    apart[5] = 0.4
    odd = measured(StarField(stars=2, shift={2: apart, 3: -apart}))
    assert [each for each in odd.left_out if each.startswith("1 of 40 frames: its comparison stars differ")]


@pytest.mark.parametrize(("stars", "doubts"), [(1, ["1 comparison star:"]), (2, ["2 comparison stars:"]), (3, [])])
def test_few_stars_are_doubted(stars, doubts):
    assert [
        each[: len(doubt)] for each, doubt in zip(measured(StarField(stars=stars)).doubts, doubts, strict=True)
    ] == doubts


@pytest.mark.parametrize(("dimmed", "is_told"), [(0.97, False), (1.05, True)])
def test_a_zero_point_that_moves_by_a_magnitude_is_doubted(dimmed, is_told):
    doubts = measured(StarField(clouds=np.linspace(0, dimmed, 40))).doubts
    assert any(each.startswith("the zero point moved by") for each in doubts) is is_told


@pytest.mark.parametrize(("shown", "is_told"), [(1, True), (18, True), (19, False), (20, False)])
def test_a_check_star_that_a_tenth_of_the_frames_lack_is_told(shown, is_told):
    field = StarField(frames=20)
    tables = field.tables()
    for table in tables[shown:]:
        table.flags[np.isclose(table.ra, field.ra[1])] = int(Flag.EDGE)
    found = ensemble(tables, field.declared(), "V", TARGET)
    assert any("the check star is seen whole in" in each for each in found.doubts) is is_told


def test_a_blended_target_is_doubted_with_the_number_of_frames():
    field = StarField(frames=3)
    tables = field.tables()
    tables[1].flags[np.isclose(tables[1].ra, TARGET[0])] = int(Flag.BLENDED)
    found = ensemble(tables, field.declared(), "V", TARGET)
    assert found.doubts == ("in 1 frame a neighbour's light lies in the target's aperture",) and len(found.curve) == 3


@pytest.mark.parametrize(("arcsec", "is_told"), [(1.9, False), (2.1, True)])
def test_from_two_arcsec_on_light_beside_the_target_is_doubted(arcsec, is_told):
    field = StarField(frames=2)
    field.dec[0] += arcsec / 3600
    assert bool(measured(field).doubts) is is_told


@pytest.mark.slow
@pytest.mark.once
def test_a_thousand_frames_of_two_hundred_stars_take_seconds():
    field = StarField(frames=1000, stars=198)
    tables, declared = field.tables(), field.declared()
    begun = time.process_time()
    ensemble(tables, declared, "V", TARGET)
    assert time.process_time() - begun < 10  # measured: 0.4 s
