"""Of an orbit as it is typed: every number arrives, or it is told which would have been lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from obsy.cli.said_orbit import said_orbit
from obsy.errors import UserError

ERRORS = some.none() | some.integers(1, 99).map(lambda n: n / 100)
SIGNS = some.sampled_from(["+-", " +- ", " +/- ", "±"])


@some.composite
def amounts(draw, low, high, unit=""):
    """A number as people write it, with its value and its error."""
    value, error = draw(some.integers(low, high)) / 100, draw(ERRORS)
    inner = draw(some.sampled_from(["", unit]))
    written = f"{value}{unit}" if error is None else f"{value}{inner}{draw(SIGNS)}{error}{unit}"
    return written, value, error or 0.0


@given(
    amounts(101, 9000),
    amounts(100, 17900, " deg"),
    some.none() | some.tuples(amounts(0, 99), amounts(-36000, 36000, " deg")),
    some.sampled_from(
        [
            "set A",
            "Hartman et al. 2011",
            "2018AJ....155..165P",
            "2011ApJ...742...59H, table 3",
            "arXiv:1805.01234",
            "ours, 2018",
        ]
    ),
)
def test_every_number_arrives_with_its_sign_and_its_error(axis, tilt, shape, reference):
    e, omega = shape or (("", 0.0, 0.0), ("", 90.0, 0.0))
    said = ", ".join(written for written in (axis[0], tilt[0], e[0], omega[0], reference) if written)
    orbit, axis_error, tilt_error, whose = said_orbit(said, 2.15)
    assert (orbit.period_d, orbit.axis_ratio, orbit.inclination_deg) == (2.15, axis[1], tilt[1])
    assert (orbit.eccentricity, orbit.periastron_deg) == (e[1], omega[1])
    assert (axis_error, tilt_error, whose) == (axis[2], tilt[2], reference)


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ("6.05, 88.9 deg, e=0.159, omega=50 deg, set A", "="),
        ("6.05, 88.9 deg, 0.159 (fixed), 50 deg, set A", "0.159"),
        ("6.05, 88.9 deg, 50 degrees, set A", "50"),
        ("6.05, 88.9 deg, set A, 0.159, 50 deg", "0.159"),
        ("6.05, 88.9 deg, e 0.159 +- 0.03, set A", "e 0.159"),
        ("6.05, 88.9 deg, periastron 50 deg, set A", "periastron 50"),
        ("6.05, 88.9 deg, ecc 0.159 omega 50, set A", "ecc 0.159"),
        ("6.05, 88.9 deg, Smith 2019 (e 0.16)", "e 0.16"),
        ("6.05, 88.9 deg, Smith 2019, omega -50", "omega -50"),
        ("6.05, 88.9 deg, Smith 2019 with 0.16", "0.16"),
    ],
)
def test_a_number_in_the_reference_is_not_lost(said, lost):
    with pytest.raises(UserError, match=rf"'{lost}' in '.*' reads like a number .* would be lost: write '5.34, 88.98"):
        said_orbit(said, 2.15)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "6.05",
        "6.05, 88.9 deg",
        "6.05, 88.9, set A",
        "6.05 deg, 88.9 deg, set A",
        "6.05, 88.9 deg, 0.159, set A",
        "6.05, 88.9 deg, 0.159, 50, set A",
        "6.05, 88.9 deg, 0.159 +- 0.05, 50 +- 4 deg",
    ],
)
def test_what_lacks_a_number_a_unit_or_a_reference_is_told_what_to_write(said):
    with pytest.raises(UserError, match=r"write a/R\*, the inclination and whose they are, as '6.05 \+- 0.04"):
        said_orbit(said, 2.15)


@pytest.mark.parametrize(
    "said",
    [
        "0.9, 88.9 deg, set A",
        "1, 88.9 deg, set A",
        "6, 180 deg, set A",
        "6, 181 deg, set A",
        "6, 0 deg, set A",
        "6, 89 deg, 1, 50 deg, A",
        "6, 89 deg, -0.1, 0 deg, A",
    ],
)
def test_what_no_planet_does_is_refused(said):
    with pytest.raises(UserError, match="no planet has"):
        said_orbit(said, 2.15)
