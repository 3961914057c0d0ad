"""A night is compared with the stars of its target, and filed under no other."""

from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.runtime.comparisons import compared_with, comparisons_of, known_variables
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from tests.support.measured_night import measured_night
from tests.unit.engine.science.star_fields import StarField

SS_CYG = "{ra: 21h42m42.8s, dec: 43d35m10s}"


@pytest.fixture
def here(tmp_path):
    return measured_night(tmp_path, StarField(frames=0))


def chosen(here: Path, of: str = "v1", target: str | None = None, name: str | None = None) -> ComparisonTable:
    """Return what the plan is compared with, if the one table is of that star and the plan points there."""
    text = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "comparison.yaml").write_text(text.replace("of: v1", f"of: {of}"))
    if target:
        text = (here / "plans" / "v1.yaml").read_text()
        (here / "plans" / "v1.yaml").write_text(text.replace("{ra: 325 deg, dec: 43 deg}", target))
    observatory = declare(here, here / "plans")
    return compared_with(observatory, observatory.plans[0], name)


def chosen_without(here: Path, target: str) -> ComparisonTable:
    """Return what a plan of another target is compared with, where nothing is declared."""
    text = (here / "plans" / "v1.yaml").read_text()
    (here / "plans" / "v1.yaml").write_text(text.replace("{ra: 325 deg, dec: 43 deg}", target))
    observatory = declare(here, here / "plans")
    return compared_with(observatory, observatory.plans[0])


def test_the_only_stars_of_the_target_need_no_name(here):
    assert chosen(here).name == "v1-exa" and chosen(here, name="v1-exa").name == "v1-exa"


def test_what_moves_has_none_and_is_measured_by_another_verb(here):
    with pytest.raises(UserError, match="of Ceres are declared: it moves, and 'obsy astrometry v1' measures it"):
        chosen_without(here, "Ceres")


def test_the_stars_of_another_target_are_refused_by_name_too(here):
    with pytest.raises(UserError, match="'v1-exa' is of V2 Exa, and the plan 'v1' points at v1.*'of: v1'"):
        chosen(here, of="V2 Exa", name="v1-exa")


def test_a_star_is_known_by_its_place_whatever_the_plan_is_called(here):
    assert chosen(here, of="SS Cyg", target=SS_CYG).of == "SS Cyg"


def test_the_stars_of_a_name_of_our_own_catalogue_are_those_of_a_plan_that_points_at_it(here):
    own = "kind: catalogue\nname: ours\ntargets:\n  V2 Exa: {target: {ra: 325 deg, dec: 43 deg}}\n"
    (here / "library" / "ours.yaml").write_text(own)
    assert chosen(here, of="V2 Exa", target="V2 Exa").of == "V2 Exa"


def test_a_name_at_another_place_is_another_star(here):
    with pytest.raises(UserError, match="is of SS Cyg, and the plan 'v1' points at v1"):
        chosen(here, of="SS Cyg", name="v1-exa")


def test_no_plan_has_stars_that_are_not_of_its_target(here):
    observatory = declare(here, here / "plans")
    moved = observatory.plans[0].model_copy(update={"name": "v2"})
    assert comparisons_of(observatory, moved) == []
    with pytest.raises(UserError, match="stars of v2 are declared: save its chart.*star=v2&fov.*'obsy import'"):
        compared_with(observatory, moved)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("SS Cyg", "save its chart, .*star=SS\\+Cyg"),
        ("M 31", "write a 'kind: comparison' .*; if it is a standard field .*ra=10.68.*special=std_field"),
        ("Vega", "write a 'kind: comparison' .*does not know it to vary"),
    ],
)
def test_a_chart_of_the_aavso_is_advised_where_it_has_one(here, target, words):
    (here / "library" / "comparison.yaml").unlink()
    with pytest.raises(UserError, match=f"no comparison stars of {target} are declared: {words}"):
        chosen_without(here, target)


def test_a_misspelt_name_is_told_its_neighbour(here):
    with pytest.raises(UserError, match="is named 'v1-exx': did you mean 'v1-exa'"):
        chosen(here, name="v1-exx")


def test_of_several_one_is_to_be_chosen(here):
    text = (here / "library" / "comparison.yaml").read_text()
    (here / "library" / "wider.yaml").write_text(text.replace("name: v1-exa", "name: wider"))
    with pytest.raises(UserError, match="v1 has several comparisons: choose one, --comparison v1-exa or wider"):
        chosen(here)
    assert chosen(here, name="wider").name == "wider"


def test_stars_that_the_gcvs_has_are_known_to_vary():
    declared = StarField(frames=0, stars=2).declared()
    ss_cyg = declared.stars[1].model_copy(update={"ra": 325.67843, "dec": 43.58619})
    assert known_variables(declared.model_copy(update={"stars": (declared.stars[0], ss_cyg)})) == [ss_cyg.name]
