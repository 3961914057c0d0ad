"""Of a planet as it is named, and of what is said of it beside its name."""

import pytest

from obsy.cli.known_planet import planet_called, with_said
from obsy.cli.named import plan_called, with_plans
from obsy.engine.choice.transits.declared import with_declared
from obsy.engine.importing.transiting_planet import PlanetTable
from obsy.engine.runtime.transit import covered
from obsy.errors import UserError
from tests.support.transits import KNOWN


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """A folder of no observatory: what obsy ships is what is known."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("said", ["HAT-P-32 b", "HAT-P-32b", " hat-p-32 b ", "HAT-P-32"])
def test_a_planet_is_known_with_a_blank_before_its_letter_or_without_or_by_its_star_alone(said):
    planet = planet_called(said, None, None)
    assert planet.name == "HAT-P-32 b" and planet.ephemeris.period_d == 2.1500079
    assert planet.ephemeris.scale == "BJD_TDB" and planet.place == pytest.approx((31.04, 46.69), abs=0.01)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("HAT-P-32 c", "HAT-P-32 has b; write 'HAT-P-32 b'"),
        ("HAT-P-32c", "HAT-P-32 has b; write 'HAT-P-32 b'"),
        ("Vega", "obsy knows no planet of Vega: declare it in a 'kind: catalogue' of library/"),
        ("nobody b", "obsy knows nothing by the name 'nobody b': declare it in a 'kind: catalogue' of library/"),
    ],
)
def test_what_is_no_planet_is_told_with_those_that_are(said, answer):
    with pytest.raises(UserError) as told:
        planet_called(said, None, None)
    assert answer in str(told.value)


SYSTEM = """\
kind: catalogue
name: ours
targets:
  Twins:
    target:
      ra: 94.79 deg
      dec: 73.83 deg
      planets:
        b: {epoch: 2461366.375 BJD_TDB, period: 3.3 d, duration: 2 h}
        c: {epoch: 2461368.1 BJD_TDB, period: 9.1 d, duration: 3 h}
      events: {minimum: {epoch: 2461368.1 BJD_TDB, period: 1.1 d}}
    source: made up
"""


def test_of_several_planets_one_must_be_said(tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "ours.yaml").write_text(SYSTEM)
    with pytest.raises(UserError, match="Twins has b, c; write 'Twins b'"):
        planet_called("Twins", None, None)
    assert planet_called("Twins c", None, None).ephemeris.period_d == 9.1


PLAN = """\
kind: plan
name: my-planet
target:
  ra: 94.79 deg
  dec: 73.83 deg
  planets:
    b: {epoch: 2461366.375 BJD_TDB, period: 3.3 d, duration: 2 h}
want: [{filter: R, exposure: 60 s, cover: {transit: b, baseline: 20 min}}]
pipeline: exoplanet
"""


@pytest.mark.parametrize("said", ["my-planet b", "my-planet", "My-Planet-b"])
def test_a_planet_that_a_plan_declares_bears_the_name_that_its_fits_do(tmp_path, said):
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "my-planet.yaml").write_text(PLAN)
    plan = plan_called("my-planet")
    fitted, _ = covered(plan)
    assert planet_called(said, None, None) == fitted and fitted.name == "my-planet b"
    table = with_declared(PlanetTable([], []), with_plans())
    assert [each.name for each in table.planets] == ["my-planet b"]


def test_the_times_that_a_plan_declares_count_before_those_of_the_tables(tmp_path):
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "ours.yaml").write_text(PLAN.replace("  ra: 94.79 deg\n  dec: 73.83 deg", "  name: HAT-P-32"))
    assert planet_called("HAT-P-32b", None, None).ephemeris.period_d == 3.3


def test_an_orbit_that_is_said_replaces_the_known_one_whole_and_keeps_the_period():
    planet = with_said(KNOWN, "5.34 +- 0.04, 88.98 +- 0.5 deg, 0.159 +- 0.05, -120 +- 4 deg, set B", None)
    orbit = planet.orbit
    assert (orbit.period_d, orbit.axis_ratio, orbit.inclination_deg) == (KNOWN.ephemeris.period_d, 5.34, 88.98)
    assert (orbit.eccentricity, orbit.periastron_deg, planet.reference) == (0.159, -120, "set B")
    assert (planet.axis_ratio_error, planet.inclination_error_deg) == (0.04, 0.5)
    assert planet.limb == KNOWN.limb


def test_a_planet_that_would_pass_beside_its_star_is_refused():
    with pytest.raises(UserError, match="on that orbit Ours b never crosses its star; look at each number"):
        with_said(KNOWN, "6.05, 8.89 deg, set A", None)


def test_a_temperature_tells_the_limb_in_a_filter():
    warm = with_said(KNOWN, None, " 6000K", "SR")
    assert (warm.limb.linear, warm.limb.square) == pytest.approx((0.385, 0.241))
    assert warm.limb_error == 0.08 < with_said(KNOWN, None, "0.385, 0.241").limb_error
    with pytest.raises(UserError, match="in the filter 'na' is not known: say one of U, B, V, R"):
        with_said(KNOWN, None, "6000 K")


def test_limb_darkening_is_both_coefficients_of_the_square_law():
    limb = with_said(KNOWN, None, "0.3, -0.1").limb
    assert (limb.linear, limb.square) == (0.3, -0.1)
    with pytest.raises(UserError, match=r"--limb 'dark': write both coefficients of the square law, as '0\.35, 0\.25'"):
        with_said(KNOWN, None, "dark")
    assert with_said(KNOWN, None, "0.75, 0.25").limb.square == 0.25
    with pytest.raises(UserError, match="both add up to 1.1; at 1 the limb is black already"):
        with_said(KNOWN, None, "0.6, 0.5")
