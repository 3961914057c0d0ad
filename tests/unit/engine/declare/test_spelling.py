"""A name has one key, however it is spelt."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obsy.engine.declare.spelling import CONSTELLATIONS, GREEK, fold, key


@pytest.mark.parametrize(
    "spellings",
    [
        ["NGC 891", "NGC891", "ngc 0891", "Ngc-891"],
        ["Sh2-155", "SH 2-155", "sh2 155", "sh2155", "Sharpless 155", "Sharpless 2-155", "Sh 155"],
        ["epsilon Aur", "eps Aur", "ε Aur", "Epsilon Aurigae", "* eps Aur", "eps. Aur"],
        ["alpha Lyr", "alf Lyr", "α Lyrae", "Alpha Lyrae"],
        ["alpha2 CVn", "α² CVn", "alf02 CVn", "α2 Canum Venaticorum"],
        ["EE Cep", "V* EE Cep", "EE Cephei", "ee_cep"],
        ["B 33", "Barnard 33", "B33"],
        ["Abell 39", "PN A66 39", "A66 39"],
        ["ACO 426", "Abell 426", "abell cluster 426"],
        ["47 Tuc", "47 Tucanae"],
        ["Barnard's Star", "barnards star", "NAME Barnard’s star"],
        ["mu Cep", "mu. Cep", "μ Cephei", "µ Cep"],
    ],
)
def test_these_are_spellings_of_one_name(spellings: list[str]) -> None:
    assert {key(each) for each in spellings} == {key(spellings[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [("M 1-1", "M 11"), ("Abell 39", "ACO 39"), ("M 101", "M 11"), ("Sh2-55", "Sh2-255"), ("V1 Cyg", "V10 Cyg")],
)
def test_these_are_not(one: str, other: str) -> None:
    assert key(one) != key(other)


@example("the", "andromedae", "")
@given(st.sampled_from(sorted(set(GREEK))), st.sampled_from(sorted(CONSTELLATIONS)), st.sampled_from(["", "1", "2"]))
def test_a_letter_in_a_constellation_is_one_star_however_both_are_written(letter: str, of: str, number: str) -> None:
    assert key(f"{letter}{number} {of}") == fold(f"{GREEK[letter]}{number} {CONSTELLATIONS[of]}")


@given(st.text(max_size=30))
def test_a_key_holds_nothing_that_does_not_matter(text: str) -> None:
    assert not set(key(text)) & set(" \t_.'’")
