"""Of who signs: whoever is named, the plan's owner, or the only person with a code."""

import pytest

from obsy.engine.runtime.observer_code import observer_code
from obsy.errors import UserError
from obsy.schemas.people import Person


def person(name, **codes):
    return Person(kind="person", name=name, called=name.title(), codes=codes)


ANA, BO, CY = person("ana", aavso="rana"), person("bo", aavso="RBO"), person("cy", baa="3")


@pytest.mark.parametrize(
    ("said", "people", "owner", "code"),
    [
        ("abc", [ANA, BO], "ana", "ABC"),
        (None, [ANA, BO, CY], "ana", "RANA"),
        (None, [ANA, CY], None, "RANA"),
        (None, [ANA, CY], "nobody", "RANA"),
        (None, [ANA, CY], "cy", None),
        (None, [ANA, BO], None, None),
        (None, [], None, None),
    ],
)
def test_whoever_is_named_signs_then_the_owner_then_the_only_one_with_a_code(said, people, owner, code):
    assert observer_code(said, people, owner) == code


@pytest.mark.parametrize("code", ["RANA\n#OBSCODE=EVIL", "na", "R ANA", "TOOLONG"])
def test_what_is_no_code_signs_nothing(code):
    with pytest.raises(UserError, match="is no code of an observer: the AAVSO gives codes of 1 to 5 letters and digit"):
        observer_code(code, [], None)
    with pytest.raises(UserError, match="is no code of an observer"):
        observer_code(None, [person("ana", aavso=code)], "ana")
