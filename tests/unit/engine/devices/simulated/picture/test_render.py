"""Whole frames against what is known of them."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.devices.simulated.picture.brightness import EFFICIENCY, V
from obsy.engine.devices.simulated.picture.plate import Plate
from obsy.engine.devices.simulated.picture.render import _stars, beam, render, render_to_file
from obsy.engine.devices.simulated.picture.scene import MovingPoint
from obsy.engine.devices.simulated.picture.sensor import grain, shade
from obsy.engine.devices.simulated.variables import VaryingPoint


def level(frame):
    return float(np.median(frame))


def hfr(frame, column, row, reach=24):
    y, x = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
    away = np.hypot(y - row, x - column)
    light = frame - np.median(frame)
    near = away < reach
    return float((light * away)[near].sum() / light[near].sum())


def test_a_bias_has_its_pedestal_and_read_noise(staged):
    first, second = (render(staged("bias", 0, seed)).astype(float) for seed in (1, 2))
    assert first.mean() == pytest.approx(500, abs=0.3)
    # difference of two frames: no fixed pattern; rounding adds 1/12 ADU^2 each
    assert np.std(first - second) / 2**0.5 == pytest.approx(np.hypot(1.5 / 0.8, 12**-0.5), rel=0.01)


def test_a_dark_has_its_current(staged):
    dark, bias = render(staged("dark", 600)).astype(float), render(staged("bias", 0)).astype(float)
    assert np.median(dark - bias) * 0.8 == pytest.approx(600 * 0.02, abs=0.6)


def test_dark_current_doubles_with_six_degrees(staged):
    bias = render(staged("bias", 0)).astype(float)
    cold, warm = (np.median(render(staged("dark", 2000, temperature=t)) - bias) for t in (-10.0, -4.0))
    assert warm / cold == pytest.approx(2, rel=0.02)


def test_hot_pixels_stay_where_they_are(staged):
    first, second = (render(staged("dark", 300, seed)) for seed in (1, 2))
    hot = first > np.percentile(first, 99.98)
    assert np.median(second[hot]) > 5 * np.std(second) + level(second)


def test_mean_and_variance_of_flats_give_the_declared_gain(staged):
    """The photon transfer curve. Source: Janesick 2001, chapter 2."""
    bias = [render(staged("bias", 0, seed)).astype(float) for seed in (1, 2)]
    flat = [render(staged("flat", 3, seed)).astype(float) for seed in (3, 4)]
    middle = np.s_[120:200, 150:230]
    mean = sum(f[middle].mean() for f in flat) - sum(b[middle].mean() for b in bias)
    noise = np.var(flat[0][middle] - flat[1][middle]) - np.var(bias[0][middle] - bias[1][middle])
    assert mean / noise == pytest.approx(0.8, rel=0.04)  # 6400 pixels: 1.8 per cent


def test_a_flat_shows_vignetting_and_is_half_full(staged):
    flat = render(staged("flat", 3)).astype(float)
    assert 0.3 * 50000 / 0.8 < flat.mean() < 0.5 * 50000 / 0.8
    assert flat[:20, :20].mean() < 0.9 * flat[150:170, 180:200].mean()


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("up", [0.0, 33.0, 180.0])
def test_stars_stand_where_the_catalogue_says(staged, stars, up):
    from photutils.centroids import centroid_2dg, centroid_sources  # noqa: PLC0415 - slow to load, and many processes collect this file

    frame = render(staged(up=up)).astype(float)
    plate = Plate((150, 40), up, 5.4e-3 / 650 * 206264.806, frame.shape)
    columns, rows = plate.pixels(stars.ra_deg, stars.dec_deg)
    seen = (columns > 15) & (columns < 369) & (rows > 15) & (rows < 305)
    x, y = centroid_sources(frame - level(frame), columns[seen], rows[seen], box_size=15, centroid_func=centroid_2dg)
    assert np.hypot(x - columns[seen], y - rows[seen]).max() < 0.3
    assert np.median(np.hypot(x - columns[seen], y - rows[seen])) < 0.03


def test_stars_send_the_photons_of_their_magnitude(staged, stars):
    from photutils.aperture import CircularAnnulus, CircularAperture, aperture_photometry  # noqa: PLC0415 - slow to load, and many processes collect this file

    frame = render(staged(seconds=10))
    electrons = (frame - 500.0) * 0.8 / shade("apo", "V", frame.shape) / grain("A 384", frame.shape).response
    plate = Plate((150, 40), 0.0, 5.4e-3 / 650 * 206264.806, frame.shape)
    places = np.transpose(plate.pixels(stars.ra_deg, stars.dec_deg))
    inner, ring = CircularAperture(places, 12), CircularAnnulus(places, 14, 18)
    around = np.array([np.median(mask.get_values(electrons)) for mask in ring.to_mask()])
    seen = aperture_photometry(electrons, inner)["aperture_sum"] - around * inner.area
    # V = 0: 996 photons/s/cm2/A (Bessell 1998) x 850 A x 132.7 cm2 x 0.5 x 10 s, 0.15 mag x 1.2 airmasses
    wanted = 996 * 850 * 132.73 * EFFICIENCY * 10 * 10 ** (-0.4 * (stars.mag + 0.15 * 1.2))
    ratio = np.asarray(seen) / wanted
    assert np.median(ratio) == pytest.approx(1, abs=0.02)  # an aperture of 12 px holds 99 per cent
    assert V.photons == pytest.approx(996 * 850)


def test_stars_are_smallest_in_focus(staged, stars):
    plate = Plate((150, 40), 0.0, 5.4e-3 / 650 * 206264.806, (320, 384))
    column, row = (float(a[20]) for a in plate.pixels(stars.ra_deg, stars.dec_deg))
    sizes = [hfr(render(staged(defocus=d)).astype(float), column, row, 20) for d in (6.0, 3.0, 0.0, 3.0, 6.0)]
    assert sizes[2] == min(sizes) and sizes[0] > 1.3 * sizes[2]
    assert sizes[0] > sizes[1] > sizes[2] < sizes[3] < sizes[4]


def test_drift_draws_trails(staged, stars):
    plate = Plate((150, 40), 0.0, 5.4e-3 / 650 * 206264.806, (320, 384))
    column, row = (round(float(a[20])) for a in plate.pixels(stars.ra_deg, stars.dec_deg))
    frame = render(staged(drift=(12.0, 0.0))).astype(float)
    stamp = frame[row - 10 : row + 11, column - 10 : column + 11] - level(frame)
    y, x = np.mgrid[-10:11, -10:11]
    wide, high = ((stamp * axis**2).sum() / stamp.sum() for axis in (x, y))
    assert wide > 1.5 * high


def test_cloud_dims_stars_and_not_the_sky(staged):
    clear, dim = (render(staged(transmission=t)).astype(float) for t in (1.0, 0.2))
    assert level(dim) == pytest.approx(level(clear), rel=0.02)
    assert dim.max() < clear.max()


def test_a_moving_body_is_drawn_along_its_way(staged):
    body = MovingPoint("asteroid", 8.0, (150.0, 40.0), (150.0, 40.01))
    without, moved = (render(staged(bodies=b)).astype(float) for b in ((), (body,)))
    rows, _ = np.nonzero(moved - without > 200)
    assert 18 <= np.ptp(rows) <= 30  # 36 arcsec at 1.71 arcsec a pixel, and its own width


def test_a_tracked_body_is_a_point_among_trails(staged):
    body = MovingPoint("asteroid", 8.0, (150.0, 39.995), (150.0, 40.005))
    without, moved = (render(staged(bodies=b, drift=(0.0, -36.0))).astype(float) for b in ((), (body,)))
    light = np.clip(moved - without - 300, 0, None)
    rows = np.arange(320)[:, None]
    middle = (light * rows).sum() / light.sum()
    assert middle == pytest.approx(159.5, abs=0.2)
    assert (light * (rows - middle) ** 2).sum() / light.sum() < 3


def test_the_same_seed_gives_the_same_counts(staged):
    assert np.array_equal(render(staged(seed=5)), render(staged(seed=5)))
    assert not np.array_equal(render(staged(seed=5)), render(staged(seed=6)))


def test_a_binned_frame_is_smaller_and_as_bright_as_its_pixels_together(staged):
    one, two = render(staged("light")), render(staged("light", binning=2))
    assert two.shape == (160, 192)
    assert (level(two) - 500) / (level(one) - 500) == pytest.approx(4, rel=0.05)


def test_the_file_holds_the_counts_and_the_cards(staged, tmp_path):
    cards = (("OBSERVER", "Zoë", "Observer name"), ("GAIN", 100, "Gain"), ("COMMENT", "simulated", ""))
    made = replace(staged(), cards=cards)
    path = render_to_file(made, tmp_path / "a.fits")
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_size % 2880 == 0
    with fits.open(path) as hdus:
        hdus.verify("exception")
        assert np.array_equal(hdus[0].data, render(made))
        assert (hdus[0].header["OBSERVER"], hdus[0].header["GAIN"]) == ("Zo?", 100)
        assert (hdus[0].header.comments["GAIN"], str(hdus[0].header["COMMENT"])) == ("Gain", "simulated")
    assert render_to_file(made, tmp_path / "b.fits").read_bytes() == path.read_bytes()


def test_a_star_that_varies_has_its_share_of_light(staged, stars):
    """Of the catalogue's; one that is in no catalogue is there as bright as it is said to be."""
    quiet = staged(seconds=30)
    dimmed = VaryingPoint(float(stars.ra_deg[12]), float(stars.dec_deg[12]) + 1 / 3600, 0.7)
    new = VaryingPoint(150.035, 40.018, 0.5, 8.0)
    plate = Plate((150, 40), 0.0, quiet.scale, quiet.shape)
    usual, varied = (
        _stars(replace(quiet.sky, varying=seen), plate, beam(quiet, quiet.sky)) for seen in ((), (dimmed, new))
    )
    expected = usual.electrons.copy()
    expected[12] *= 0.7
    assert varied.electrons[:-1] == pytest.approx(expected)
    above = beam(quiet, quiet.sky).above
    assert varied.electrons[-1] == pytest.approx(0.5 * above * V.photons * 10 ** (-0.4 * 8.0))
    column, row = plate.pixels(np.array([new.ra_deg]), np.array([new.dec_deg]))
    assert (varied.columns[-1], varied.rows[-1]) == (column[0], row[0])


def test_a_share_is_of_no_star_where_the_catalogue_has_none(staged):
    scene = staged(seconds=30)
    nothing = VaryingPoint(150.2, 40.1, 0.1)
    assert np.array_equal(render(replace(scene, sky=replace(scene.sky, varying=(nothing,)))), render(scene))
