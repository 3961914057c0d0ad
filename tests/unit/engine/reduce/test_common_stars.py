import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.alike import shares
from obsy.engine.reduce.common_stars import Landmarks, Ratio, Starlight, landmarks, ratio, usual_light, widest

HEADERS = [fits.Header({"FWHMPX": 4.0})]


@pytest.fixture
def shown(sky):
    """A sky, and how it looks through a share of clouds, by stars of another width."""
    made = sky(count=50, faintest=4000.0)

    def make(share=1.0, sigma=1.7, seed=0):
        stars = sky(count=50, faintest=4000.0, sigma=(sigma, sigma, 0.0), noise=0.0, level=0.0)
        noise = np.random.default_rng(seed).normal(0, made.noise, made.shape)
        return (made.level + share * stars.counts() + noise).astype(np.float32)

    return made, make


def test_light_is_photutils_s_over_the_ring_about_each_star(shown):
    from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture  # noqa: PLC0415 - slow to load, and many processes collect this file

    made, make = shown
    counts = make()
    marks = landmarks(counts, HEADERS)
    places = np.column_stack([marks.x, marks.y])
    ring = ApertureStats(counts, CircularAnnulus(places, 1.5 * marks.radius, 2.5 * marks.radius), sum_method="exact")
    circle = CircularAperture(places, marks.radius)
    theirs = circle.do_photometry(counts)[0] - ring.mean * circle.area
    ours = marks.light(counts, 12.0)
    assert len(marks) > 30
    assert ours.flux == pytest.approx(theirs, rel=0.01, abs=30.0)
    assert ours.error == pytest.approx(12.0 * np.sqrt(circle.area))


@pytest.mark.parametrize("share", [1.0, 0.7, 0.3])
@pytest.mark.parametrize("sigma", [1.7, 2.2])
def test_the_ratio_is_the_share_of_the_light_whatever_the_seeing(shown, share, sigma):
    made, make = shown
    before, now = make(), make(share, sigma, seed=1)
    marks = landmarks(before, [*HEADERS, fits.Header({"FWHMPX": 2.355 * sigma})])
    found = ratio(marks.light(now, made.noise), marks.light(before, made.noise))
    assert found.value == pytest.approx(share, rel=0.012)
    assert found.stars >= 25


def test_a_star_that_is_cut_off_or_holed_is_not_compared(shown):
    made, make = shown
    counts = make()
    x, y = made.x[:4], made.y[:4]
    marks = Landmarks(np.array([*x, 2.0]), np.array([*y, 100.0]), 8.0)
    counts[round(y[1]) + 2, round(x[1])] = np.nan  # in its aperture
    counts[round(y[2]) + 15, round(x[2])] = np.nan  # in its ring
    assert np.isfinite(marks.light(counts, made.noise).flux).tolist() == [True, False, False, True, False]


def test_stars_that_may_be_full_are_left_out(shown):
    _, make = shown
    counts = make()
    marks = landmarks(counts, HEADERS)
    peaks = counts[np.round(marks.y).astype(int), np.round(marks.x).astype(int)]
    assert 0 < len(marks) < 50
    assert peaks.max() < 0.6 * counts.max()


@pytest.mark.parametrize("counts", [np.full((200, 200), np.nan), np.random.default_rng(1).normal(900, 9, (200, 200))])
def test_where_there_are_no_stars_there_is_nothing_to_compare_by(counts):
    marks = landmarks(counts.astype(np.float32), HEADERS)
    assert len(marks) == 0
    assert marks.light(counts, 9.0).flux.shape == (0,)
    assert ratio(marks.light(counts, 9.0), marks.light(counts, 9.0)) is None


def test_so_many_stars_are_enough(sky):
    made = sky(shape=(1024, 1024), count=300, faintest=9000.0)
    assert len(landmarks(made.counts().astype(np.float32), HEADERS)) == 200


def test_a_ratio_rests_on_three_stars_and_bears_that_one_of_them_is_full():
    flux = np.array([100.0, 200.0, 300.0, np.nan, 9.0])  # the last is too faint to be compared

    def shown(*shares):
        return ratio(Starlight(flux * shares, 1.0), Starlight(flux, 1.0))

    assert shown(0.5, 0.5, 0.5, 1.0, 9.0) == Ratio(0.5, 3)
    assert shown(0.5, 0.5, 1.0, 1.0, 9.0).value == pytest.approx(0.5, abs=0.1)
    assert shown(0.5, 0.5, np.nan, 1.0, 9.0) is None
    assert shown(-0.5, -0.5, -0.5, 1.0, 9.0) is None
    assert shown(0.0, 0.0, 0.0, 1.0, 9.0) is None


