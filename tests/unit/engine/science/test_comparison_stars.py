"""Which stars a night is compared with, and why others are not."""

import numpy as np
import pytest

from obsy.engine.reduce.star_table import Flag
from obsy.engine.science.comparison_stars import candidates, compare, known_magnitude
from obsy.engine.science.same_stars import same_stars
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonStar, KnownMagnitude
from tests.unit.engine.science.star_fields import TARGET, StarField


def compared(field, within=5.0):
    """Return what the night of a field rests on."""
    stars = field.declared().stars[1:]
    light = same_stars(field.tables(), np.array([s.ra for s in stars]), np.array([s.dec for s in stars]), within)
    return compare(light, stars, "V")


def star(number):
    return f"000-AAA-{number:03}"


def chosen(field, band="V", variables=(), **more):
    kept, left = candidates(field.declared().model_copy(update=more), band, TARGET, variables)
    return [each.name for each in kept], left


def test_the_check_star_comes_first_and_then_all_that_may_be_compared_with():
    assert chosen(StarField(stars=3)) == ([star(1), star(2), star(3), star(4)], [])
    assert chosen(StarField(stars=3), check=star(3))[0] == [star(3), star(1), star(2), star(4)]


@pytest.mark.parametrize(("arcsec", "is_left"), [(4.999, True), (5.001, False)])
def test_a_star_within_five_arcsec_of_another_or_of_the_target_is_left_out(arcsec, is_left):
    twin, at_target = StarField(stars=3), StarField(stars=3)
    twin.ra[3], twin.dec[3] = twin.ra[2], twin.dec[2] + arcsec / 3600
    at_target.ra[3], at_target.dec[3] = TARGET[0], TARGET[1] + arcsec / 3600
    near = f"{star(3)}: it lies {arcsec:.1f} arcsec from {star(2)}, whose light would count twice"
    assert chosen(twin)[1] == ([near] if is_left else [])
    assert chosen(at_target)[1] == ([f"{star(3)}: it is the target, by its place"] if is_left else [])


@pytest.mark.parametrize(("arcsec", "is_refused"), [(4.999, True), (5.001, False)])
def test_the_target_does_not_check_itself(arcsec, is_refused):
    field = StarField(stars=2)
    field.ra[1], field.dec[1] = TARGET[0], TARGET[1] + arcsec / 3600
    if is_refused:
        with pytest.raises(UserError, match="lies at the target's place"):
            chosen(field)
    else:
        assert chosen(field)[1] == []


def test_a_star_without_that_band_or_known_to_vary_is_left_out_and_told():
    stars = list(StarField(stars=3).declared().stars)
    stars[2] = stars[2].model_copy(update={"magnitudes": {"B": KnownMagnitude(12.0)}})
    kept, left = chosen(StarField(stars=3), variables=[star(2)], stars=tuple(stars))
    assert kept == [star(1), star(4)]
    assert left == [f"{star(2)}: it is a known variable", f"{star(3)}: its magnitude in V is not known"]


def test_where_nothing_is_left_to_compare_with_it_is_told_why():
    with pytest.raises(UserError, match=rf"no star .* in 'V' .{star(2)}: it is a known variable.: take a chart"):
        chosen(StarField(stars=1), variables=[star(2)])
    with pytest.raises(UserError, match="the check star .* has no magnitude in 'B': .*; its stars have V"):
        chosen(StarField(stars=1), band="B")


@pytest.mark.parametrize(("said", "expected"), [(None, 0.05), (0.0, 0.002), (0.03, 0.03)])
def test_a_catalogue_is_never_surer_than_a_catalogue_can_be(said, expected):
    one = ComparisonStar.model_construct(name="A", ra=0.0, dec=0.0, magnitudes={"V": KnownMagnitude(12.0, said)})
    assert known_magnitude(one, "V") == (12.0, expected)


def test_stars_that_agree_all_count():
    found = compared(StarField())
    assert found.names == tuple(star(each) for each in range(2, 10))
    assert (found.left_out, found.contradiction) == ((), "")


def test_a_bright_star_that_varies_does_not_make_the_faint_ones_vary():
    field = StarField(stars=5, shift={2: 0.1 * np.sin(np.linspace(0, 9, 40))})
    field.magnitude[2:] = 9.0, 14.5, 14.5, 14.6, 14.6
    found = compared(field)
    assert [each for each in found.left_out if each.startswith(f"{star(2)}: it varies, by 0.069 mag")]
    assert found.names == tuple(star(each) for each in range(3, 7)) and found.points.beyond < 0.02
    field.magnitude[3:] = 13.5
    assert compared(field).names == found.names


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_where_all_scatter_beside_their_photons_no_bright_star_hides_one_that_varies(seed):
    random = np.random.default_rng(seed)
    shift = {each: random.normal(0, 0.02, 60) for each in range(6)}
    steady = StarField(frames=60, stars=4, shift=shift)
    varying = StarField(frames=60, stars=4, shift=shift | {4: shift[4] + 0.17 * np.sin(np.linspace(0, 6, 60))})
    for field in (steady, varying):
        field.magnitude[2:] = 8.0, 16.3, 16.3, 16.3
    assert compared(steady).names == (star(2), star(3), star(4), star(5))
    assert compared(varying).names == (star(2), star(3), star(5))


def test_in_a_crowd_of_faint_stars_one_that_varies_and_few_frames_show_is_asked_among_the_first():
    field = StarField(stars=20, shift={14: 0.05 * np.sin(np.linspace(0, 40, 40))})
    field.magnitude[2:14] = 16.5
    tables = field.tables()
    for table in tables[10:]:
        table.flags[np.isclose(table.ra, field.ra[14])] = int(Flag.EDGE)
    stars = field.declared().stars[1:]
    light = same_stars(tables, np.array([s.ra for s in stars]), np.array([s.dec for s in stars]), 5.0)
    found = compare(light, stars, "V")
    assert [each[:11] for each in found.left_out] == [star(14)] and len(found.names) == 19


