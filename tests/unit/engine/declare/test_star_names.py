"""A plan's star and its planet are called as the tables have them, where its place is that of the star."""

import pytest
import yaml

from obsy.engine.declare.star_names import planet_name, planets_covered, table_star
from obsy.engine.report.gather import target
from obsy.schemas.plan import Plan

HAT_P_32 = "ra: 31.0427 deg, dec: 46.6878 deg"
PLANETS = "planets: {b: {epoch: 2455867.4 BJD_TDB, period: 2.15 d, duration: 3.1 h}}"


def plan(
    name: str, said: str, want: str = "{filter: R, exposure: 60 s, cover: {transit: b, baseline: 45 min}}"
) -> Plan:
    text = f"{{kind: plan, name: {name}, target: {said}, want: [{want}], pipeline: exoplanet}}"
    return Plan.model_validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("name", "said", "planet"),
    [
        ("hat-p-32-b", f"{{{HAT_P_32}, {PLANETS}}}", "HAT-P-32 b"),
        ("hat-p-32b", f"{{{HAT_P_32}, {PLANETS}}}", "HAT-P-32 b"),
        ("hat-p-32", f"{{{HAT_P_32}, {PLANETS}}}", "HAT-P-32 b"),
        ("hat-p-32-b", f"{{ra: 41 deg, dec: 46.6878 deg, {PLANETS}}}", "hat-p-32 b"),
        ("gj-9999-b", f"{{{HAT_P_32}, {PLANETS}}}", "gj-9999 b"),
        ("anything", "HAT-P-32", "HAT-P-32 b"),
    ],
)
def test_a_planet_is_called_by_its_star(name: str, said: str, planet: str) -> None:
    asked = plan(name, said)
    assert planet_name(asked, "b") == planet and planets_covered(asked) == ("b",)
    assert target(asked) == planet


def test_the_page_says_a_place_where_nothing_crosses_it_and_the_own_name_where_it_has_one() -> None:
    asked = plan("spot", f"{{{HAT_P_32}}}", "{filter: R, exposure: 60 s, count: 3}")
    assert target(asked) == "31.0427° +46.6878°"
    assert target(asked.model_copy(update={"target": asked.target.said_as("My star")})) == "My star"  # type: ignore[union-attr]


def test_a_star_of_the_tables_is_found_by_name_and_place_together() -> None:
    star = table_star(plan("hat-p-32-b", f"{{{HAT_P_32}, {PLANETS}}}"))
    assert star is not None and (star.name, star.mag) == ("HAT-P-32", 11.48)
    assert table_star(plan("hat-p-32-b", f"{{ra: 41 deg, dec: 46 deg, {PLANETS}}}")) is None
