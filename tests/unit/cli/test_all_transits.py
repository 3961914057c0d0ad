"""`obsy transit --all` says when each transit came, and declares the ephemeris by all of them."""

import json

import pytest
import yaml
from click.testing import CliRunner

from obsy.cli.transit import transit
from obsy.engine.declare.names import planets
from obsy.schemas.recurring import Transits


@pytest.fixture
def fits(tmp_path):
    """Three transits of HAT-P-32 b, each 3 min late."""
    epoch, period, *_ = planets("HAT-P-32")["b"]
    for turn in (2300, 2350, 2400):
        told = {"planet": "HAT-P-32 b", "middle_bjd_tdb": {"value": epoch + turn * period + 3 / 1440, "error": 0.0005}}
        (tmp_path / f"{turn}-transit.json").write_text(json.dumps(told))
    return tmp_path


def say(*said):
    return CliRunner().invoke(transit, [*map(str, said)], catch_exceptions=False)


def test_all_of_a_planet_s_are_told_and_the_new_ephemeris_reads_as_a_declaration(fits):
    told = say(fits, "--all", "--planet", "HAT-P-32 b").output
    assert told.startswith("HAT-P-32 b: 3 transits, each against the ephemeris that is declared, and the new one\n")
    assert told.count(" +3.0 +- ") == 3 and "the declared ephemeris counts as measured too" in told
    declared = yaml.safe_load(told.splitlines()[-1])["planets"]["b"]
    assert Transits.model_validate(declared).epoch_error < 0.0006


def test_a_machine_gets_the_same_with_the_files(fits):
    told = json.loads(say(fits, "--all", "--planet", "HAT-P-32 b", "--json").output)
    assert [each["file"][-17:] for each in told["transits"]] == [f"{n}-transit.json" for n in (2300, 2350, 2400)]
    assert told["transits"][0]["observed_less_calculated_d"]["value"] == pytest.approx(3 / 1440, abs=1e-6)
    assert told["ephemeris"]["period_error_d"] < told["declared"]["period_error_d"]


def test_they_are_drawn_where_it_is_said(fits, tmp_path):
    told = say(fits, "--all", "--planet", "HAT-P-32 b", "--out", tmp_path / "drawn").output
    path = tmp_path / "drawn" / "HAT-P-32-b-o-c.svg"
    assert told.endswith(f"Written: {path}\n") and path.read_text().count('class="mark"') == 3
    as_json = say(fits, "--all", "--planet", "HAT-P-32 b", "--out", tmp_path / "drawn", "--json").output
    assert json.loads(as_json)["picture"] == str(path)


def test_whose_they_are_must_be_said(fits):
    assert "say whose transits: obsy transit" in say(fits, "--all").output


def test_what_scatters_by_more_than_its_errors_is_nothing_to_declare(fits):
    first = next(iter(fits.iterdir()))
    told = json.loads(first.read_text())
    told["middle_bjd_tdb"]["value"] += 0.05
    first.write_text(json.dumps(told))
    page = say(fits, "--all", "--planet", "HAT-P-32 b").output
    assert "planets:" not in page and "To declare" not in page
    assert "times their errors, so this is nothing to declare:\n    look at turn " in page