def test_of_two_that_vary_the_one_that_does_so_most_for_its_noise_is_left_out_first():
    wave = np.sin(np.linspace(0, 40, 40))
    field = StarField(shift={3: 0.06 * wave, 7: 0.2 * wave[::-1]})
    field.magnitude[7] = 16.5
    assert [each[:11] for each in compared(field).left_out] == [star(3), star(7)]


def test_of_three_stars_the_one_that_varies_is_told():
    found = compared(StarField(stars=3, shift={3: 0.1 * np.sin(np.linspace(0, 9, 40))}))
    assert found.names == (star(2), star(4)) and found.contradiction == ""


@pytest.mark.parametrize(("amplitude", "varies"), [(0.018, False), (0.03, True)])
def test_a_star_varies_by_more_than_fifteen_thousandths_and_three_sigmas(amplitude, varies):
    found = compared(StarField(frames=60, shift={2: amplitude * np.sin(np.linspace(0, 40, 60))}))
    assert (star(2) not in found.names) is varies


@pytest.mark.long
def test_no_noise_of_a_faint_star_or_of_a_bright_ones_pixels_hides_one_that_varies():
    wave = 0.027 * np.sin(np.linspace(0, 40, 40))
    for faint in (16.8, 18.4):
        field = StarField(shift={4: wave})
        field.magnitude[[2, 4, 5]] = 12.0, 12.6, faint
        assert star(4) not in compared(field).names
    flat = np.random.default_rng(2).normal(0, 0.003, 40)
    field = StarField(shift={4: wave, 2: flat})
    field.magnitude[[2, 4]] = 8.0, 13.6
    assert star(4) not in compared(field).names


def test_a_star_varies_that_half_of_the_frames_show():
    field = StarField(shift={4: 0.1 * np.sin(np.linspace(0, 40, 40))})
    tables = field.tables()
    for table in tables[::2]:
        table.flags[np.isclose(table.ra, field.ra[4])] = int(Flag.EDGE)
    stars = field.declared().stars[1:]
    light = same_stars(tables, np.array([s.ra for s in stars]), np.array([s.dec for s in stars]), 5.0)
    assert star(4) not in compare(light, stars, "V").names


def test_neither_clouds_nor_faintness_make_a_star_vary():
    faint = StarField(clouds=np.linspace(0, 1, 40))
    faint.magnitude[4:6] = 16.0, 16.5
    assert len(compared(faint).names) == 8
    bright_among_faint = StarField(stars=3, seed=4)
    bright_among_faint.magnitude[2:] = 9.0, 17.0, 17.0
    assert len(compared(bright_among_faint).names) == 3


def test_a_star_varies_by_what_the_others_scatter_too():
    random = np.random.default_rng(3)
    shift = {each: random.normal(0, 0.06 if each == 4 else 0.03, 40) for each in range(10)}
    assert len(compared(StarField(shift=shift)).names) == 8


def test_of_two_frames_nobody_can_tell_what_varies_and_of_three_one_can():
    two = compared(StarField(frames=2, shift={4: np.array([0.1, -0.1])}))
    assert two.left_out == (f"{star(4)}: it agrees with the others in no frame",) and star(4) not in two.names
    assert star(4) not in compared(StarField(frames=3, shift={4: np.array([0.1, -0.1, 0.1])})).names


def test_two_stars_that_are_wrong_are_both_left_out_the_worst_first():
    found = compared(StarField(wrong={3: 0.4, 5: -0.9}))
    assert [each[:11] for each in found.left_out] == [star(5), star(3)]
    assert "+0.9" in found.left_out[0] and "-0.4" in found.left_out[1]


@pytest.mark.parametrize(
    ("wrong", "error", "counts"), [(0.12, 0.01, True), (0.2, 0.01, False), (0.2, 0.034, False), (0.2, 0.06, True)]
)
def test_a_star_contradicts_by_a_seventh_of_a_magnitude_and_five_sigmas(wrong, error, counts):
    field = StarField(catalogue_error=0.01, wrong={4: wrong})
    stars = list(field.declared().stars[1:])
    known = float(field.magnitude[4]) + wrong
    stars[2] = stars[2].model_copy(update={"magnitudes": {"V": KnownMagnitude(known, error)}})
    light = same_stars(field.tables(), np.array([s.ra for s in stars]), np.array([s.dec for s in stars]), 5.0)
    assert (star(4) in compare(light, stars, "V").names) is counts


def test_two_stars_apart_are_no_contradiction_if_their_catalogue_is_as_unsure():
    assert "contradict each other by 0.4" in compared(StarField(stars=2, wrong={3: 0.4})).contradiction
    assert compared(StarField(stars=2, catalogue_error=0.1, wrong={3: 0.2})).contradiction == ""
    assert compared(StarField(stars=1, wrong={2: 0.4})).contradiction == ""


def test_each_star_that_is_not_seen_is_told_with_its_own_reason():
    field = StarField(flags={3: int(Flag.SATURATED), 4: int(Flag.EDGE)})
    tables = field.tables()
    field.dec[5] += 1
    stars = field.declared().stars[1:]
    light = same_stars(tables, np.array([s.ra for s in stars]), np.array([s.dec for s in stars]), 5.0)
    absent, full, rest = compare(light, stars, "V").left_out
    assert absent.startswith(f"{star(5)}: at their places no frame has a star") and full == f"{star(3)}: saturated"
    assert rest == f"{star(4)}: in no frame whole, alone and bright enough"
