"""What counts only together has partners, and fits into a night."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.sense.counting_together import check
from obsy.engine.declare.survey import survey
from tests.support.broken import GOLDEN

PLAN = "kind: plan\nname: {name}\n{target}want: [{want}]\ntogether: {together}\npipeline: photometry\n"
V = "{filter: V, exposure: 60 s, count: 5}"
BVR = "{filter: [B, V, R], exposure: 60 s, count: 5}"
LONG = "{filter: [B, V, R], exposure: 60 s, total: 9 h}"

HALF = "{filter: R, exposure: 60 s, total: 20 h}"
HALF_A, HALF_B = ("a", HALF, "one night of pair"), ("b", HALF, "one night of pair")
LESS = "ask for less; of a 'count' with 'every: 1 d' each visit counts as a whole"


def told(root: Path, *plans: tuple[str, str, str], target: str = "target: SS Cyg\n") -> list[str]:
    """The cures that are told of plans; of each the name, what it wants, and what it counts together as."""
    (root / "plans").mkdir(parents=True)
    for name, want, together in plans:
        text = PLAN.format(name=name, target=target, want=want, together=together)
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


def test_nor_as_long_as_all_that_plans_of_one_name_want_together(tmp_path: Path) -> None:
    assert told(tmp_path / "two", HALF_A, HALF_B) == [LESS]
    assert told(tmp_path / "short", HALF_A, ("b", V, "one night of pair")) == []
    assert told(tmp_path / "told-once", ("a", LONG, "one night of pair"), HALF_B) == [LESS]
    apart = [("a", f"{HALF}, {V}", "one night"), ("b", f"{HALF}, {V}", "one night")]
    assert told(tmp_path / "apart", *apart) == []


@pytest.mark.parametrize(("together", "mends"), [("one night of pair", [LESS]), ("one night", [])])
def test_of_several_targets_all_count_that_bear_the_name(tmp_path: Path, together: str, mends: list[str]) -> None:
    asked = ("a", f"{HALF}, {V}", f"{together}\ntargets: [M31, M33]")
    assert told(tmp_path, asked, target="") == mends


@pytest.mark.parametrize(("trains", "mends"), [(1, [LESS]), (2, [])])
def test_a_night_of_two_trains_has_twice_as_much_as_one(tmp_path: Path, trains: int, mends: list[str]) -> None:
    shutil.copytree(GOLDEN / "observatory" / "site", tmp_path / "site")
    if trains == 2:
        shutil.copy(GOLDEN / "filters-of-several-trains" / "site" / "second.yaml", tmp_path / "site")
    declared = survey(tmp_path, tmp_path / "site").declared
    assert len(in_use(declared)) == trains and declared.all_well("train")
    half = "{filter: R, exposure: 60 s, total: 9 h}"
    assert told(tmp_path, ("a", half, "one night of pair"), ("b", half, "one night of pair")) == mends


@pytest.mark.parametrize(
    ("sun", "mends"), [("", [LESS]), ("when: {sun: below -6 deg}\n", []), ("when: {sun: below -12 deg}\n", [LESS])]
)
def test_no_whole_is_longer_than_the_longest_night_of_the_site_is_dark(
    tmp_path: Path, sun: str, mends: list[str]
) -> None:
    """At 40 deg north it is 11.4 h below -18 deg, 12.5 h below -12 deg and 13.7 h below -6 deg."""
    shutil.copytree(GOLDEN / "observatory" / "site", tmp_path / "site")
    assert told(tmp_path, ("a", "{filter: [B, V], exposure: 60 s, total: 6.5 h}", f"one night\n{sun}")) == mends
