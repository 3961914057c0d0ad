import hashlib
import pickle
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import ccdproc
import numpy as np
import pytest
from astropy import units as u
from astropy.io import fits
from astropy.nddata import CCDData
from astropy.wcs import WCS
from scipy import ndimage

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.library.master import Master, Masters
from obsy.engine.reduce.orders import Field, LightOrder, LiveOrder, MasterOrder, Optics, StackOrder
from obsy.engine.reduce.plane import grid, pixels, tangent
from obsy.engine.reduce.star_table import StarTable
from obsy.engine.reduce.steps.photometry import designation
from obsy.engine.reduce.work import add_live, build_master, combine_stack, reduce_light, star_width
from obsy.engine.sky.catalogue import cone
from obsy.errors import FrameError
from obsy.schemas.pipeline import Pipeline
from obsy.schemas.policy import Quality
from obsy.schemas.site import Location

pytestmark = pytest.mark.filterwarnings("ignore:.*datfix")  # astropy, of every header with a DATE-OBS
SHAPE = (512, 512)
SCALE = 3.8
RA, DEC = 10.6847, 41.2690


def pipeline(*steps):
    return Pipeline.model_validate({"kind": "pipeline", "name": "made", "steps": [{"step": step} for step in steps]})


def master(order, exposure_s=60.0):
    """The master that was built by this order."""
    taken_at = datetime(2026, 11, 21, tzinfo=UTC)
    return Master(
        order.target,
        build_master(order),
        "newton",
        order.kind,
        exposure_s,
        None,
        100,
        30,
        1,
        -10.0,
        "cam",
        taken_at.date(),
        taken_at,
        len(order.sources),
    )


@pytest.fixture(scope="module")
def pattern():
    """The camera: bias pattern, thermal signal of 60 s, flat of mean one."""
    rng = np.random.default_rng(11)
    warm = np.full(SHAPE, 6.0)
    warm.flat[rng.choice(warm.size, 200, replace=False)] = 2500.0
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    flat = 1 - 0.3 * ((row - 255.5) ** 2 + (column - 255.5) ** 2) / (2 * 256**2)
    return 500 + rng.normal(0, 3, SHAPE), warm, flat / flat.mean()


@pytest.fixture(scope="module")
def calibration(pattern, save_into, tmp_path_factory):
    """Frames of each kind, and the masters built of them; nobody changes them."""
    folder = tmp_path_factory.mktemp("calibration")
    save = partial(save_into, folder)
    bias, warm, flat = pattern
    rng = np.random.default_rng(12)
    biases = tuple(save(f"bias{i}.fits", bias + rng.normal(0, 3, SHAPE)) for i in range(9))
    darks = tuple(save(f"dark{i}.fits", bias + warm + rng.normal(0, 4, SHAPE)) for i in range(9))
    flats = tuple(save(f"flat{i}.fits", bias + 25000 * flat + rng.normal(0, 140, SHAPE), exptime=2.0) for i in range(9))
    master_bias = master(MasterOrder("bias", 0.0, biases, folder / "mb.fits"), 0.0)
    freed = Masters(bias=master_bias)
    master_dark = master(MasterOrder("dark", 60.0, darks, folder / "md.fits", freed))
    master_flat = master(MasterOrder("flat", 2.0, flats, folder / "mf.fits", freed), 2.0)
    return (biases, darks, flats), Masters(master_bias, master_dark, master_flat)


@pytest.fixture(scope="module")
def camera(pattern, save_into, draw_stars):
    """Takes a light of the real sky: catalogue stars where a telescope turned by `turn` shows them."""
    bias, warm, flat = pattern
    stars = cone(RA, DEC, 0.8)

    def expose(folder, name, turn=0.0, sigma=(1.5, 1.5, 0.0), seed=1, **cards):
        rng = np.random.default_rng(seed)
        angle = np.radians(turn)
        matrix = SCALE / 3600 * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        truth = tangent(RA + rng.normal(0, 0.01), DEC + rng.normal(0, 0.01), (255.5, 255.5), matrix)
        x, y = pixels(truth, stars.ra_deg, stars.dec_deg).T
        light = draw_stars(SHAPE, x, y, 60 * 10 ** (0.4 * (18.0 - stars.mag)), sigma)
        counts = rng.poisson((light + 700) * flat * 1.2) / 1.2 + bias + warm + rng.normal(0, 2.5, SHAPE)
        return save_into(folder, name, counts, **({"ra": RA + 0.02, "dec": DEC - 0.02} | cards)), truth

    return expose


