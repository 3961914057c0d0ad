"""What a name means is told with who says so, and with what else it could mean."""

from datetime import date

import pytest

from obsy.engine.declare.known import Known, find


def known(name: str) -> Known:
    found = find(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "as_called", "kind", "source"),
    [
        ("andromeda galaxy", "M 31", "galaxy", "OpenNGC"),
        ("eps Aurigae", "epsilon Aur", "star", "Hipparcos"),
        ("V* EE Cep", "EE Cep", "star", "GCVS"),
        ("Ceres", "1 Ceres", "asteroid", "JPL"),
        ("161p", "161P/Hartley-IRAS", "comet", "Minor Planet Center"),
        ("titan", "Titan", "moon of Saturn", "JPL's DE440"),
        ("jupiter", "Jupiter", "planet", "JPL's DE440"),
    ],
)
def test_a_name_is_told_with_its_kind_and_its_source(name: str, as_called: str, kind: str, source: str) -> None:
    found = known(name)
    assert (found.name, found.kind) == (as_called, kind)
    assert source in found.source


def test_what_nobody_knows_is_nothing() -> None:
    assert find("no such thing") is None


def test_a_star_varies_as_the_gcvs_has_it_by_any_of_its_names() -> None:
    varies = known("Polaris").varies
    assert varies is not None
    assert varies.type == "DCEPS"
    assert known("mu Cen").varies != known("MU Cen").varies


def test_what_has_the_same_name_and_stands_elsewhere_is_told() -> None:
    assert [each.name for each in known("mu Cen").homonyms] == ["MU Cen"]
    assert known("alpha Ori").homonyms == ()


def test_elements_are_warned_of_before_and_after_they_hold() -> None:
    comet, asteroid = known("C/2023 A3"), known("Ceres")
    assert comet.warning(date(2026, 12, 26)) is None
    assert comet.warning(date(2028, 1, 30)) is None
    assert "401 days off" in (comet.warning(date(2028, 1, 31)) or "")
    assert "2 years off, and miss what its jets did" in (comet.warning(date(2024, 1, 1)) or "")
    assert asteroid.warning(date(2031, 12, 20)) is None
    assert "5 years off" in (asteroid.warning(date(2021, 12, 20)) or "")
    assert known("M31").warning(date(2050, 1, 1)) is None


def test_a_star_tells_the_planets_that_are_known_to_cross_it() -> None:
    assert known("HAT-P-32").planets == ("b",)
