"""Tables of planets are read by the heads of their columns, and what they lack is said."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.choice.transits.packaged import packaged
from obsy.engine.declare.names import planets
from obsy.engine.importing.planet_table import planets_of
from obsy.engine.importing.transiting_planet import PlanetTable, TransitingPlanet
from obsy.errors import UserError

ARCHIVE = """# This file was produced by the NASA Exoplanet Archive
pl_name,hostname,default_flag,ra,dec,pl_orbper,pl_orbpererr1,pl_orbpererr2,pl_tranmid,pl_tranmiderr1,pl_tranmiderr2,\
pl_tranmid_systemref,pl_trandur,pl_trandep,pl_ratror,sy_vmag
HAT-P-32 b,HAT-P-32,0,31.0427,46.6878,2.15,,,2455000.5,,,BJD,3,,,11
HAT-P-32 b,HAT-P-32,1,31.0427,46.6878,2.1500082,1.3e-07,-1.5e-07,2455867.402743,4.9e-05,-4.8e-05,BJD-TDB,3.12,,0.15,11.4
Kepler-7 b,Kepler-7,1,288.64,41.09,4.885,,,2454967.2767,0.0001,,HJD,5.1,0.8,,12.9
"""
EXOCLOCK = {
    "55Cnce": {
        "name": "55Cnce", "star": "55Cnc", "ra_j2000": "08:52:35.81", "dec_j2000": "+28:19:50.95", "v_mag": 5.95,
        "ephem_mid_time": 2457063.2096, "ephem_mid_time_e1": 0.0006, "ephem_mid_time_e2": 0.0005,
        "ephem_mid_time_format": "BJD_TDB", "ephem_period": 0.736546, "ephem_period_e1": 5e-07,
        "ephem_period_e2": 5e-07, "duration_hours": 1.6, "depth_r_mmag": 0.4,
    }
}  # fmt: skip
TOI = """toi,ra,dec,pl_tranmid,pl_tranmiderr1,pl_orbper,pl_orbpererr1,pl_trandurh,pl_trandep,st_tmag
101.02,10.5,-20.25,2458000.25,0.002,3.5,1e-5,2.5,8000,9.5
"""
EXOFOP = """TIC ID,TOI,TESS Mag,RA,Dec,Epoch (BJD),Epoch (BJD) err,Period (days),\
Period (days) err,Duration (hours),Depth (ppm)
1,101.02,9.5,00:42:00,-20:15:00,2458000.25,0.002,3.5,1e-5,2.5,8000
"""


def read(tmp_path: Path, text: str) -> PlanetTable:
    file = tmp_path / "planets.csv"
    file.write_text(text)
    return planets_of(file)


def one(tmp_path: Path, text: str) -> TransitingPlanet:
    (planet,) = read(tmp_path, text).planets
    return planet


def test_those_that_come_with_obsy_are_those_that_a_name_leads_to() -> None:
    found = packaged().planets
    assert len(found) > 30
    for each in found:
        assert planets(each.host)[each.letter] == each.ephemeris and each.depth is not None and 0 < each.depth < 0.05


def test_the_archives_default_row_counts_with_the_larger_side_of_its_errors(tmp_path: Path) -> None:
    read_ = {each.name: each for each in read(tmp_path, ARCHIVE).planets}
    assert set(read_) == {"HAT-P-32 b", "Kepler-7 b"}
    planet = read_["HAT-P-32 b"]
    assert planet.ephemeris == (2455867.402743, 2.1500082, 3.12, "BJD_TDB", 4.9e-05, 1.5e-07)
    assert planet.depth == pytest.approx(0.0225) and planet.mag == 11.4 and planet.own
    assert read_["Kepler-7 b"].ephemeris.scale == "HJD_UTC" and read_["Kepler-7 b"].depth == pytest.approx(0.008)


def test_exoclocks_planets_part_host_and_letter_by_the_star(tmp_path: Path) -> None:
    planet = one(tmp_path, json.dumps(EXOCLOCK))
    assert (planet.host, planet.letter, planet.ephemeris.epoch_error_d) == ("55Cnc", "e", 0.0006)
    assert planet.ra_deg == pytest.approx(133.1492, abs=1e-3) and planet.depth == pytest.approx(
        0.4e-3 / 1.0857, rel=1e-3
    )


def test_both_tables_of_tess_say_the_same_planet(tmp_path: Path) -> None:
    archives, exofops = one(tmp_path, TOI), one(tmp_path, EXOFOP)
    assert archives == exofops._replace(ra_deg=archives.ra_deg) and exofops.ra_deg == pytest.approx(10.5)
    assert (archives.name, archives.depth, archives.mag) == ("TOI-101 c", 0.008, 9.5)


@pytest.mark.parametrize(
    ("given", "instead", "why"),
    [
        (",4.885,", ",,", "it has no period: nobody can say when it comes"),
        (",4.885,", ",-4.885,", "it has no period: nobody can say when it comes"),
        (",4.885,", ",1e-9,", "no planet has a period of 1e-09 d"),
        (",4.885,", ",1e99,", "no planet has a period of 1e+99 d"),
        ("2454967.2767", "4967.2767", "it has no epoch that is a Julian date"),
        (",5.1,", ",500,", "it has no duration below its period"),
        (",HJD,", ",,", "nobody says in which scale its epoch is: ask for the column 'pl_tranmid_systemref'"),
        (",HJD,", ",UT Greenwich,", "its epoch is in UT_GREENWICH: write it in BJD_TDB"),
        (",41.09,", ",141.09,", "its star has no place"),
    ],
)
def test_a_row_that_lacks_something_is_told_with_its_line(given: str, instead: str, why: str, tmp_path: Path) -> None:
    found = read(tmp_path, ARCHIVE.replace(given, instead, 1))
    assert [each.name for each in found.planets] == ["HAT-P-32 b"]
    assert found.left == [f"{tmp_path / 'planets.csv'}:5: 'Kepler-7 b': {why}"]


def test_where_the_default_row_lacks_something_another_one_counts(tmp_path: Path) -> None:
    found = read(tmp_path, ARCHIVE.replace("2455867.402743", ""))
    assert found.left == [] and found.planets[0].name == "HAT-P-32 b"
    assert found.planets[0].ephemeris.epoch_jd == 2455000.5


def test_durations_of_the_archives_older_table_are_days(tmp_path: Path) -> None:
    older = "pl_hostname,pl_name,ra,dec,pl_tranmid,pl_tsystemref,pl_orbper,pl_trandur\nA,A b,1,2,2455000,BJD,3,0.125\n"
    assert one(tmp_path, older).ephemeris.duration_h == 3.0


def test_what_tess_found_to_be_no_planet_is_left_out_with_that(tmp_path: Path) -> None:
    found = read(tmp_path, TOI.replace("st_tmag", "st_tmag,tfopwg_disp").replace(",9.5\n", ",9.5,FP\n"))
    assert found.planets == [] and "no planet: a false positive" in found.left[0]


@given(st.text(st.sampled_from('{}[],:"-.0123456789eE\n\t;|#\0 naNbcpl_'), max_size=60))
def test_nothing_that_is_written_makes_it_stumble(tmp_path_factory: pytest.TempPathFactory, noise: str) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for text in (noise, ARCHIVE + noise, ARCHIVE.replace("HAT-P-32 b,", noise), f'[{{"name": "{noise}"}}]'):
        with suppress(UserError):
            read(folder, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,ra,dec\nM31,10,41\n", "its columns are name, ra, dec: it lacks 'pl_tranmid', 'pl_orbper', 'pl_trandur'"),
        ("", "it has no rows: it lacks 'pl_name'"),
        ("{", "no JSON: Expecting property name"),
    ],
)
def test_what_is_no_table_of_planets_is_refused_with_what_it_lacks(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        read(tmp_path, text)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        planets_of(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("said", "mag"),
    [*((each, None) for each in ("999", "9999", "-999", "-9999", "-400", "-99", "-30", "99", "30.1")), ("-1.4", -1.4)],
)
def test_a_magnitude_that_no_star_has_is_not_known(said: str, mag: float | None, tmp_path: Path) -> None:
    assert one(tmp_path, ARCHIVE.replace(",0.8,,12.9", f",0.8,,{said}").replace("HAT-P-32 b,", "#")).mag == mag


@pytest.mark.parametrize("error", ["inf", "1e300", "-inf", "1e999", "nan"])
def test_an_error_that_is_no_finite_number_refuses_its_row(error: str, tmp_path: Path) -> None:
    table = read(tmp_path, ARCHIVE.replace("2454967.2767,0.0001,", f"2454967.2767,{error},"))
    assert [each.name for each in table.planets] == ["HAT-P-32 b"]
    why = f"planets.csv:5: 'Kepler-7 b': its epoch error is '{error}', which is no finite number"
    assert [each.endswith(why) for each in table.left] == [True]


def test_a_name_longer_than_any_planet_s_refuses_its_row_and_is_not_repeated(tmp_path: Path) -> None:
    (told,) = read(tmp_path, ARCHIVE.replace("Kepler-7 b", "K" * 300)).left
    assert told.endswith(f"planets.csv:5: '{'K' * 60}': its name has 300 signs, and no planet's has more than 60")
