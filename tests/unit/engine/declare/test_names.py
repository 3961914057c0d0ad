"""Names resolve to the right things, however they are spelt, without anything slow."""

import subprocess
import sys
from math import degrees, radians, tan

import pytest
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.catalogue import TABLES, CatalogueObject, rows
from obsy.engine.declare.names import cure, known, lookup, near, planets, resolve
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.plan import Plan
from obsy.schemas.target import Asteroid, Comet, Planet

KINDS = {"galaxy", "nebula", "planetary", "open-cluster", "globular", "star", "remnant"}


@pytest.mark.parametrize("spelt", ["M31", "m 31", "M-31", "M031", "NGC224", "ngc 0224", "Andromeda Galaxy", "UGC 454"])
def test_one_galaxy_has_many_spellings(spelt: str) -> None:
    found = lookup(spelt)
    assert found is not None
    assert found.name == "M 31"


def test_every_messier_object_is_known() -> None:
    found = {number: lookup(f"M{number}") for number in range(1, 111)}
    assert [number for number, each in found.items() if each is None or each.kind not in KINDS] == []


def test_every_caldwell_object_is_known() -> None:
    found = {number: (lookup(f"C {number}"), lookup(f"Caldwell {number}")) for number in range(1, 110)}
    assert [number for number, (short, whole) in found.items() if short is None or short != whole] == []


@pytest.mark.parametrize(
    ("name", "ra_deg", "dec_deg", "tolerance_arcsec"),
    [
        # SIMBAD, ICRS J2000: M 31 00 42 44.330 +41 16 07.50; M 57 18 53 35.097 +33 01 44.88;
        # M 13 16 41 41.634 +36 27 40.75; Denebola 11 49 03.57834 +14 34 19.4090; Vega 18 36 56.33635 +38 47 01.2802
        ("M31", 10.684708, 41.268750, 3.0),
        ("M57", 283.396238, 33.029133, 3.0),
        ("M13", 250.423475, 36.461319, 3.0),
        ("Denebola", 177.264910, 14.572058, 0.1),
        ("Vega", 279.234735, 38.783689, 0.1),
        # HAT-P-32 in Tycho-2 against the NASA Exoplanet Archive's Gaia place
        ("hat-p-32", 31.0427614, 46.6878512, 1.0),
    ],
)
def test_places_are_those_of_simbad(name: str, ra_deg: float, dec_deg: float, tolerance_arcsec: float) -> None:
    found = lookup(name)
    assert found is not None
    assert found.ra_deg == pytest.approx(ra_deg, abs=tolerance_arcsec / 3600)
    assert found.dec_deg == pytest.approx(dec_deg, abs=tolerance_arcsec / 3600)


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("Flame Nebula", "NGC 2024"),
        ("Rosette Nebula", "NGC 2237"),
        ("Omega Nebula", "M 17"),
        ("Horsehead Nebula", "B 33"),
        ("Mira", "omicron Cet"),
        ("M 102", "NGC 5866"),
        ("Pleiades", "M 45"),
        ("IC 2118", "NGC 1909"),
    ],
)
def test_common_names_mean_what_observers_mean(name: str, same_as: str) -> None:
    assert lookup(name) == lookup(same_as) is not None


def test_a_galaxy_carries_its_size() -> None:
    # OpenNGC (HyperLEDA): 177.83 x 69.66 arcmin at 35 deg
    found = lookup("M31")
    assert found is not None
    assert (found.major_arcmin, found.minor_arcmin, found.position_angle_deg) == (177.83, 69.66, 35.0)


def test_an_unknown_name_is_nothing() -> None:
    assert lookup("no such thing") is None


@given(st.text(max_size=20))
def test_any_text_is_answered(text: str) -> None:
    found = lookup(text)
    assert found is None or isinstance(found, CatalogueObject)


def test_all_names_of_an_object_lead_back_to_it() -> None:
    found = lookup("M 17")
    assert found is not None
    names = ("M 17", "NGC 6618", "LBN 60", "Checkmark Nebula", "Lobster Nebula", "Swan Nebula", "Omega Nebula")
    assert all(lookup(name) == found for name in names)


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("Andromida", "Andromeda"),
        ("Betelguese", "Betelgeuse"),
        ("SS Cgy", "SS Cyg"),
        ("V404 Cig", "V404 Cyg"),
        ("NGC 52O", "NGC 520"),
        ("Jupitter", "Jupiter"),
        ("Cerres", "1 Ceres"),
    ],
)
def test_a_misspelt_name_has_its_neighbour(spelt: str, meant: str) -> None:
    assert near(spelt)[0] == meant


