"""A plan is served by the first train that has all it needs."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.serve import offers, serving
from obsy.schemas.plan import Needs, Plan
from obsy.schemas.train import Train

Declare = Callable[..., Plan]


def test_a_plan_that_needs_nothing_but_its_filter_is_served(declare: Declare, train: Train) -> None:
    assert serving(declare(), [train]) is train


def test_a_train_without_one_of_the_filters_does_not_serve(declare: Declare, train: Train) -> None:
    goals = [{"filter": role, "exposure": "60 s", "count": 1} for role in ("L", "OIII")]
    assert serving(declare(*goals), [train]) is None


def test_the_first_train_that_serves_is_taken(declare: Declare, train: Train) -> None:
    other = train.model_copy(update={"name": "second"})
    assert serving(declare(), [other, train]) is other


def test_a_train_that_does_not_serve_is_passed_over(declare: Declare, train: Train) -> None:
    telescope = train.telescope.model_copy(update={"focal_length": 200.0})
    wide = train.model_copy(update={"telescope": telescope})
    assert serving(declare(needs={"scale": "below 2 arcsec"}), [wide, train]) is train


def test_without_trains_nothing_is_served(declare: Declare) -> None:
    assert serving(declare(), []) is None


# 5.4 um at 650 mm are 206265 * 0.0054 / 650 = 1.7136 arcsec; 192 of them are 329.0 arcsec, 256 are 438.7
@pytest.mark.parametrize(
    ("needs", "served"),
    [
        ({}, True),
        ({"scale": "below 1.72 arcsec"}, True),
        ({"scale": "below 1.71 arcsec"}, False),
        ({"scale": "above 1.71 arcsec"}, True),
        ({"scale": "above 1.72 arcsec"}, False),
        ({"field": "above 5.4 arcmin"}, True),
        ({"field": "above 6 arcmin"}, False),
        ({"field": "below 0.1 deg"}, True),
        ({"field": "above 5.4 arcmin", "scale": "below 1 arcsec"}, False),
    ],
)
def test_a_train_offers_its_scale_and_its_shorter_edge(train: Train, needs: dict[str, str], served: bool) -> None:
    assert offers(train, Needs.model_validate(needs)) is served


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bound=st.integers(1, 7200))
def test_a_field_is_above_a_bound_or_below_it(train: Train, bound: int) -> None:
    above, below = (Needs.model_validate({"field": f"{word} {bound} arcsec"}) for word in ("above", "below"))
    assert offers(train, above) is not offers(train, below)
