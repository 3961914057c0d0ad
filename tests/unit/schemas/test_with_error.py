"""Numbers with their errors are read as people write them."""

import pytest

from obsy.schemas.with_error import ERROR, with_error

FORM = rf"\s*(\d+(?:\.\d+)?)\s*(?:{ERROR})?px\s*"


@pytest.mark.parametrize("sign", ["+-", "+/-", "±"])
def test_an_error_stands_behind_any_of_its_signs(sign):
    assert with_error(FORM, f"12.5 {sign} 0.25 px") == with_error(FORM, f"12.5{sign}0.25px") == (12.5, 0.25)


def test_without_one_there_is_none():
    assert with_error(FORM, "12 px") == (12.0, None)


@pytest.mark.parametrize("said", ["12", "12 +- px", "12 +- 0.25", "+- 0.25 px", 12, None, "12 - 0.25 px"])
def test_what_is_of_no_such_form_is_none(said):
    assert with_error(FORM, said) is None