@pytest.fixture
def take(camera, tmp_path):
    """Takes a light, and puts it where the test is."""
    return partial(camera, tmp_path)


def described(source, sha256):
    """The light as it was read when it came; the worker does not look into its header."""
    try:
        cards = fits.getheader(source)
    except OSError:
        cards = {}
    return Frame(
        path=source,
        sha256=sha256,
        kind=FrameKind.LIGHT,
        object="m34",
        filter="L",
        exposure_s=cards.get("EXPTIME", 60.0),
        gain=None,
        offset=None,
        binning=None,
        temperature_c=None,
        camera=None,
        telescope=None,
        taken_at=datetime(2026, 11, 21, 20, tzinfo=UTC),
        rows=SHAPE[0],
        columns=SHAPE[1],
        ra_deg=cards.get("RA"),
        dec_deg=cards.get("DEC"),
    )


@pytest.fixture(scope="module")
def order(calibration):
    def make(source, *steps, sha256="a" * 64, **changed):
        steps = steps or ("bias", "dark", "flat", "measure", "solve", "align", "stack")
        plain = LightOrder(
            described(source, sha256),
            source.with_name(f"cal_{source.name}"),
            source.with_name(f"aligned_{source.name}"),
            calibration[1],
            pipeline(*steps),
            None,
            Optics(SCALE, 1.2, 3.0, 60000.0),
            Field(RA, DEC, SCALE, 0.0, *SHAPE),
            (("PLANSHA", "abc123", "commit of the plan"),),
        )
        return replace(plain, **changed)

    return make


def adu(path):
    return CCDData(fits.getdata(path).astype(float), unit="adu")


@pytest.mark.long
@pytest.mark.once
def test_the_master_bias_is_ccdproc_s(calibration):
    (biases, _, _), masters = calibration
    theirs = ccdproc.combine(
        [adu(path) for path in biases],
        method="average",
        sigma_clip=True,
        sigma_clip_low_thresh=5,
        sigma_clip_high_thresh=5,
        sigma_clip_func=np.ma.median,
        sigma_clip_dev_func=np.ma.std,
    )
    assert np.abs(fits.getdata(masters.bias.path) - theirs.data).mean() < 0.05  # read noise of the mean is 1 ADU


@pytest.mark.once
def test_calibration_is_ccdproc_s(calibration, take, order):
    source, _ = take("light.fits")
    masters = calibration[1]
    result = reduce_light(order(source, "bias", "dark", "flat"))
    theirs = ccdproc.subtract_bias(adu(source), adu(masters.bias.path))
    theirs = ccdproc.subtract_dark(theirs, adu(masters.dark.path), dark_exposure=60 * u.s, data_exposure=60 * u.s)
    theirs = ccdproc.flat_correct(theirs, adu(masters.flat.path))
    np.testing.assert_allclose(fits.getdata(result.product("calibrated")), theirs.data, rtol=1e-5, atol=0.02)


def test_masters_show_the_camera(calibration, pattern):
    masters = calibration[1]
    bias, warm, flat = pattern
    assert np.abs(fits.getdata(masters.bias.path) - bias).mean() < 1.2
    assert np.abs(fits.getdata(masters.dark.path) - warm).mean() < 2.5
    assert np.abs(fits.getdata(masters.flat.path) - flat).mean() < 0.002
    assert fits.getdata(masters.flat.path).mean() == pytest.approx(1.0, abs=1e-5)
    assert fits.getheader(masters.dark.path)["BIASSHA"] == masters.bias.sha256


