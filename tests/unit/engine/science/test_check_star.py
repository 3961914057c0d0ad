"""A check star vouches for a night only where it comes out as its catalogue says, and as in all frames."""

import pytest

from obsy.engine.science.check_star import CheckResult


@pytest.mark.parametrize(
    ("known_error", "error", "off", "is_refused"),
    [
        (0.01, 0.01, 0.049, False),
        (0.01, 0.01, 0.051, True),
        (0.02, 0.02, 0.08, False),
        (0.02, 0.02, 0.09, True),
        (0.4, 0.01, 0.29, False),
        (0.4, 0.01, -0.31, True),
        (0.01, 5.0, 0.31, True),
    ],
)
def test_no_error_however_large_lets_a_check_star_be_far_from_its_catalogue(known_error, error, off, is_refused):
    found = CheckResult("000-AAA-001", 12.0, known_error, 12.0 + off, error, 0.01)
    assert found.deviation == pytest.approx(off) and bool(found.refusal) is is_refused
