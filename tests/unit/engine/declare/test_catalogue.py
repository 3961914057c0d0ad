"""The tables hold what they say, in the order in which they are searched, and agree with catalogues of others."""

import random
from math import cos, hypot, radians

import pytest

from obsy.engine.declare.catalogue import SOURCES, aliases, hits, lines, table
from obsy.engine.declare.names import lookup
from obsy.engine.declare.spelling import fold, key

TABLES = [each for each in SOURCES if each != "hosts"]


def names(source: str) -> list[str]:
    return [line.partition("=" if "=" in line else ",")[0] for line in lines(source)]


@pytest.mark.once
@pytest.mark.parametrize("source", TABLES)
def test_a_table_is_sorted_by_keys_of_which_none_stands_twice(source: str) -> None:
    keys = [fold(name) for name in names(source)]
    assert keys == sorted(set(keys))
    assert all(map(str.isascii, keys))


@pytest.mark.once
@pytest.mark.parametrize("source", TABLES)
def test_a_name_of_a_table_is_found_by_its_key(source: str) -> None:
    for name in [*random.Random(source).sample(names(source), 300), names(source)[0], names(source)[-1]]:  # noqa: S311
        assert fold(name) == key(name)
        line = table(source).find(key(name))
        assert line is not None
        assert line.startswith((f"{name},", f"{name}="))


@pytest.mark.once
@pytest.mark.parametrize("source", TABLES)
def test_every_other_name_leads_to_an_object(source: str) -> None:
    objects = {line.partition(",")[0] for line in lines(source) if "=" not in line}
    assert {line.partition("=")[2] for line in lines(source) if "=" in line} <= objects


@pytest.mark.parametrize("wanted", ["", "\n", "zzzz", "0", "ngc99999", "=", ","])
def test_what_no_table_has_is_not_found(wanted: str) -> None:
    assert [table(source).find(wanted) for source in TABLES] == [None] * len(TABLES)


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "ra", "dec", "within_arcsec"),
    [
        # SIMBAD, the middles of a pair of galaxies and of a nebula: hours, degrees
        ("NGC 520", 1.409742, 3.792417, 20),
        ("M 42", 5.588139, -5.391111, 60),
        # AAVSO VSX, J2000
        ("V1159 Ori", 5.483183, -3.564667, 3),
        ("EE Cep", 22.156342, 55.756861, 3),
        ("V404 Cyg", 20.401064, 33.867300, 3),
        ("BL Lac", 22.045359, 42.277772, 3),
        # NASA/IPAC Extragalactic Database
        ("3C 273", 12.485194, 2.052388, 0.5),
        # SIMBAD
        ("Abell 39", 16.459367, 27.909298, 10),
        # SIMBAD: the cluster about NGC 1275, and the Coma cluster
        ("Abell 426", 3.330000, 41.510000, 120),
        ("Abell 1656", 12.996889, 27.980833, 120),
        # SIMBAD, ICRS at J2000.0
        ("Sirius", 6.752477, -16.716116, 0.1),
        ("61 Cyg", 21.114983, 38.749417, 0.3),
        ("Barnard's Star", 17.963472, 4.693391, 0.2),
        ("HIP 23416", 5.032815, 43.823307, 0.1),
    ],
)
def test_places_are_those_of_other_catalogues(name: str, ra: float, dec: float, within_arcsec: float) -> None:
    found = lookup(name)
    assert found is not None
    east = (found.ra_deg - ra * 15) * cos(radians(dec))
    assert hypot(east, found.dec_deg - dec) * 3600 < within_arcsec


@pytest.mark.parametrize(
    ("said", "meant", "source"),
    [
        ("T Tau", "T Tau", "variables"),
        ("MU Cen", "MU Cen", "variables"),
        ("mu Cen", "mu Cen", "stars"),
        ("V* MU Cen", "MU Cen", "variables"),
        ("nu ori", "nu Ori", "stars"),
        ("NU Ori", "NU Ori", "variables"),
        ("chi Persei", "NGC 884", "deep-sky"),
        ("Sh2-155", "C 9", "deep-sky"),
    ],
)
def test_of_two_that_have_a_name_the_one_is_meant_that_is_written_so(said: str, meant: str, source: str) -> None:
    found = lookup(said)
    assert found is not None
    assert (found.name, found.source) == (meant, source)


def test_all_that_have_a_name_are_told() -> None:
    assert [each.source for each in hits("mu Cen")] == ["stars", "variables"]
    assert [each.source for each in hits("alpha Ori")] == ["stars", "variables"]


def test_an_object_tells_its_other_names() -> None:
    found = lookup("M31")
    assert found is not None
    assert {"NGC 224", "UGC 454", "Andromeda Galaxy"} <= set(aliases(found))


def test_a_variable_star_tells_how_it_varies() -> None:
    # AAVSO VSX: U Cep is EA, V 6.75 to 9.24, period 2.493 d
    varies = next(each.varies for each in hits("U Cep") if each.varies)
    assert (varies.type, varies.brightest_mag, varies.faintest_mag) == ("EA/SD", 6.75, 9.24)
    assert varies.period_d == pytest.approx(2.4930, abs=1e-4)


def test_a_fast_star_tells_its_motion() -> None:
    # Gaia DR3: -801.6 and 10362.4 mas a year, and a parallax of 546.98
    found = lookup("Barnard's star")
    assert found is not None
    assert found.motion_mas == pytest.approx((-801.6, 10362.4, 547.0), abs=40)


@pytest.mark.parametrize(
    ("name", "parallax"),  # Gaia DR3, and of the brightest Hipparcos (van Leeuwen 2007) as SIMBAD has it
    [("Proxima Centauri", 768.07), ("61 Cyg", 286.01), ("Sirius", 379.21), ("Vega", 130.23), ("tau Cet", 273.81)],
)
def test_a_star_that_is_near_tells_its_parallax(name: str, parallax: float) -> None:
    found = lookup(name)
    assert found is not None
    assert found.motion_mas is not None
    assert found.motion_mas[2] == pytest.approx(parallax, abs=4)
