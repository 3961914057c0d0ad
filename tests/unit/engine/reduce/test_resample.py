import numpy as np
import pytest

from obsy.engine.reduce.orders import Field
from obsy.engine.reduce.plane import between, grid, tangent
from obsy.engine.reduce.resample import resample
from obsy.engine.reduce.shape import shapes
from obsy.engine.reduce.star_light import sums


def laid(made, turn, scale=1.9):
    counts = (made.counts() - made.level).astype(np.float32)
    angle = np.radians(turn)
    matrix = 1.9 / 3600 * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    source = tangent(100.01, 40.005, (255.5, 255.5), matrix)
    target = grid(Field(100.0, 40.0, scale, 0.0, 512, 512))
    return (
        counts,
        resample(counts, between(target, source, (512, 512)), (512, 512)),
        between(source, target, (512, 512)),
    )


@pytest.mark.parametrize(("turn", "scale"), [(0.0, 1.9), (177.0, 1.9), (33.0, 1.7)])
def test_stars_keep_their_flux_and_go_where_they_belong(sky, turn, scale):
    made = sky(count=30, faintest=60000.0, noise=1.0)
    counts, aligned, mapping = laid(made, turn, scale)
    target = np.column_stack([made.x, made.y, np.ones(30)]) @ mapping.T
    target = target[:, :2] / target[:, 2:]
    inside = ((target > 25) & (target < 486)).all(axis=1)
    holes = ~np.isfinite(aligned)
    before = shapes(counts, made.x[inside], made.y[inside], 15)
    after = shapes(np.where(holes, 0, aligned), *target[inside].T, 15)
    whole = np.array([not holes[int(y) - 16 : int(y) + 17, int(x) - 16 : int(x) + 17].any() for x, y in target[inside]])
    assert whole.sum() >= 10
    assert np.hypot(after.x - target[inside, 0], after.y - target[inside, 1])[whole].max() < 0.05
    was, now = (
        sums(each, holes, (seen.x, seen.y), 2.5 * np.median(seen.fwhm), np.zeros(len(seen.x))).flux[whole]
        for each, seen in ((counts, before), (np.where(holes, 0, aligned), after))
    )
    assert now / was == pytest.approx(1.0, abs=0.005)
    assert now.sum() / was.sum() == pytest.approx(1.0, abs=0.002)


def test_the_same_grid_changes_nothing():
    counts = np.random.default_rng(1).normal(100, 5, (64, 80)).astype(np.float32)
    assert resample(counts, np.eye(3), (64, 80)) == pytest.approx(counts, abs=1e-3)


def test_outside_the_frame_there_is_no_value():
    shift = np.array([[1.0, 0.0, 20.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    aligned = resample(np.ones((64, 64), dtype=np.float32), shift, (64, 64))
    assert np.isnan(aligned[:, 44:]).all()
    assert np.isfinite(aligned[:, :44]).all()


def test_a_hole_stays_a_hole():
    counts = np.ones((64, 64), dtype=np.float32)
    counts[30, 30] = np.nan
    aligned = resample(counts, np.eye(3), (64, 64))
    assert np.isnan(aligned[30, 30])
    assert np.nanmax(np.abs(aligned - 1)) < 1e-5


def test_a_frame_that_shows_nothing_of_the_field_is_none():
    away = np.array([[1.0, 0.0, 5000.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert resample(np.ones((64, 64), dtype=np.float32), away, (64, 64)) is None


def test_a_projective_map_is_followed_exactly():
    ramp = np.arange(200, dtype=np.float32)[None, :] * np.ones((200, 1), dtype=np.float32)
    bent = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1e-4, 0.0, 1.0]])
    aligned = resample(ramp, bent, (200, 200))
    area = aligned[100, 100] / (100 / 1.01)
    assert aligned[50, 150] / area == pytest.approx(150 / 1.015, abs=0.01)
