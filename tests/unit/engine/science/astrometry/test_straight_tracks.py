"""Movers that nobody declared are found, with their pace; stars, hot pixels and chance make none."""

import numpy as np
import pytest

from obsy.engine.science.astrometry import straight_tracks as search
from obsy.engine.science.astrometry.star_fit import star_fit
from obsy.engine.science.astrometry.straight_tracks import straight_tracks
from obsy.engine.science.astrometry.strays import strays
from tests.unit.engine.science.astrometry.moving_fields import MIDDLE, MovingField, sky

HOT = ((300.0, 400.0), (700.0, 650.0), (512.0, 100.0))


def tracks(field, fastest=5.0):
    """The tracks in a field's frames."""
    listed = field.catalogue(*MIDDLE, 1.0)
    frames, lost = strays(field.tables(), lambda table: star_fit(table, listed, MIDDLE))
    assert lost == []
    found, untried = straight_tracks(frames, fastest)
    assert untried == 0
    return found


def test_each_mover_is_found_once_with_its_pace():
    field = MovingField(
        frames=8, noise=10, hot=HOT, catalogue_arcsec=0.2, faint=80,
        movers=((40.0, -20.0, 0.5, 0.3, 4000.0), (-600.0, 500.0, -2.0, 1.0, 2500.0), (300.0, 300.0, 0.0, -0.4, 3000.0)),
    )  # fmt: skip
    found = tracks(field)
    assert len(found) == 3 and all(each.chance < 1e-3 for each in found)
    paces = sorted((round(each.east_arcsec_min, 1), round(each.north_arcsec_min, 1)) for each in found)
    assert paces == [(-2.0, 1.0), (0.0, -0.4), (0.5, 0.3)]
    for each in found:
        assert len(each.positions) >= 7
        ra, dec = np.array([(one.ra_deg, one.dec_deg) for one in each.positions]).T
        truth = {one for frame in field.truth for one in frame}
        nearest = [
            min(np.hypot((a - ta) * np.cos(np.radians(b)), b - tb) for ta, tb in truth)
            for a, b in zip(ra, dec, strict=True)
        ]
        assert max(nearest) * 3600 < 1.0


def test_three_frames_are_enough_where_little_strays():
    (one,) = tracks(MovingField(frames=3, every_min=15.0, noise=3, movers=((0.0, 0.0, 0.8, 0.0, 5000.0),)))
    assert one.rate_arcsec_min == pytest.approx(0.8, abs=0.05) and one.angle_deg == pytest.approx(90, abs=3)


def test_lines_that_are_too_many_to_be_tried_are_counted(monkeypatch):
    field = MovingField(frames=3, every_min=15.0, noise=40, movers=((0.0, 0.0, 0.8, 0.0, 5000.0),))
    listed = field.catalogue(*MIDDLE, 1.0)
    frames, _ = strays(field.tables(), lambda table: star_fit(table, listed, MIDDLE))
    monkeypatch.setattr(search, "MOST_TRIED", 10)
    found, untried = search.straight_tracks(frames, 5.0)
    assert found == [] and untried > 10


def test_two_frames_make_no_track():
    assert tracks(MovingField(frames=2, movers=((0.0, 0.0, 0.8, 0.0, 5000.0),))) == []


@pytest.mark.long
def test_fields_without_movers_make_no_track():
    for seed in range(30):
        many = 3 + seed % 5
        assert tracks(MovingField(seed=seed, frames=many, noise=25, hot=HOT, faint=60, every_min=8.0)) == []


def test_hot_pixels_are_no_movers_where_the_mount_drifts():
    """Against the stars they move, straight on and at one pace."""
    field = MovingField(frames=8, hot=HOT, drift_px=0.0, faint=0)
    field._shift = lambda number: np.array([1.5 * number, 0.0])
    assert tracks(field) == []


def test_what_hardly_moves_is_not_told_from_a_star():
    assert tracks(MovingField(frames=8, movers=((0.0, 0.0, 0.02, 0.0, 5000.0),))) == []


def test_the_sky_of_the_fields_is_a_tangent_plane():
    ra, dec = sky([[0.0, 0.0]])
    assert (ra[0], dec[0]) == pytest.approx(MIDDLE)