def test_a_light_is_measured_solved_and_aligned(take, order):
    source, truth = take("light.fits", turn=178.0, obsyexpo=66.0)
    frame_order = order(source)
    asked = replace(frame_order.frame, exposure_s=66.0)  # what is measured goes by what was exposed
    result = reduce_light(replace(frame_order, frame=asked))
    assert result.accepted
    assert result.unplaced == ""
    found = result.measures
    assert found.background_adu == pytest.approx(700, rel=0.01)
    assert found.fwhm_px == pytest.approx(2.3548 * np.sqrt(1.5**2 + 1 / 12), rel=0.02)
    assert found.zero_point == pytest.approx(18.0, abs=0.02)
    assert found.zero_point_error < 0.02
    assert 15 <= found.zero_point_stars <= found.matched
    header = fits.getheader(result.product("calibrated"))
    assert header["PLANSHA"] == "abc123"
    assert header["RAWSHA"] == "a" * 64
    assert {"BIASSHA", "DARKSHA", "FLATSHA", "OBSY"} <= set(header)
    assert header["ZEROPTN"] == found.zero_point_stars
    assert WCS(header).all_pix2world(255.5, 255.5, 0) == pytest.approx(truth.wcs.crval, abs=0.5 / 3600)
    assert WCS(fits.getheader(result.product("aligned"))).all_pix2world(255.5, 255.5, 0) == pytest.approx(
        [RA, DEC], abs=1e-8
    )


def test_the_same_order_writes_the_same_bytes(take, order):
    source, _ = take("light.fits")
    first = reduce_light(order(source))
    bytes_before = first.product("calibrated").read_bytes(), first.product("aligned").read_bytes()
    assert reduce_light(order(source)) == first
    assert (first.product("calibrated").read_bytes(), first.product("aligned").read_bytes()) == bytes_before
    assert not list(first.product("calibrated").parent.glob("*.part"))


def test_trails_are_rejected_and_leave_no_product(take, order):
    source, _ = take("light.fits", sigma=(5.0, 1.5, 0.4))
    quality = Quality.model_validate({"eccentricity": {"below": 0.75}, "verdict": "60 s"})
    result = reduce_light(order(source, quality=quality))
    assert (result.accepted, result.code) == (False, "eccentricity")
    assert not order(source).calibrated.exists()


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        (np.full(SHAPE, 65535.0), "saturated"),
        (np.full(SHAPE, 1200.0), "no-signal"),
        (np.random.default_rng(1).normal(1200, 20, SHAPE), "no-stars"),
    ],
)
def test_a_frame_that_shows_nothing_is_rejected_with_its_reason(counts, code, save, order):
    result = reduce_light(order(save("bad.fits", counts)))
    assert (result.accepted, result.code) == (False, code)
    assert result.reason.startswith(f"{code}: ")


def test_a_frame_of_nothing_but_nan_is_rejected(save, order):
    assert reduce_light(order(save("nan.fits", np.full(SHAPE, np.nan), raw=False))).code == "no-signal"


def test_what_is_not_fits_is_rejected(tmp_path, order):
    path = tmp_path / "words.fits"
    path.write_text("not a picture")
    assert reduce_light(order(path)).code == "not-an-image"


def test_without_a_master_the_reason_says_which(take, order):
    source, _ = take("light.fits")
    result = reduce_light(order(source, masters=Masters(missing=("bias: none of cam",))))
    assert (result.accepted, result.code, result.reason) == (False, "no-master", "no-master: bias: none of cam")


def test_a_light_that_cannot_be_placed_is_graded_but_not_stacked(take, order):
    source, _ = take("light.fits", ra=200.0, dec=-10.0)
    result = reduce_light(order(source))
    assert result.accepted
    assert result.product("aligned") is None
    assert "fall on the catalogue's" in result.unplaced
    assert result.measures.zero_point is None


FAR = Field(RA, DEC + 1.2, SCALE, 0.0, *SHAPE, "m31")


@pytest.mark.parametrize("steps", [(), ("bias", "dark", "flat", "measure", "solve")], ids=["aligned", "solved"])
def test_a_light_that_shows_no_part_of_its_plan_s_field_is_a_good_picture_that_counts_for_nothing(take, order, steps):
    source, truth = take("light.fits")
    result = reduce_light(order(source, *steps, field=FAR))
    ra, dec = truth.wcs.crval
    away = np.hypot((ra - RA) * np.cos(np.radians(DEC)), dec - FAR.dec_deg)
    assert result.accepted
    assert result.astray == f"it shows no part of the field of m31, but {ra:.3f} {dec:+.3f}, {away:.2f} deg away"
    assert result.product("calibrated").exists()
    assert result.product("aligned") is None


