"""Tables of planets become plans of transits."""

import json
from pathlib import Path

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import given
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.planet_table import planets_of
from obsy.engine.importing.wish import Leftover, Wish


@pytest.mark.parametrize(("host", "lasts"), [("hostname", "3"), ("pl_hostname", "0.125")])
def test_a_transit_lasts_as_long_by_the_archives_older_table_which_has_days(
    host: str, lasts: str, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    row = f"A,A b,1.5,2.5,2455000.5,BJD_TDB,3,{lasts}"
    file.write_text(f"{host},pl_name,ra,dec,pl_tranmid,pl_tsystemref,pl_orbper,pl_trandur\n{row}\n")
    source = given(file)
    (planet,) = (each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish))
    assert planet.target["planets"]["b"] == {"epoch": "2455000.5 BJD_TDB", "period": "3 d", "duration": "3 h"}


HEAD = (
    "pl_name,default_flag,tran_flag,ra,dec,pl_tranmid,pl_tranmiderr1,pl_tranmiderr2,pl_tranmid_systemref,"
    "pl_orbper,pl_orbpererr1,pl_trandur"
)
FULL = "A b,1,1,1.5,2.5,2455000.5,0.0003,-0.0004,BJD-TDB,3,2e-6,3"


def told(text: str, tmp_path: Path) -> tuple[list[Wish], list[str]]:
    file = tmp_path / "table.csv"
    file.write_text(text)
    source = given(file)
    every = list(all_told(reader_of(source, None), source))
    left = [f"{each.line}: {each.found}" for each in every if isinstance(each, Leftover)]
    return [each for each in every if isinstance(each, Wish)], left


def test_a_plan_carries_the_errors_of_the_ephemeris_the_larger_side_of_each(tmp_path: Path) -> None:
    (planet,), left = told(f"{HEAD}\n{FULL}\n", tmp_path)
    assert planet.target["planets"]["b"] == {
        "epoch": "2455000.5 BJD_TDB", "period": "3 d", "duration": "3 h",
        "epoch_error": "0.0004 d", "period_error": "0.000002 d",
    }  # fmt: skip
    assert left == []


def test_exoclocks_plan_carries_them_too(tmp_path: Path) -> None:
    planet = {
        "ra_j2000": "02:04:10", "dec_j2000": "+46:41:16", "ephem_mid_time": 2455867.4, "ephem_mid_time_e1": 5e-05,
        "ephem_period": 2.15, "ephem_period_e1": 1e-07, "duration_hours": 3.12, "depth_r_mmag": 26.2,
    }  # fmt: skip
    (wish,), _ = told(json.dumps({"HAT-P-32b": planet}), tmp_path)
    assert wish.name == "HAT-P-32b" and "depth_r_mmag 26.2" in wish.lost
    assert wish.target["planets"]["b"]["epoch_error"] == "0.00005 d"
    assert wish.target["planets"]["b"]["period_error"] == "0.0000001 d"


def test_what_crosses_no_star_is_told_as_that_and_not_as_a_row_that_lacks_something(tmp_path: Path) -> None:
    wishes, left = told(f"{HEAD}\n{FULL}\nB c,1,0,1.5,2.5,,,,,40,,\n", tmp_path)
    assert [each.name for each in wishes] == ["A b"] and left == ["3: not carried over: 'B c', which crosses no star"]


@pytest.mark.parametrize(
    "row",
    [
        FULL,
        FULL.replace(",1,1,", ",1,0,"),
        FULL.replace("BJD-TDB", ""),
        FULL.replace(",3,2e-6,3", ",3,2e-6,90"),
        FULL.replace("0.0003", "inf"),
        FULL.replace("2455000.5", "55000.5"),
        FULL.replace("A b,1,1", "A b,0,1") + "\n" + FULL.replace("2455000.5", ""),
    ],
)
def test_what_becomes_a_plan_is_what_is_listed_to_be_chosen_from(row: str, tmp_path: Path) -> None:
    wishes, _ = told(f"{HEAD}\n{row}\n", tmp_path)
    assert [each.target for each in wishes] == [each.target for each in planets_of(tmp_path / "table.csv").planets]