@pytest.mark.parametrize("name", ["HAT-P-33", "WASP-33", "HD15082", "NGC 77777", "M 111"])
def test_another_number_is_another_object(name: str) -> None:
    assert near(name) == ()


def test_a_satellite_is_no_misspelt_asteroid() -> None:
    assert "tle: [first line, second line]" in cure("ISS", "look again")
    assert cure("Cerres", "look again") == "did you mean '1 Ceres'?"
    assert cure("zzzzqqqq", "look again") == "look again"


def test_nonsense_has_no_neighbour() -> None:
    assert near("zzzzqqqq") == near("") == ()


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("V1159 Ori", FixedTarget),
        ("EE Cep", FixedTarget),
        ("V404 Cyg", FixedTarget),
        ("BL Lac", FixedTarget),
        ("3C 273", FixedTarget),
        ("Horsehead", FixedTarget),
        ("NGC 520", FixedTarget),
        ("Ceres", Asteroid),
        ("(433) Eros", Asteroid),
        ("161P", Comet),
        ("C/2023 A3", Comet),
        ("Jupiter", Planet),
    ],
)
def test_every_sort_of_target_goes_by_its_name(name: str, sort: type) -> None:
    assert isinstance(known(name), sort)


def test_a_moon_is_where_its_planet_is_and_an_asteroid_of_its_name_goes_by_its_number() -> None:
    assert known("Europa") == known("jupiter") == Planet(body="jupiter")
    assert isinstance(known("52 Europa"), Asteroid)


def test_case_spaces_and_leading_zeros_do_not_matter() -> None:
    assert key("NGC 0224") == key("ngc224") == key("Ngc-224")


def test_a_number_keeps_its_inner_zeros() -> None:
    assert key("M 101") == "m101" != key("M 11")


@pytest.mark.parametrize(
    ("host", "epoch_jd", "period_d"),
    [
        # NASA Exoplanet Archive, default rows: other authors' epochs, years away
        ("HAT-P-32", 2455867.402743, 2.1500082),
        ("wasp-12", 2456176.668258, 1.09142),
        ("hd 189733", 2453955.525551, 2.21857567),
        ("Qatar-1", 2456234.103218, 1.4200242),
    ],
)
def test_transits_agree_with_another_ephemeris(host: str, epoch_jd: float, period_d: float) -> None:
    found = planets(host)["b"]
    orbits = round((epoch_jd - found.epoch_jd) / found.period_d)
    predicted = found.epoch_jd + orbits * found.period_d
    assert (predicted - epoch_jd) * 1440 == pytest.approx(0.0, abs=1.5)  # minutes
    assert found.period_d == pytest.approx(period_d, rel=1e-5)


def test_a_star_without_known_planets_has_none() -> None:
    assert planets("Sirius") == {}


def test_every_planet_host_can_be_pointed_at() -> None:
    hosts = {row[0] for row in rows(TABLES / "planets.csv")}
    assert len(hosts) > 10
    assert {host for host in hosts if lookup(host) is None or not planets(host)} == set()
    assert planets("hat p 32") == planets("HAT-P-32")


@pytest.mark.long
@pytest.mark.once
def test_names_need_neither_numpy_nor_astropy() -> None:
    asks = (
        "import sys; from obsy.engine.declare.names import lookup; lookup('M31')\n"
        "print({'numpy', 'astropy'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True).stdout
    assert said == "set()\n"


@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from(["M31", "NGC 188", "M42", "Polaris"]))
def test_a_place_beside_another_lies_where_astropy_has_it(east_deg: float, north_deg: float, of: str) -> None:
    plain = {"kind": "plan", "name": "p", "pipeline": "x", "want": [{"filter": "L", "exposure": "60 s", "count": 1}]}
    asked = {"target": {"of": of, "east": f"{east_deg} deg", "north": f"{north_deg} deg"}}
    near, found = lookup(of), resolve(Plan.model_validate(plain | asked))
    assert near is not None
    assert isinstance(found, FixedTarget)
    plane = WCS(naxis=2)
    plane.wcs.ctype, plane.wcs.crval, plane.wcs.cdelt = ["RA---TAN", "DEC--TAN"], [near.ra_deg, near.dec_deg], [1, 1]
    east, north = (degrees(tan(radians(each))) for each in (east_deg, north_deg))
    ((ra, dec),) = plane.wcs_pix2world([[east, north]], 1)
    assert SkyCoord(ra, dec, unit="deg").separation(SkyCoord(*found[:2], unit="deg")).arcsec < 1e-3