@pytest.mark.parametrize("field", [replace(FAR, dec_deg=DEC + 0.4), None])
def test_a_light_that_shows_some_of_its_field_or_whose_plan_has_none_is_not_astray(take, order, field):
    assert reduce_light(order(take("light.fits")[0], field=field)).astray == ""


def test_a_light_that_cannot_be_placed_is_not_said_to_be_astray(take, order):
    assert reduce_light(order(take("light.fits", ra=200.0, dec=-10.0)[0], field=FAR)).astray == ""


@pytest.mark.long
def test_what_lies_on_a_grid_is_no_longer_mosaiced_and_a_calibrated_frame_still_is(take, order, tmp_path):
    said = {"BAYERPAT": "RGGB", "XBAYROFF": 0, "YBAYROFF": 0, "ROWORDER": "TOP-DOWN"}
    result = reduce_light(order(take("light.fits", **said)[0]))
    live = LiveOrder(result.product("aligned"), "a" * 64, tmp_path / "live.fits", tmp_path / "live.png")
    stack = StackOrder((result.product("aligned"),) * 3, tmp_path / "stack.fits", tmp_path / "stack.png")
    add_live(live)
    combine_stack(stack)
    kept = fits.getheader(result.product("calibrated"))
    assert {keyword: kept[keyword] for keyword in said} == said
    for path in (result.product("aligned"), live.stack, stack.target):
        header = fits.getheader(path)
        assert set(said) & set(header) == {"ROWORDER"}, path.name
        assert header["ROWORDER"] == "BOTTOM-UP", path.name


SMART = {  # as a smart telescope solves its own frames: it lies another way than ours, and says so its own way
    "CTYPE1": "RA---TAN-SIP",
    "CTYPE2": "DEC--TAN-SIP",
    "CRVAL1": RA + 0.1,
    "CRVAL2": DEC,
    "CRPIX1": 200.0,
    "CRPIX2": 300.0,
    "CDELT1": -0.00105,
    "CDELT2": 0.00105,
    "PC1_1": 0.6,
    "PC1_2": 0.8,
    "PC2_1": -0.8,
    "PC2_2": 0.6,
    "CROTA2": 53.0,
    "A_ORDER": 2,
    "A_2_0": 3e-5,
    "B_ORDER": 2,
    "B_0_2": 3e-5,
    "EQUINOX": 2000.0,
}


def corners(path):
    return WCS(fits.getheader(path)).all_pix2world([0, 511, 511, 0], [0, 0, 511, 511], 0)


@pytest.mark.long
def test_a_frame_that_its_camera_solved_lies_where_the_stars_do(take, order, tmp_path):
    source, truth = take("light.fits", turn=30.0, **SMART)
    result = reduce_light(order(source))
    aligned = result.product("aligned")
    add_live(LiveOrder(aligned, "a" * 64, tmp_path / "live.fits", tmp_path / "live.png"))
    with fits.open(aligned, mode="update") as old:  # as it was written before
        old[0].header.update({key: SMART[key] for key in SMART if not key.startswith(("CTYPE", "CRVAL", "CRPIX"))})
    add_live(LiveOrder(aligned, "a" * 64, tmp_path / "again.fits", tmp_path / "live.png"))
    combine_stack(StackOrder((aligned,) * 3, tmp_path / "stack.fits", tmp_path / "stack.png"))
    arcsec = 1 / 3600
    truly = truth.all_pix2world([0, 511, 511, 0], [0, 0, 511, 511], 0)
    assert corners(result.product("calibrated")) == pytest.approx(np.array(truly), abs=1.5 * arcsec)
    field = grid(order(source).field)
    for path in (tmp_path / "live.fits", tmp_path / "again.fits", tmp_path / "stack.fits"):
        wanted = field.all_pix2world([0, 511, 511, 0], [0, 0, 511, 511], 0)
        assert corners(path) == pytest.approx(np.array(wanted), abs=1e-7), path.name


def test_a_frame_that_could_not_be_solved_keeps_what_its_camera_said(take, order):
    source, _ = take("light.fits", dec=-10.0, **SMART)
    kept = fits.getheader(reduce_light(order(source)).product("calibrated"))
    assert {key: kept[key] for key in SMART} == SMART


