import pytest
from pydantic import TypeAdapter

from obsy.schemas.target import Asteroid, Comet, NamedTarget, Planet, Position, Target

ANGLES = {"inclination": "10 deg", "node": "20 deg", "argument": "30 deg"}


@pytest.mark.parametrize(
    ("written", "sort"),
    [
        ("M 31", NamedTarget),
        ({"name": "M31"}, NamedTarget),
        ({"ra": "00h42m44.3s", "dec": "+41d16m09s"}, Position),
        ({"perihelion": "2026-11-27.1779 TT", "distance": "1.27 au", "eccentricity": 0.84, **ANGLES}, Comet),
        (
            {
                "epoch": "2025-11-21 TT",
                "semi_major_axis": "2.77 au",
                "eccentricity": 0.08,
                "mean_anomaly": "1 deg",
                **ANGLES,
            },
            Asteroid,
        ),
        ({"body": "mars"}, Planet),
    ],
)
def test_a_target_is_told_by_its_keys(written: object, sort: type) -> None:
    assert isinstance(TypeAdapter(Target).validate_python(written), sort)
