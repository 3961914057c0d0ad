"""The words a person reads: always a place, a code, what was found, what was expected, and a cure."""

import json
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator

from obsy.diagnostics import Diagnostic, Mark, did_you_mean, nearest, there_are, unfit

MARKS = st.builds(Mark, st.text(min_size=1), st.integers(1, 10**6), st.integers(1, 10**6), st.just(()))
WORDS = st.text(st.characters(categories=["Ll", "Lu", "Nd"], include_characters="-_"), max_size=12)


def test_a_complaint_is_three_lines_that_an_editor_can_follow() -> None:
    complaint = Diagnostic(Mark("plans/a.yaml", 3, 9), "unknown-key", "'flter'", "filter", "did you mean 'filter'?")
    assert str(complaint) == (
        "plans/a.yaml:3:9: unknown-key: 'flter'\n    expected: filter\n    mend: did you mean 'filter'?"
    )


def test_a_place_without_a_line_is_the_beginning_of_its_file() -> None:
    assert str(Mark("plans/a.yaml")) == "plans/a.yaml:1:1"


@given(MARKS, st.text(), st.text(), st.text(), st.text())
def test_a_machine_is_told_the_same_as_a_person(mark: Mark, code: str, found: str, expected: str, mend: str) -> None:
    told = Diagnostic(mark, code, found, expected, mend).as_json()
    assert json.loads(json.dumps(told)) == told
    assert list(told) == ["file", "line", "column", "code", "found", "expected", "mend"]
    again = Diagnostic(Mark(told.pop("file"), told.pop("line"), told.pop("column")), **told)  # type: ignore[arg-type]
    assert again == Diagnostic(mark, code, found, expected, mend)


@given(st.lists(st.builds(Diagnostic, MARKS, *[st.just("x")] * 4)))
def test_complaints_are_sorted_by_their_places(complaints: list[Diagnostic]) -> None:
    marks = [complaint.mark for complaint in sorted(complaints)]
    assert marks == sorted(marks, key=lambda mark: (mark.file, mark.line, mark.column))


def test_a_validator_s_complaint_keeps_its_words_through_pydantic() -> None:
    class Kept(BaseModel):
        number: int

        @field_validator("number")
        @classmethod
        def _small(cls, number: int) -> int:
            if number > 9:
                found = f"{number} of them"
                raise unfit("too-many", expected="at most 9", mend="write 9", found=found, at=("part", 0), meant="9")
            return number

    with pytest.raises(ValidationError) as caught:
        Kept(number=12)
    (error,) = caught.value.errors()
    assert error["type"] == "unfit"
    assert error["msg"] == "too-many: at most 9"
    assert error["ctx"] == {
        "code": "too-many", "expected": "at most 9", "mend": "write 9", "found": "12 of them", "at": ("part", 0),
        "meant": "9",
    }  # fmt: skip


def test_what_is_not_said_of_a_complaint_is_empty() -> None:
    bare = unfit("code", expected="e", mend="m").context
    assert bare is not None
    assert (bare["found"], bare["at"], bare["meant"]) == ("", (), "")


@given(WORDS.filter(bool), st.lists(WORDS, max_size=6))
def test_the_nearest_word_is_a_known_one_and_much_like_it(word: str, known: list[str]) -> None:
    found = nearest(word, known)
    if found is None:
        assert word.lower() not in {each.lower() for each in known}
        return
    assert found in known
    assert SequenceMatcher(None, found.lower(), word.lower()).ratio() >= 0.6


@given(WORDS.filter(bool), st.lists(WORDS, max_size=6))
def test_a_word_in_other_letters_is_found_whatever_else_there_is(word: str, others: list[str]) -> None:
    for spelt in (word, word.upper(), word.lower(), word.capitalize()):
        if spelt.lower() == word.lower():
            assert (nearest(spelt, [*others, word]) or "").lower() == word.lower()


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        ("altitud", "did you mean 'altitude'?"),
        ("ALTITUDE", "did you mean 'altitude'?"),
        ("mooon", "did you mean 'moon'?"),
        ("elevation", "remove it"),
        ("", "remove it"),
    ],
)
def test_a_cure_is_the_nearest_word_or_something_else_to_do(word: str, cure: str) -> None:
    assert did_you_mean(word, ["altitude", "airmass", "moon"], "remove it") == cure


def test_a_cure_needs_no_known_word() -> None:
    assert nearest("word", []) is None
    assert did_you_mean("word", iter(()), "remove it") == "remove it"


def test_names_that_there_are_are_told_in_their_number() -> None:
    told = [there_are(each) for each in ([], ["first"], ["first", "second"])]
    assert told == ["there are none", "there is first", "there are first, second"]