def test_a_stack_of_frames_that_were_aligned_when_they_still_said_mosaic_says_it_no_more(save, tmp_path):
    old = tuple(save(f"{index}.fits", np.full((20, 20), 900.0), raw=False, bayerpat="RGGB") for index in range(3))
    combine_stack(StackOrder(old, tmp_path / "stack.fits", tmp_path / "stack.png"))
    assert "BAYERPAT" not in fits.getheader(tmp_path / "stack.fits")


@pytest.mark.long
@pytest.mark.once
def test_cosmic_rays_are_mended_as_ccdproc_mends_them(take, order):
    source, _ = take("light.fits")
    with fits.open(source, mode="update") as hdus:
        hdus[0].data[100:103, 50] = 20000
    part, inner = np.s_[60:144, 8:92], np.s_[16:-16, 16:-16]  # the whole takes theirs a second
    plain = fits.getdata(reduce_light(order(source, "bias", "dark", "flat")).product("calibrated"))[part]
    result = reduce_light(order(source, "bias", "dark", "flat", "cosmics"))
    theirs = (
        ccdproc.cosmicray_lacosmic(
            plain * np.float32(1.2),
            sigclip=5.0,
            readnoise=3.0,
            satlevel=np.inf,
            niter=2,
            cleantype="medmask",
            gain_apply=False,
        )[0]
        / 1.2
    )
    full = ndimage.binary_dilation(fits.getdata(source) >= 60000, iterations=12)[part][
        inner
    ]  # masked here, mended there
    ours = fits.getdata(result.product("calibrated"))[part][inner]
    np.testing.assert_allclose(ours[~full], theirs[inner][~full], rtol=0, atol=0.01)
    assert fits.getdata(result.product("calibrated"))[100:103, 50].max() < 1500


@pytest.fixture(scope="module")
def aligned(camera, order, tmp_path_factory):
    """Five aligned frames, every other one turned over as after a meridian flip; a satellite crosses the second."""
    paths, folder = [], tmp_path_factory.mktemp("aligned")
    for index in range(5):
        source, _ = camera(folder, f"light{index}.fits", turn=180.0 * (index % 2), seed=index)
        if index == 1:
            with fits.open(source, mode="update") as hdus:
                hdus[0].data[300:302, :] = 8000
        paths.append(reduce_light(order(source, sha256=f"{index:064d}")).product("aligned"))
    return tuple(paths)


@pytest.mark.long
@pytest.mark.once
def test_a_stack_is_quieter_than_its_frames_and_free_of_satellites(aligned, tmp_path):
    cards = (("PLAN", "m31", ""),)
    order = StackOrder(aligned, tmp_path / "stack.fits", tmp_path / "stack.png", cards=cards)
    assert combine_stack(order) == hashlib.sha256(order.target.read_bytes()).hexdigest()
    stack, header = fits.getdata(order.target), fits.getheader(order.target)
    one = fits.getdata(aligned[0])
    sky = np.s_[150:160, 20:120]
    assert np.nanstd(stack[sky]) < 0.6 * np.nanstd(one[sky])
    assert np.nanmax(stack[205:216, 20:120]) < np.nanmedian(stack) + 150
    assert (header["NCOMBINE"], header["TOTALEXP"]) == (5, 300.0)
    assert header["LGT00002"] == f"{1:064d}"
    assert header["PLAN"] == "m31"
    assert WCS(header).wcs.crval.tolist() == pytest.approx([RA, DEC])
    assert order.preview.read_bytes().startswith(b"\x89PNG")


@pytest.mark.once
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_stack_of_equal_frames_is_the_frame(aligned, count, tmp_path):
    combine_stack(StackOrder((aligned[0],) * count, tmp_path / "s.fits", tmp_path / "s.png"))
    assert np.allclose(fits.getdata(tmp_path / "s.fits"), fits.getdata(aligned[0]), rtol=1e-6, equal_nan=True)
    assert fits.getheader(tmp_path / "s.fits")["REJECTED"] == 0.0