def test_stars_count_from_ten_times_the_error_of_the_reference():
    before = Starlight(np.array([19.0, 21.0, 21.5, 22.0]), 2.0)
    assert ratio(before, before).stars == 3


def test_stars_that_are_known_well_say_more_than_faint_ones():
    before = Starlight(np.array([1e5, 20.0, 20.0]), 1.0)
    assert ratio(Starlight(before.flux * [0.5, 0.7, 0.9], 1.0), before).value == pytest.approx(0.5, abs=0.06)


@given(
    st.lists(
        st.tuples(st.integers(300, 700).map(lambda each: each / 1000), st.floats(20.0, 1e5)),
        min_size=3,
        max_size=9,
        unique_by=lambda star: star[0],
    )
)
def test_stars_that_show_more_pull_as_much_as_those_that_show_less(stars):
    """Of stars of the very same ratio and unlike weight, which comes first moves the median by a part of the gap."""
    share, flux = (np.array(each) for each in zip(*stars, strict=True))
    before = Starlight(flux, 1.0)
    less, more = (ratio(Starlight(flux * each, 1.0), before).value for each in (share, 1.0 - share))
    assert less + more == pytest.approx(1.0)


def test_faint_stars_bend_no_ratio():
    """As they would if those were chosen that noise has lifted in the dimmer frame."""
    rng = np.random.default_rng(4)
    flux = rng.uniform(15, 60, 4000)
    before = Starlight(flux + rng.normal(0, 1.0, 4000), 1.0)
    assert ratio(Starlight(0.2 * flux + rng.normal(0, 1.0, 4000), 1.0), before).value == pytest.approx(0.2, rel=0.01)


@pytest.mark.long
def test_a_ratio_s_error_is_what_ratios_scatter_by(shown):
    made, make = shown
    marks, truth = landmarks(make(), HEADERS), make(seed=99)
    before = Starlight(marks.light(truth, made.noise).flux, 0.0)
    found = [ratio(marks.light(make(seed=seed), made.noise), before) for seed in range(20)]
    scatter = float(np.std([each.value for each in found]))
    assert found[0].error == pytest.approx(scatter, rel=0.6)
    assert all(abs(each.value - 1.0) < 4 * each.error for each in found)


def test_the_usual_light_is_that_of_no_frame_alone():
    flux = np.array([100.0, 200.0, 300.0, np.nan])
    lights = [Starlight(flux * each, 2.0) for each in (np.array([1.0, 1.0, 1.2, 1.0]), 0.5, 2.0)]
    middle = usual_light(lights, [Ratio(1.0, 9), Ratio(0.5, 9), Ratio(2.0, 9)], 0)
    assert middle.flux == pytest.approx(flux, nan_ok=True)
    assert middle.error == pytest.approx(1.2533 * 2.0 / np.sqrt(3))
    assert usual_light(lights, [None] * 3, 1) is lights[1]


def test_the_widest_stars_say_how_wide_the_aperture_is():
    said = [fits.Header({"FWHMPX": width}) for width in (2.0, 5.0, 3.0)]
    assert widest(said) == 5.0
    assert widest([fits.Header()]) == 3.0
    assert [widest([fits.Header({"FWHMPX": width})]) for width in (90.0, 1.2, 0.5)] == [12.0, 1.2, 1.0]


def test_a_frame_without_common_stars_counts_by_its_exposure_as_clear_as_the_others_were():
    headers = [fits.Header({"EXPTIME": seconds}) for seconds in (60.0, 60.0, 120.0, 30.0)]
    assert shares([Ratio(1.0, 9), Ratio(0.8, 9), Ratio(1.6, 9), None], headers) == pytest.approx([1.0, 0.8, 1.6, 0.4])
    assert shares([None] * 4, headers) / 60.0 == pytest.approx([1.0, 1.0, 2.0, 0.5])


def test_a_frame_that_says_no_exposure_counts_as_one_of_a_second():
    headers = [fits.Header(), fits.Header({"EXPTIME": 0.0}), fits.Header({"EXPTIME": 3.0})]
    assert shares([None] * 3, headers).tolist() == [1.0, 1.0, 3.0]
