import pytest

from obsy.engine.sky.constraints.dates import allows, reason
from obsy.schemas.when import Dates


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("after 2026-11-21 20:02 UTC", [False, False, True, True, True, True]),
        ("before 2026-11-21 20:02 UTC", [True, True, True, False, False, False]),
        ("after 2026-11-21 21:01+01:00 and before 2026-11-21 20:03:30 UTC", [False, True, True, True, False, False]),
    ],
)
def test_only_what_lies_between_the_moments_is_allowed(seen, said, expected):
    assert allows(Dates.model_validate(said), seen()).tolist() == expected


def test_the_reason_names_the_moments():
    declared = Dates.model_validate("after 2026-11-21 20:02 UTC and before 2026-12-01 00:00 UTC")
    assert reason(declared) == "it is not after 2026-11-21 20:02 UTC and before 2026-12-01 00:00 UTC"
