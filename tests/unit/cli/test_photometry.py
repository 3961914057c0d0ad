"""`obsy photometry`: a plan's night in, its magnitudes and report out, and what may not be reported."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.photometry import photometry
from obsy.engine.science.aavso_rules import faults
from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT
from tests.unit.engine.science.star_fields import StarField

ROOT = Path(__file__).parents[3]
NIGHT = date(2026, 11, 21)
PLAN = """kind: plan
name: v1
target: {ra: 325 deg, dec: 43 deg}
owner: ana
want: [{filter: V, exposure: 60 s, count: 3}]
pipeline: photometry
"""
ANA = "kind: person\nname: ana\ncalled: Ana Ruiz\ncodes: {aavso: rana}\n"


@pytest.fixture
def night(tmp_path, monkeypatch):
    """An observatory whose store has a night of one plan; returns what plays it and asks obsy of it."""
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "v1.yaml").write_text(PLAN)
    monkeypatch.chdir(tmp_path)

    def played(field, person=ANA, rejected=0):
        (tmp_path / "library" / "ana.yaml").write_text(person or "kind: person\nname: ana\ncalled: Ana Ruiz\n")
        declared = field.declared()
        stars = "\n".join(
            f"  - {{name: {star.name!r}, ra: {star.ra!r} deg, dec: {star.dec!r} deg, "
            f"magnitudes: {{V: {star.magnitudes['V'].value} +- {star.magnitudes['V'].error} mag}}}}"
            for star in declared.stars
        )
        head = f"kind: comparison\nname: v1-exa\nof: v1\nchart: X1ZZ\ncheck: {declared.check!r}\nstars:\n"
        (tmp_path / "library" / "comparison.yaml").write_text(head + stars + "\n")
        folder = tmp_path / "data" / "simulated"
        folder.mkdir(parents=True)
        with Store(folder / "store.sqlite") as store:
            for number, table in enumerate(field.tables()):
                name = folder / f"{number}_stars.ecsv"
                made = Product("stars", name, table.write(name), NIGHT, "nerpio", "newton", table.observation.frame)
                said = {"sha256": table.observation.frame, "path": folder / f"{number}.fits", "filter": "V"}
                is_good = number >= rejected
                frame = StoredFrame(
                    **A_LIGHT | said | {"plan": "v1", "goal": "V-60s", "train": "newton", "site": "nerpio"},
                    source=f"{number}.fits", night=NIGHT, state=State.GRADED, pending=False,
                    accepted=is_good, reason="" if is_good else "clouds",
                )  # fmt: skip
                store.put(frame, [made])
        return tmp_path

    return played


def say(*arguments):
    return CliRunner().invoke(photometry, ["v1", "--simulated", *arguments])


def test_a_night_is_summed_up_in_words(night):
    night(StarField(frames=12), rejected=2)
    told = say()
    assert told.exit_code == 0, told.output
    assert "V (V at the AAVSO): 11.99" in told.output and "10 of 10 frames used" in told.output
    assert "left out     2 frames: rejected, clouds" in told.output
    assert "check star   000-AAA-001: 11.49" in told.output


def test_the_report_is_signed_by_the_owner_and_keeps_every_rule(night):
    night(StarField(frames=5))
    told = json.loads(say("--report", "aavso", "--json").output)
    (one,) = told["filters"]
    (report,) = (Path(each) for each in told["files"] if each.endswith("-aavso.txt"))
    assert "#OBSCODE=RANA" in report.read_text() and faults(report.read_text()) == []
    assert one["magnitude"] == pytest.approx(12.0, abs=0.02) and one["points"] == 5 and one["refused"] == ""


def test_what_the_check_star_contradicts_is_shown_and_not_reported(night):
    here = night(StarField(frames=5, wrong={1: 0.4}))
    told = say("--report", "aavso", "--out", "out")
    assert told.exit_code == 1 and "nothing is reported: the check star 000-AAA-001 is -0." in told.output
    assert {each.suffix for each in (here / "out").iterdir()} == {".svg", ".ecsv"}


def test_a_report_that_nobody_signs_is_refused_before_anything_is_written(night):
    here = night(StarField(frames=2), person="")
    told = say("--report", "aavso", "--out", "out")
    assert told.exit_code == 1 and "nobody signs the report" in str(told.exception)
    assert not (here / "out").exists()


def test_a_night_without_tables_is_told_with_what_makes_them(night):
    night(StarField(frames=0))
    assert "no light of 'v1'" in str(say().exception)


def test_a_target_without_comparison_stars_is_told_how_to_get_some(night):
    here = night(StarField(frames=2))
    (here / "library" / "comparison.yaml").unlink()
    assert "no comparison stars of v1 are declared: bring its chart" in str(say().exception)


def test_a_plan_that_is_none_is_told_its_neighbour(night):
    night(StarField(frames=0))
    said = CliRunner().invoke(photometry, ["v11"])
    assert "no plan is named 'v11': did you mean 'v1'?" in str(said.exception)