@pytest.mark.long
def test_the_live_stack_is_the_mean_and_takes_no_frame_twice(aligned, tmp_path):
    orders = [
        LiveOrder(path, f"{index:064d}", tmp_path / "live.fits", tmp_path / "live.png")
        for index, path in enumerate((aligned[0], aligned[2], aligned[4]))
    ]
    for live in orders:
        add_live(live)
    stack = orders[0].stack
    once, header = stack.read_bytes(), fits.getheader(stack)
    assert (header["NCOMBINE"], header["TOTALEXP"]) == (3, 180.0)
    add_live(orders[1])
    assert stack.read_bytes() == once
    cube = np.stack([fits.getdata(path) for path in (aligned[0], aligned[2], aligned[4])])
    whole = np.isfinite(cube).all(axis=0)
    gap = fits.getdata(stack)[whole] - cube.mean(axis=0)[whole]
    assert abs(np.median(gap - np.median(gap))) < 0.5  # the mean takes the first frame's sky and zero point
    assert np.percentile(np.abs(gap - np.median(gap)), 99) < 3


def test_frames_of_two_sizes_are_not_combined(save, tmp_path):
    paths = save("a.fits", np.ones((20, 20))), save("b.fits", np.ones((20, 30)))
    with pytest.raises(FrameError, match="2 sizes among 2 frames"):
        build_master(MasterOrder("bias", 0.0, paths, tmp_path / "m.fits"))


def test_a_flat_without_light_is_refused(calibration, tmp_path):
    (biases, _, _), masters = calibration
    with pytest.raises(FrameError, match="no brighter than its bias"):
        build_master(
            MasterOrder("flat", 60.0, biases[:1] * 3, tmp_path / "m.fits", Masters(masters.bias, masters.dark))
        )


@pytest.mark.once
@pytest.mark.parametrize("sigma", [1.2, 2.0, 4.0, 8.0, 12.0])
def test_star_width_follows_the_focus(sigma, sky, save):
    made = sky(shape=(1024, 1024), count=30, sigma=(sigma, sigma, 0.0), faintest=200000.0, brightest=900000.0)
    assert star_width(save("focus.fits", made.counts())) == pytest.approx(1.1774 * sigma, rel=0.08)


def test_a_focus_frame_without_stars_has_no_width(sky, save):
    assert np.isnan(star_width(save("focus.fits", sky(count=0).counts())))


def test_orders_and_results_cross_processes(take, order):
    source, _ = take("light.fits")
    sent = pickle.loads(pickle.dumps(order(source)))
    result = reduce_light(sent)
    assert pickle.loads(pickle.dumps(result)) == result
    assert len(pickle.dumps(sent)) < 8000


@pytest.mark.long
def test_a_light_for_light_curves_has_its_stars_in_a_table(take, order, tmp_path):
    """Known by its hash; their zero point and places are those of the catalogue that was drawn."""
    source, _ = take("light.fits")
    steps = ("bias", "dark", "flat", "measure", "solve", "photometry")
    asked = order(source, *steps, table=tmp_path / "light_stars.ecsv", place=Location(40.0, -3.0, 700.0))
    result = reduce_light(asked)
    table = StarTable.read(result.product("stars"))
    told = next(each for each in result.products if each.kind == "stars")
    assert told.sha256 == hashlib.sha256(told.path.read_bytes()).hexdigest()
    assert table.observation.frame == asked.sha256
    named = table.good & (table.star != "")
    assert named.sum() > 12
    listed = cone(RA, DEC, 0.8)
    magnitudes = {
        designation(*place): mag for *place, mag in zip(listed.ra_deg, listed.dec_deg, listed.mag, strict=True)
    }
    zero = np.array([magnitudes[name] for name in table.star[named]]) + 2.5 * np.log10(table.flux[named] / 60 / 1.2)
    error = 1.0857 * table.flux_error[named] / table.flux[named]
    assert np.median(zero) == pytest.approx(18.0, abs=0.01)
    assert 0.7 < 1.4826 * np.median(np.abs((zero - np.median(zero)) / error)) < 1.5
    again = reduce_light(replace(asked, table=tmp_path / "again.ecsv"))
    assert (tmp_path / "again.ecsv").read_bytes() == told.path.read_bytes()
    assert again.accepted
