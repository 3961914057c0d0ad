"""What counts only together has partners, and fits into a night."""

from pathlib import Path

import pytest

from obsy.engine.declare.sense.counting_together import check
from obsy.engine.declare.survey import survey

PLAN = "kind: plan\nname: {name}\ntarget: {target}\nwant: [{want}]\ntogether: {together}\npipeline: photometry\n"
V = "{filter: V, exposure: 60 s, count: 5}"
BVR = "{filter: [B, V, R], exposure: 60 s, count: 5}"
LONG = "{filter: [B, V, R], exposure: 60 s, total: 9 h}"


def told(root: Path, *plans: tuple[str, str, str]) -> list[str]:
    """The cures that are told of plans; of each the name, what it wants, and what it counts together as."""
    (root / "plans").mkdir()
    for name, want, together in plans:
        text = PLAN.format(name=name, target="SS Cyg", want=want, together=together)
        (root / "plans" / f"{name}.yaml").write_text(text if together else text.replace("together: \n", ""))
    return [each.mend for each in check(survey(root, root / "plans").declared)]


@pytest.mark.parametrize(
    ("other", "mend"),
    [
        (("pair", V, ""), "write 'together: one night of pair' in the plan 'pair' too"),
        (("b", BVR, "one night of pear"), "did you mean 'pear'?"),
        (("b", V, ""), "write 'together: one night of pair' in another plan too"),
    ],
)
def test_a_single_goal_that_has_no_partner_is_told_where_to_find_one(
    tmp_path: Path, other: tuple[str, str, str], mend: str
) -> None:
    assert told(tmp_path, ("a", V, "one night of pair"), other) == [mend]


def test_two_plans_of_one_name_are_partners(tmp_path: Path) -> None:
    assert told(tmp_path, ("a", V, "one night of pair"), ("b", V, "one night of pair")) == []


def test_no_night_is_as_long_as_all_of_it(tmp_path: Path) -> None:
    (mend,) = told(tmp_path, ("a", LONG, "one night"))
    assert mend.startswith("ask for less")
