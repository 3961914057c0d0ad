"""Of star tables: the star and its neighbours are found again by place, and what is not whole does not count."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.transit.tables import tables_curve
from obsy.errors import UserError
from tests.support.transit_tables import STAR, dimmed, flagged, night_of, without

DIP = np.r_[np.ones(30), np.full(30, 0.98), np.ones(30)]


def test_what_was_put_in_is_found_within_the_errors_that_the_tables_state():
    found = tables_curve(night_of(DIP), STAR).curve
    level = np.median(found.flux[DIP == 1])
    pulls = (found.flux / level - DIP) / (found.error / level)
    assert 0.8 < pulls.std() < 1.2 and abs(pulls.mean()) < 0.4


def test_tables_in_any_order_are_one_curve_in_order_of_time():
    tables = night_of(DIP)
    shuffled = [tables[n] for n in np.random.default_rng(1).permutation(len(tables))]
    one, other = tables_curve(tables, STAR), tables_curve(shuffled, STAR)
    assert np.array_equal(one.curve.bjd_tdb, other.curve.bjd_tdb) and (np.diff(one.curve.bjd_tdb) > 0).all()
    assert one.curve.flux == pytest.approx(other.curve.flux, rel=1e-12)


def test_a_frame_that_lacks_a_comparison_star_is_not_shifted():
    tables = night_of(DIP)
    found = tables_curve([*tables[:10], without(tables[10], 4), *tables[11:]], STAR)
    curve, level = found.curve, np.median(found.curve.flux[DIP == 1])
    assert np.isfinite(np.delete(curve.flux, 10)).all()
    assert np.isnan(curve.flux[10]) or abs(curve.flux[10] / level - 1) < 5 * curve.error[10] / level


@pytest.mark.parametrize("flag", [Flag.SATURATED, Flag.EDGE, Flag.HOLE])
def test_a_target_that_is_not_whole_in_a_frame_does_not_count_there(flag):
    tables = night_of(DIP)
    found = tables_curve([flagged(tables[0], 0, flag), *tables[1:]], STAR).curve
    assert not found.usable[0] and found.usable[1:].all()


def test_a_frame_without_the_target_or_without_a_time_is_a_doubt():
    first, second, *rest = night_of(DIP)
    blind = replace(second, observation=replace(second.observation, bjd_tdb=None))
    found = tables_curve([without(first, 0), blind, *rest], STAR)
    assert (len(found.curve), found.frames) == (88, 90)
    assert found.doubts == ("2 star tables do not show the star at a known time",)


def test_air_mass_that_nobody_knows_is_not_a_trend():
    found = tables_curve(night_of(DIP, airmass=None), STAR).curve
    assert found.usable.all() and "airmass" not in found.ordered().trends


def test_a_star_that_is_saturated_all_night_is_told_so():
    tables = [flagged(each, 0, Flag.SATURATED) for each in night_of(DIP)]
    with pytest.raises(UserError, match="in none of 90 star tables, saturated in 90: expose for a shorter time"):
        tables_curve(tables, STAR)


def test_a_star_that_is_elsewhere_is_told_by_its_place():
    with pytest.raises(UserError, match=r"none of 3 star tables shows the star at 10\.0000, \+5\.0000 deg"):
        tables_curve(night_of(np.ones(3)), (10.0, 5.0))


def test_a_star_without_neighbours_is_compared_with_none():
    tables = night_of(np.ones(3))
    for star in (1, 2, 3, 4):
        tables = [without(each, star) for each in tables]
    with pytest.raises(UserError, match="none compares"):
        tables_curve(tables, STAR)


def test_one_comparison_star_alone_is_a_doubt():
    tables = night_of(np.ones(30))
    for star in (1, 2, 3):
        tables = [without(each, star) for each in tables]
    assert tables_curve(tables, STAR).doubts == ("it is compared with one star alone, which nothing vouches for",)


def test_a_neighbour_that_varies_slowly_is_not_compared_with_and_told_by_its_place():
    shares = 1 + 0.03 * np.sin(np.linspace(0, 9, 90))
    found = tables_curve([dimmed(each, 2, share) for each, share in zip(night_of(DIP), shares, strict=True)], STAR)
    assert (-20.0, 120.0) not in found.comparison_stars and len(found.comparison_stars) >= 2
    assert found.doubts == ("the star at 94.3591, +73.8500 deg varies slowly: it is not compared with",)


def test_a_target_with_a_neighbours_light_in_it_is_a_doubt():
    tables = night_of(DIP)
    blended = [flagged(each, 0, Flag.BLENDED) for each in tables[:7]]
    told = ("in 7 frames a neighbour's light lies in the target's aperture",)
    assert tables_curve([*blended, *tables[7:]], STAR).doubts == told
    assert tables_curve([flagged(each, 1, Flag.BLENDED) for each in tables], STAR).doubts == ()
