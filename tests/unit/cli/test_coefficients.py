"""`obsy coefficients`: a standard field's night in, a train's coefficients out, and kept where they are declared."""

import json

import pytest
from click.testing import CliRunner

from obsy.cli.coefficients import coefficients
from obsy.cli.photometry import photometry
from obsy.engine.declare.survey import declare
from tests.support.measured_night import measured_night
from tests.unit.engine.science.standard_fields import PLACE, TERMS, ColouredField


class InTwoFilters(ColouredField):
    """The field as one night's tables of two filters."""

    def tables(self):
        """Return those of B, then those of V."""
        return [*super().tables("B", (1.1,) * 3), *super().tables("V", (1.1,) * 3, 5.0)]

    def declared(self):
        """Return its stars by the name of the plan."""
        return super().declared("BV", of="v1")


def say(*arguments):
    return CliRunner().invoke(coefficients, ["v1", "--simulated", "--filter", "B=B", *arguments])


@pytest.mark.parametrize("verb", [coefficients, photometry])
def test_a_night_that_is_no_date_is_told_before_anything_is_read(verb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(verb, ["v1", "--night", "nonsense"])
    assert (told.exit_code, "'nonsense' is no date" in told.output) == (2, True)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = measured_night(tmp_path, InTwoFilters(known_noise=0.005, wrong={9: 0.4}))
    plan = (made / "plans" / "v1.yaml").read_text()
    (made / "plans" / "v1.yaml").write_text(
        plan.replace("{ra: 325 deg, dec: 43 deg}", f"{{ra: {PLACE[0]} deg, dec: {PLACE[1]} deg}}")
    )
    return made


def test_they_are_told_with_what_was_left_out_and_kept_once_where_they_are_declared(here):
    looked = say()
    assert looked.exit_code == 0, looked.output
    assert "Tv_bv  -0.0" in looked.output and "left out: S09 of Tb_bv: +0." in looked.output
    assert "'--keep' writes them down" in looked.output and "is not told: take frames at two heights" in looked.output
    assert not (here / "library" / "transformations").exists()
    picture = here / "data" / "simulated" / "reports" / "2026-11-21-v1-newton.svg"
    assert f"Written: {picture}" in looked.output and ">S09</text>" in picture.read_text()
    kept = say("--keep")
    assert "library/transformations/newton-2026-11-21.yaml" in kept.output, kept.output
    (declared,) = declare(here, here / "plans").transformations
    assert abs(declared.coefficients["Tv_bv"].value - TERMS["V"]) < 0.02 and declared.sky == "simulated"
    assert "stands already" in str(say("--keep").exception)
    told = json.loads(say("--json").output)["trains"][0]
    assert told["coefficients"]["Tb_bv"]["stars"] == 59 and told["filters"] == {"B": "B", "V": "V"}
