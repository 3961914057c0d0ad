"""Coefficients have the AAVSO's names, belong to the filters that are said, and hold for a time."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from obsy.schemas.transformation import Transformation

TERMS = {"Tbv": "1.22 +- 0.01", "Tb_bv": "0.12 +- 0.01", "Tv_bv": "-0.06 +- 0.01"}


def declared(**more: Any) -> Transformation:
    said = {"kind": "transformation", "name": "n", "train": "newton", "night": "2026-12-10", "field": "M67"}
    said |= {"chart": "X1"}
    return Transformation.model_validate({**said, "filters": {"B": "B", "V": "V"}, "coefficients": TERMS, **more})


def test_they_hold_for_a_year_from_their_night_on_or_as_long_as_is_said() -> None:
    assert (declared().first, declared().last) == (date(2026, 12, 10), date(2027, 12, 11))
    said = declared(since="2026-10-01", until="2027-02-01")
    assert (said.first, said.last) == (date(2026, 10, 1), date(2027, 2, 1))


@pytest.mark.parametrize("name", ["Tvb", "Tr_bv", "Tvr", "bv", "Tb_vb", "TBV"])
def test_a_name_that_is_none_of_the_aavso_or_of_another_filter_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="unknown-word"):
        declared(coefficients={**TERMS, name: "0.1 +- 0.1"})


@pytest.mark.parametrize("value", ["0.1", "0.1 +- x", "12 +- 0.1 mag", "nan +- 0.1"])
def test_a_coefficient_without_its_error_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="not-understood"):
        declared(coefficients={**TERMS, "Tbv": value})
