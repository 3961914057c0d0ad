import numpy as np
import pytest
from astropy.io import fits
from astropy.time import Time, TimeDelta
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.frames.kind import kind_of
from obsy.engine.reduce.orders import LiveOrder, StackOrder
from obsy.engine.reduce.stack_cards import ExposureSpan, of_many
from obsy.engine.reduce.work import add_live, combine_stack
from obsy.errors import FrameError

FIRST = Time("2026-11-21T20:00:00.250", scale="utc")


def after(minutes):
    return FIRST + TimeDelta(60 * minutes, format="sec")


OF_ONE = {
    "IMAGETYP": "Light",
    "AIRMASS": 1.2,
    "PIERSIDE": "WEST",
    "DATE-LOC": "2026-11-21T21:00:00",
    "MJD-OBS": 61365.8,
    "FWHM": 2.5,
    "NSTARS": 190,
    "ZEROPT": 19.9,
    "ZEROPTN": 9,
    "SKYLEVEL": 700.0,
    "RAWSHA": "a" * 64,
    "ROWORDER": "TOP-DOWN",
    "EXPOSURE": 60.0,
    "OBSYEXPO": 61.0,
}


@pytest.fixture
def frames(tmp_path):
    """Three frames of unlike length, the longest (and quietest) between the others."""
    paths = []
    for number, (minutes, seconds, noise) in enumerate([(0, 60.0, 9.0), (10, 240.0, 3.0), (200, 120.0, 6.0)]):
        header = fits.Header(OF_ONE | {"EXPTIME": seconds, "NOISE": noise, "OBJECT": "m31", "FILTER": "L"})
        header["DATE-OBS"], header["MJD-OBS"] = after(minutes).isot, after(minutes).mjd
        counts = np.random.default_rng(number).normal(700, noise, (64, 80)).astype(np.float32)
        paths.append(tmp_path / f"{number}.fits")
        fits.writeto(paths[-1], counts, header)
    return tuple(paths)


def combined(frames, tmp_path):
    order = StackOrder(frames, tmp_path / "s.fits", tmp_path / "s.png")
    combine_stack(order)
    return fits.getheader(order.target)


def live(frames, tmp_path):
    for number, path in enumerate(frames):
        add_live(LiveOrder(path, f"{number:064d}", tmp_path / "live.fits", tmp_path / "live.png"))
    return fits.getheader(tmp_path / "live.fits")


@pytest.mark.parametrize(("stack", "like_s"), [(combined, 240.0), (live, 60.0)])
def test_a_stack_says_of_all_its_frames_when_and_for_how_long(frames, tmp_path, stack, like_s):
    header = stack(frames, tmp_path)
    assert (header["EXPTIME"], header["TOTALEXP"], header["SUBEXP"], header["NCOMBINE"]) == (420.0, 420.0, like_s, 3)
    first, last = FIRST, after(202)
    middles = [after(minutes + seconds / 120) for minutes, seconds in ((0, 60), (10, 240), (200, 120))]
    mean = sum(middle.jd * weight for middle, weight in zip(middles, (60, 240, 120), strict=True)) / 420
    for keyword, wanted in (
        ("DATE-OBS", first),
        ("DATE-BEG", first),
        ("DATE-END", last),
        ("DATE-AVG", Time(mean, format="jd")),
    ):
        assert abs(Time(header[keyword]).jd - wanted.jd) * 86400 < 0.01, keyword
    assert not (set(OF_ONE) - {"IMAGETYP", "ROWORDER"}) & set(header)
    assert (header["OBJECT"], header["FILTER"], header["ROWORDER"]) == ("m31", "L", "BOTTOM-UP")
    assert header["IMAGETYP"] == "Master Light"


@pytest.mark.once
@pytest.mark.parametrize(
    "said",
    [
        {"EXPOSURE": 120.0},
        {"EXP": 120.0},
        {"EXPTIME": "120,0"},
        {"EXPTIME": (120000.0, "[ms] exposure")},
        {"EXPOSURE": (2.0, "minutes")},
    ],
)
@pytest.mark.parametrize("stack", [combined, live])
def test_a_frame_that_an_earlier_version_laid_on_the_grid_counts_by_what_its_camera_s_program_calls_the_exposure(
    frames, tmp_path, stack, said
):
    with fits.open(frames[2], mode="update") as old:
        for keyword in ("EXPTIME", "EXPOSURE", "OBSYEXPO"):
            del old[0].header[keyword]
        old[0].header.update(said)
    header = stack(frames, tmp_path)
    assert (header["EXPTIME"], header["TOTALEXP"]) == (420.0, 420.0)
    assert header["DATE-END"] == after(202).isot


