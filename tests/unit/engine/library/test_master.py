"""Of what calibrates a frame only that is told which the steps of a pipeline use."""

from obsy.engine.library.master import Masters, same_exposure


def test_of_the_steps_that_are_taken_it_is_told_why_these_masters_and_no_others() -> None:
    masters = Masters(why=("bias: b1.fits (2.0 d), not b2.fits", "dark: d1.fits (flat: 2 s)", "flat: f1.fits"))
    assert masters.told(["dark"]) == ("dark: d1.fits (flat: 2 s)",)
    assert masters.told(["flat", "bias"]) == ("bias: b1.fits (2.0 d), not b2.fits", "flat: f1.fits")
    assert masters.cards(["dark"]) == (("DARKWHY", "d1.fits (flat: 2 s)", ""),)


def test_two_exposures_count_as_one_if_they_differ_by_a_thousandth_or_a_millisecond() -> None:
    for one_s, other_s, alike in ((180.0, 180.17, True), (180.0, 180.19, False), (0.0, 9e-4, True), (0.0, 2e-3, False)):
        assert same_exposure(one_s, other_s) is same_exposure(other_s, one_s) is alike
