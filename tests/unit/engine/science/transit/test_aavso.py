"""Of the AAVSO's exoplanet report: its text, and that others find in it what was put in."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from obsy.engine.science.transit.aavso import aavso_exoplanet, airmass_terms
from obsy.engine.science.transit.observation import TransitObservation
from tests.support.golden import assert_golden
from tests.support.transits import fitted

GOLDEN = Path(__file__).parents[4] / "golden" / "transit"

ABOUT = TransitObservation("Ours", "Ours b", "ABCD", "V", "2x2", "obsy 1", ((10.5, 20.25),), "a clear night")


def parts(text):
    keys = dict(line[1:].split("=", 1) for line in text.splitlines() if line.startswith("#") and "=" in line)
    rows = [list(map(float, line.split(","))) for line in text.splitlines() if not line.startswith("#")]
    return keys, rows


def test_the_report_reads_as_written():
    assert_golden(aavso_exoplanet(fitted(), ABOUT), GOLDEN / "aavso-exoplanet.txt")


def test_what_is_reported_is_not_detrended_and_its_last_column_straightens_it():
    fit = fitted(count=120)
    keys, rows = parts(aavso_exoplanet(fit, ABOUT))
    assert keys["DETREND_PARAMETERS"] == "AIRMASS, AIRMASS CORRECTION FUNCTION"
    for (_, flux, _, _, bend), straight in zip(rows, fit.normalised, strict=True):
        assert flux / bend == pytest.approx(straight, abs=3e-7)


def test_air_mass_terms_are_the_baseline():
    fit, terms = fitted(), airmass_terms(fitted())
    _, rows = parts(aavso_exoplanet(fit, ABOUT))
    for _, _, _, air, bend in rows:
        assert terms["Am1"].value * 2.718281828459045 ** (terms["Am2"].value * air) == pytest.approx(bend, abs=1e-6)
    assert terms["Am2"].value == pytest.approx(-0.08, abs=1e-9)


def test_what_machines_read_is_what_people_read():
    keys, _ = parts(aavso_exoplanet(fitted(), ABOUT))
    machine = json.loads(keys["RESULTS-XC"])
    assert keys["RESULTS"].startswith(
        f"Tc={machine['Tc']['value']} +/- {machine['Tc']['uncertainty']},Rp/R*=0.15 +/- 0.003"
    )


def test_air_is_told_where_nothing_bent_the_curve_and_a_fitted_orbit_with_its_errors():
    fit = fitted()
    values = fit.solution.values | {"axis_ratio": 6.1, "inclination_deg": 88.5}
    errors = fit.solution.errors | {"axis_ratio": 0.1, "inclination_deg": 0.2}
    solution = replace(fit.solution, values=values, errors=errors)
    straight = replace(fit, trends=(), model=replace(fit.model, trends={}), solution=solution)
    keys, rows = parts(aavso_exoplanet(straight, ABOUT))
    assert keys["DETREND_PARAMETERS"] == "AIRMASS, AIRMASS CORRECTION FUNCTION"
    assert {row[-1] for row in rows} == {1.0} and rows[0][-2] == pytest.approx(1.15)
    assert keys["RESULTS"].endswith("a/R*=6.1 +/- 0.12,inc=88.5 +/- 0.24")
    blind = replace(straight, curve=replace(fit.curve, trends={}))
    assert parts(aavso_exoplanet(blind, ABOUT))[0]["DETREND_PARAMETERS"] == "CORRECTION FUNCTION"


def test_an_ellipse_is_told_with_its_periastron_and_a_circle_has_none():
    fit = fitted()
    ellipse = replace(
        fit, planet=replace(fit.planet, orbit=replace(fit.planet.orbit, eccentricity=0.1, periastron_deg=-50))
    )
    keys, _ = parts(aavso_exoplanet(ellipse, ABOUT))
    assert ",ecc=0.1 +/- 0,omega=-50 +/- 0,u1=" in keys["PRIORS"]
    assert json.loads(keys["PRIORS-XC"])["omega"] == {"value": "-50", "uncertainty": "0", "units": "degrees"}
    assert "omega" not in aavso_exoplanet(fit, ABOUT)
