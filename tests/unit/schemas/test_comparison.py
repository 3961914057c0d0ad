"""ComparisonTable stars are what reports can name, each once, with a check star among them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obsy.schemas.comparison import ComparisonTable, Magnitude, spelt_magnitude

STARS = [
    {"name": "000-AAA-001", "ra": "21h43m00s", "dec": "43.5 deg", "magnitudes": {"V": "9.592 +- 0.012 mag"}},
    {"name": "000-AAA-002", "ra": "21h42m00s", "dec": "43.6 deg", "magnitudes": {"V": "11.4 mag"}},
]


def declared(**more: Any) -> ComparisonTable:
    said = {"kind": "comparison", "name": "v1-exa", "of": "V1 Exa", "chart": "X1ZZ", "check": "000-AAA-002"}
    return ComparisonTable.model_validate({**said, "stars": STARS, **more})


def refused(**more: Any) -> str:
    with pytest.raises(ValidationError) as error:
        declared(**more)
    return str(error.value.errors()[0])


def test_a_magnitude_keeps_its_error_and_says_where_there_is_none() -> None:
    first, second = (star.magnitudes["V"] for star in declared().stars)
    assert (first, second) == ((9.592, 0.012), (11.4, None))


@given(st.integers(-9_999, 24_999), st.none() | st.integers(0, 500))
def test_what_is_spelt_is_read_again(thousandths: int, error: int | None) -> None:
    said = spelt_magnitude(thousandths / 1000, None if error is None else error / 1000)
    value, read = TypeAdapter(Magnitude).validate_python(said)
    assert (round(value * 1000), None if read is None else round(read * 1000)) == (thousandths, error)


@pytest.mark.parametrize(
    ("said", "is_one"), [("11 +- 0.5 mag", True), ("11 +- 0.501 mag", False), ("11 +- 9 mag", False)]
)
def test_a_magnitude_known_to_no_half_is_refused(said: str, is_one: bool) -> None:
    stars = [STARS[0] | {"magnitudes": {"V": said}}, STARS[1]]
    assert declared(stars=stars) if is_one else "an error of at most 0.5 mag" in refused(stars=stars)


@pytest.mark.parametrize("arcsec", [0.0, 4.9])
def test_no_star_lies_at_the_place_of_the_check_star(arcsec: float) -> None:
    twin = {**STARS[1], "name": "000-AAA-009", "dec": f"{43.6 + arcsec / 3600!r} deg"}
    assert "said-twice" in refused(stars=[*STARS, twin])
    assert declared(stars=[*STARS, {**twin, "dec": f"{43.6 + 5.1 / 3600!r} deg"}])
    assert declared(stars=[*STARS, twin], check="000-AAA-001")


def test_the_check_star_is_one_of_the_stars() -> None:
    assert declared().check_star.name == "000-AAA-002"
    assert "unknown-word" in refused(check="000-AAA-003")


def test_no_star_stands_there_twice() -> None:
    assert "name-twice" in refused(stars=[*STARS, STARS[0]])


def test_one_star_is_too_few_for_a_check() -> None:
    assert "too-few" in refused(stars=STARS[1:])