@pytest.mark.parametrize("stack", [combined, live])
def test_a_stack_is_taken_for_no_light(frames, tmp_path, stack):
    with pytest.raises(FrameError, match="is a combined frame"):
        kind_of(stack(frames, tmp_path))


def test_a_live_stack_remembers_how_wide_stars_were_in_any_of_its_frames(frames, tmp_path):
    for path, width in zip(frames, (4.0, 6.5, 5.0), strict=True):
        fits.setval(path, "FWHMPX", value=width)
    assert live(frames, tmp_path)["FWHMPX"] == 6.5


@pytest.mark.parametrize("stack", [combined, live])
def test_where_one_frame_says_no_time_the_stack_says_none(frames, tmp_path, stack):
    fits.delval(frames[1], "DATE-OBS")
    fits.delval(frames[1], "MJD-OBS")
    header = stack(frames, tmp_path)
    assert header["EXPTIME"] == 420.0
    assert not {"DATE-OBS", "DATE-BEG", "DATE-END", "DATE-AVG"} & set(header)


def test_the_noise_of_a_stack_is_its_own(frames, tmp_path):
    counts = fits.getdata(tmp_path / "s.fits") if combined(frames, tmp_path) else None
    assert fits.getheader(tmp_path / "s.fits")["NOISE"] == pytest.approx(np.std(counts), rel=0.05)


def test_a_live_stack_that_an_earlier_version_began_goes_on(frames, tmp_path):
    live(frames[:1], tmp_path)
    with fits.open(tmp_path / "live.fits", mode="update") as old:
        del old[0].header["SUBEXP"]  # and its camera wrote the same words of its first frame
    add_live(LiveOrder(frames[1], "b" * 64, tmp_path / "live.fits", tmp_path / "live.png"))
    header = fits.getheader(tmp_path / "live.fits")
    assert (header["EXPTIME"], header["SUBEXP"]) == (300.0, 60.0)
    assert not {"DATE-OBS", "DATE-AVG"} & set(header)


def span(cards):
    return ExposureSpan.of_frame(fits.Header(cards))


spans = st.builds(
    lambda begin, seconds: span({"EXPTIME": seconds, "DATE-OBS": after(1440 * begin).isot}),
    st.floats(0, 300),
    st.integers(1, 3600).map(float),
)


@given(spans, spans, spans)
def test_the_order_of_frames_says_nothing(one, two, three):
    first, second = one.with_more(two).with_more(three), three.with_more(one.with_more(two))
    assert first.exposure_s == second.exposure_s
    assert all(abs((a - b).total_seconds()) < 1e-3 for a, b in zip(first.times, second.times, strict=True))


@given(spans)
def test_what_is_written_is_read_again(made):
    again = ExposureSpan.of_stack(fits.Header({"SUBEXP": 1.0} | {keyword: value for keyword, value, _ in made.cards()}))
    assert again.exposure_s == made.exposure_s
    assert all(abs((a - b).total_seconds()) < 2e-3 for a, b in zip(again.times, made.times, strict=True))


def test_frames_of_no_length_are_of_one_moment_each():
    bias = span({"DATE-OBS": "2026-11-21T20:00:00"})
    later = span({"DATE-OBS": "2026-11-21T21:00:00"})
    assert bias.with_more(later).cards()[-1][1] == "2026-11-21T20:30:00.000"
    assert of_many(fits.Header())["SUBEXP"] == 0.0


def test_a_stack_that_does_not_say_how_long_it_is_adds_nothing():
    assert ExposureSpan.of_stack(fits.Header()).exposure_s == 0.0


def test_the_date_of_a_stack_says_which_moment_it_is():
    cards = {keyword: (value, why) for keyword, value, why in span({"DATE-OBS": FIRST.isot}).cards()}
    assert cards["DATE-OBS"] == cards["DATE-BEG"] == ("2026-11-21T20:00:00.250", "start of the first exposure, UTC")


def test_a_card_of_one_frame_that_stands_there_twice_goes_twice():
    header = fits.Header([("AIRMASS", 1.2), ("OBJECT", "m31"), ("AIRMASS", 1.3)])
    assert "AIRMASS" not in of_many(header)
