"""Every fault befalls something, and says nothing that has no effect."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from obsy.schemas.scenario import FAULTS, SAYS, THE_COMPUTER, Fault, Sort

EXTRAS = {"until": "22:00", "lasts": "5 min", "by": "10 s", "signal": "SIGINT"}
ROWS = [(fault, sort, each) for fault, rows in FAULTS.items() for each in rows for sort in each.sorts]


def told(fault: str, sort: str, *keys: str) -> Fault:
    said: dict[str, Any] = {"at": "21:00", "device": sort, "fault": fault}
    extras = {**EXTRAS, "says": SAYS.get(sort, ("open",))[0]}
    return Fault.model_validate(said | {key: extras[key] for key in keys})


def test_every_fault_can_befall_something() -> None:
    assert set(FAULTS) == set(get_args(Sort))
    assert {sort for _, sort, _ in ROWS} > set(THE_COMPUTER)


def test_a_fault_takes_what_it_needs_and_may_have_and_nothing_else() -> None:
    for fault, sort, befalls in ROWS:
        for key in befalls.may:
            told(fault, sort, *befalls.needs, key)
        for key in befalls.needs:
            with pytest.raises(ValidationError, match="no-such-fault"):
                told(fault, sort, *(each for each in befalls.needs if each != key))
        for key in {*EXTRAS, "says"} - {*befalls.needs, *befalls.may}:
            with pytest.raises(ValidationError, match="no-such-fault"):
                told(fault, sort, *befalls.needs, key)


@pytest.mark.parametrize("word", ["dead", "hang"])
def test_what_people_call_a_fault_is_answered_with_its_name(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        told(word, "weather")
    assert "did you mean" in str(refused.value.errors()[0]["ctx"]["mend"])


@pytest.mark.parametrize(("sort", "word"), [("roof", "parked"), ("mount", "open")])
def test_a_roof_says_nothing_of_parking_nor_a_mount_of_being_open(sort: str, word: str) -> None:
    said = {"at": "21:00", "device": sort, "fault": "lie", "says": word}
    with pytest.raises(ValidationError, match="no-such-fault") as refused:
        Fault.model_validate(said)
    assert refused.value.errors()[0]["ctx"]["mend"] == f"write '{SAYS[sort][0]}'"
    assert Fault.model_validate(said | {"says": SAYS[sort][0]})
