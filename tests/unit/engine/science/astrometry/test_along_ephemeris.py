"""A target that moves is found by its motion; stars, hot pixels and what goes its own way are refused."""

from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.astrometry.along_ephemeris import along_ephemeris
from obsy.engine.science.astrometry.position import WIDEST_COMA
from tests.unit.engine.science.astrometry.moving_fields import MovingField

MOVER = (40.0, -20.0, 0.3, 0.2, 4000.0)


def found(field, computed=None, within=15.0):
    """What is found where the truth, or something else, is computed."""
    tables = field.tables()
    places = np.array([each[0] for each in (computed or field).truth])
    return along_ephemeris(tables, places, within, field.catalogue)


@pytest.mark.long
def test_positions_and_magnitudes_are_as_wrong_as_they_say():
    off, mag, means = [], [], []
    for seed in range(8, 20):
        said = found(MovingField(seed=seed, movers=(MOVER,), catalogue_arcsec=0.3))
        assert said.refusal == "" and len(said.positions) == 12
        off += [each.east_arcsec / each.error_arcsec for each in said.positions]
        off += [each.north_arcsec / each.error_arcsec for each in said.positions]
        truth = 21 - 2.5 * np.log10(4000 / 60)
        mag += [(each.vt_magnitude - truth) / each.magnitude_error for each in said.positions]
        east, north, error = said.mean_offset
        means += [east / error, north / error]
    assert 0.9 < np.std(off) < 1.1
    assert 0.85 < np.std(mag) < 1.15
    assert 0.6 < np.std(means) < 1.4


def test_the_pace_and_the_rate_are_told():
    said = found(MovingField(movers=(MOVER,)))
    assert said.pace[0] == pytest.approx(1, abs=0.02) and said.pace[1] < 0.01
    assert said.rate_arcsec_min == pytest.approx(np.hypot(0.3, 0.2), rel=0.01)
    assert said.angle_deg == pytest.approx(np.degrees(np.arctan2(0.3, 0.2)), abs=0.1)


def test_an_ephemeris_that_is_off_is_measured_and_not_hidden():
    field, shifted = MovingField(movers=(MOVER,)), MovingField(movers=((35.0, -17.0, 0.3, 0.2, 4000.0),))
    shifted.tables()
    said = found(field, shifted)
    assert said.mean_offset[:2] == pytest.approx((5.0, -3.0), abs=0.1) and said.refusal == ""


def test_a_star_that_the_catalogue_lacks_is_not_the_target():
    field = MovingField(frames=12, faint=1)
    place = tuple(field.stars[-1])
    phantom = MovingField(frames=12, movers=((*place, 0.3, 0.2, 1.0),))
    phantom.tables()
    said = found(field, phantom)
    assert "nothing is" not in said.refusal and said.refusal != "" and len(said.positions) < 12


def test_what_hardly_moves_cannot_be_told_from_a_star():
    said = found(MovingField(movers=((40.0, -20.0, 0.001, 0.0, 4000.0),)))
    assert "may be a star that the catalogue lacks" in said.refusal


def test_what_moves_at_another_pace_is_something_else():
    field, slower = MovingField(movers=(MOVER,)), MovingField(movers=((40.0, -20.0, 0.27, 0.18, 4000.0),))
    slower.tables()
    assert "it is something else" in found(field, slower).refusal


def test_where_nothing_is_seen_nothing_is_reported():
    field, phantom = MovingField(faint=0), MovingField(movers=(MOVER,))
    phantom.tables()
    said = found(field, phantom)
    assert said.positions == () and said.left_out == ("12 frames: nothing within 15 arcsec of its place",)
    assert said.refusal.startswith("0 frames show something")


def test_a_neighbour_s_light_spoils_a_point_and_a_coma_is_none():
    field = MovingField(frames=4, movers=(MOVER,))
    spoilt = [replace(each, flags=np.where(each.star == "", int(Flag.BLENDED), 0)) for each in field.tables()]
    places = np.array([each[0] for each in field.truth])
    said = along_ephemeris(spoilt, places, 15.0, field.catalogue)
    assert said.left_out == ("4 frames: a neighbour's light lies in its aperture",)
    assert len(along_ephemeris(spoilt, places, 15.0, field.catalogue, WIDEST_COMA).positions) == 4


@pytest.mark.parametrize("wide", [1.0, 5.0])
def test_what_is_saturated_is_told_whatever_shape_that_gives_it(wide):
    field = MovingField(frames=4, movers=(MOVER,))
    full = [
        replace(
            each,
            flags=np.where(each.star == "", int(Flag.SATURATED), 0),
            fwhm=np.where(each.star == "", wide * each.fwhm, each.fwhm),
        )
        for each in field.tables()
    ]
    said = along_ephemeris(full, np.array([each[0] for each in field.truth]), 15.0, field.catalogue)
    assert said.left_out == ("4 frames: it is saturated: a shorter exposure would show it",)


def test_what_is_wider_than_stars_is_none_unless_it_is_a_comet():
    field = MovingField(frames=4, movers=(MOVER,))
    wide = [replace(each, fwhm=np.where(each.star == "", 5.0 * each.fwhm, each.fwhm)) for each in field.tables()]
    places = np.array([each[0] for each in field.truth])
    assert along_ephemeris(wide, places, 15.0, field.catalogue).positions == ()
    assert len(along_ephemeris(wide, places, 15.0, field.catalogue, WIDEST_COMA).positions) == 4


def test_two_frames_are_too_few():
    assert "at least 3 are needed" in found(MovingField(frames=2, movers=(MOVER,))).refusal
