"""A variable star is visited as often as its type changes."""

import pytest

from obsy.engine.choice.cadence import star_visit
from obsy.engine.declare.catalogue import Variability


@pytest.mark.parametrize(
    ("kind", "period", "every", "count"),
    [
        ("M", 332.0, 7, 3),
        ("SRB", 120.0, 10, 3),
        ("LB", None, 10, 3),
        ("RVA", 60.0, 3, 3),
        ("UGSS", 49.5, 1, 3),
        ("RCB:", None, 1, 3),
        ("INSA", None, 1, 3),
        ("DCEP", 5.37, 1, 3),
        ("EA/SD", 2.87, 1, 10),
        ("EW", 0.41, 1, 60),
        ("RRAB", 0.57, 1, 60),
        ("DSCTC", None, 1, 5),
        ("", None, 1, 5),
    ],
)
def test_each_type_has_its_cadence(kind, period, every, count):
    visit = star_visit(Variability(kind, 8.0, 12.0, None, period))
    assert (visit.every_d, visit.frames) == (every, count) and visit.why
