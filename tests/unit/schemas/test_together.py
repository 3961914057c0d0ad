"""What counts only together is said in one phrase, and refused where no night could have all of it."""

import pytest
from pydantic import ValidationError

from obsy.schemas.plan import Plan

BVR = {"filter": ["B", "V", "R"], "exposure": "60 s", "count": 5}


def plan(together: str, *want: dict[str, object], **said: object) -> Plan:
    plain = {"kind": "plan", "name": "ss-cyg", "target": "SS Cyg", "pipeline": "photometry"}
    return Plan.model_validate(plain | {"want": want or (BVR,), "together": together} | said)


@pytest.mark.parametrize(("together", "bond"), [("one night", "ss-cyg"), ("one night of pair", "pair")])
def test_a_plan_counts_alone_or_with_others(together: str, bond: str) -> None:
    assert plan(together).bond == bond


def test_each_of_several_targets_is_a_whole_by_itself() -> None:
    said = {"kind": "plan", "name": "few", "targets": ["M31", "M33"], "pipeline": "photometry", "want": [BVR]}
    plans = Plan.model_validate(said | {"together": "one night"}).written_out()
    assert [each.bond for each in plans] == ["few-m31", "few-m33"]


@pytest.mark.parametrize(
    ("together", "mend"),
    [("two nights", "write 'one night'"), ("one night with sa98", "write 'one night of sa98'"), ("", "one night")],
)
def test_other_words_are_told_how_it_is_said(together: str, mend: str) -> None:
    with pytest.raises(ValidationError) as told:
        plan(together)
    assert mend in told.value.errors()[0]["ctx"]["mend"]


def test_a_single_goal_counts_with_nothing_and_two_tiles_do() -> None:
    alone = {"filter": "V", "exposure": "60 s", "count": 5}
    with pytest.raises(ValidationError, match="never-whole"):
        plan("one night", alone)
    assert plan("one night of pair", alone).bond == "pair"
    assert plan("one night", alone, mosaic={"columns": 2, "rows": 1}).bond == "ss-cyg"


@pytest.mark.parametrize("amount", [{"until": {"snr": 100}}, {"cover": {"transit": "b", "baseline": "10 min"}}])
def test_how_much_of_it_one_night_has_must_be_known(amount: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="never-whole"):
        plan("one night", {"filter": ["B", "V"], "exposure": "60 s", **amount})
