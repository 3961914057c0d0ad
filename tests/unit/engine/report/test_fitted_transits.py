"""A fitted transit in words: for a line, for a page, for a machine."""

from dataclasses import replace
from pathlib import Path

from obsy.engine.render import render
from obsy.engine.report.fitted_transits import FittedTransitStory, facts, headline, short
from obsy.engine.science.transit.coverage import result
from tests.support.transits import EXPECTED, fitted

FAILED = FittedTransitStory("ours", "Ours b", faults=("12 points: too few",))


def test_it_is_told_in_a_line_and_in_facts():
    fit = fitted(late_d=0.001)
    told = result(fit)
    assert short(fit, told) == f"{EXPECTED + 0.001:.5f} +- 0.00084, O-C +1.4 +- 1.2 min"
    said = dict(facts(fit, told))
    assert said["O-C"] == "+1.4 +- 1.2 min against its ephemeris"
    assert said["depth"].startswith("2.25% +- ") and said["detrended by"] == "airmass; 1 outliers flagged"
    assert headline(fit).startswith("Ours b: 40 points, 2458021.3875 to ")


def test_what_could_not_be_fitted_says_so_to_everybody():
    assert FAILED.told == "Ours b not fitted: see the page"
    assert FAILED.as_json() == {"plan": "ours", "planet": "Ours b", "files": [], "faults": ["12 points: too few"]}
    assert "<strong>Not fitted:</strong> 12 points: too few" in render("report/fitted_transit.html.j2", each=FAILED)


def test_a_refusal_stands_in_the_line_and_above_the_curve():
    refused = replace(FAILED, short="2458021.5 +- 0.1", refusal="no transit is seen", faults=())
    assert refused.told == "Ours b 2458021.5 +- 0.1 (nothing may be reported)"
    assert "Nothing may be reported:</strong> no transit is seen" in render(
        "report/fitted_transit.html.j2", each=refused
    )


def test_files_are_linked_from_beside_the_page():
    filed = replace(FAILED, files=(Path("data/reports/transits/a-aavso.txt"),), unsigned="nobody signs it")
    page = render("report/fitted_transit.html.j2", each=filed)
    assert '<a href="transits/a-aavso.txt">a-aavso.txt</a>' in page and "not for the AAVSO yet: nobody signs it" in page
