"""`obsy transits` says which are worth taking, and writes a plan that is well and is taken at its time."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.transits import transits
from obsy.engine.choice.transits.packaged import packaged
from obsy.engine.declare.survey import survey
from obsy.errors import UserError

ROOT = Path(__file__).parents[3]
TABLE = """\
pl_name,ra,dec,pl_orbper,pl_orbpererr1,pl_tranmid,pl_tranmiderr1,pl_tranmid_systemref,pl_trandur,pl_trandep,sy_vmag
New-1 b,75.0,20.0,5.5,1e-6,2461385.4,0.004,BJD-TDB,2.5,1.1,12.5
New-2 b,75.0,20.0,,,2461385.4,0.004,BJD-TDB,2.5,1.1,12.5
New-3 b,75.0,20.0,5.5,0.01,2458385.4,0.004,BJD-TDB,2.5,1.1,12.5
New-4 b,75.0,-80.0,5.5,1e-6,2461385.4,0.004,BJD-TDB,2.5,1.1,12.5
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example observatory, without plans."""
    for room in ("site", "library"):
        (tmp_path / room).symlink_to(ROOT / room)
    (tmp_path / "plans").mkdir()
    (tmp_path / "planets.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*arguments: str, night: str = "2026-12-10", nights: int = 2) -> str:
    line = [*arguments, "--night", night, "--nights", str(nights)]
    told = CliRunner().invoke(transits, line, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


def test_they_are_shown_with_their_reasons_and_what_is_not_listed_with_its(here: Path) -> None:
    told = said()
    assert told.startswith(
        "Transits worth taking from nerpio in 2 nights from 2026-12-10 on, for newton (200 mm, Europe"
    )
    assert (
        " 1  HAT-P-32 b: night of 2026-12-11, 22:40 to 01:47 (middle 00:14), whole, with 45 min on both sides\n" in told
    )
    assert "\n    its ephemeris may be wrong by 4.5 min, and this tells its middle to 0.5 min: it is wanted\n" in told
    assert "WASP-4 b, WASP-18 b, WASP-19 b, WASP-121 b: never stands above 30 deg in reach of the mount" in told
    again = "obsy transits --nights 2 --night 2026-12-10 --plan 'HAT-P-32 b'"
    assert told.endswith(f"The plan of the first: {again}\n")


def test_the_line_of_the_plan_of_the_first_holds_as_printed(here: Path) -> None:
    (here / "my planets.csv").write_text(TABLE)
    told = said("--catalogue", "my planets.csv", "--for", "newton", "--site", "nerpio")
    line = shlex.split(told.splitlines()[-1].removeprefix("The plan of the first: obsy transits "))
    plan = CliRunner().invoke(transits, line, catch_exceptions=False)
    assert plan.exit_code == 0 and "name: new-1-b" in plan.output
    assert {"--catalogue", "my planets.csv", "--for", "--site", "--night", "--nights"} < set(line)


def test_a_table_of_ones_own_is_read_and_what_it_lacks_is_told(here: Path) -> None:
    told = said("--catalogue", "planets.csv")
    assert " 1  New-1 b: night of 2026-12-10," in told
    assert "not read: planets.csv:3: 'New-2 b': it has no period: nobody can say when it comes" in told
    assert "not listed: New-3 b: may come at any time: its ephemeris is wrong by half a period or more" in told
    assert "not listed: New-4 b: never stands above 30 deg" in told


@pytest.mark.long
@pytest.mark.parametrize("table", [(), ("--catalogue", "planets.csv")])
def test_its_plan_is_well_and_taken_at_its_time(table: tuple[str, ...], here: Path) -> None:
    shape = json.loads(said(*table, "--json"))
    first = shape["transits"][0]
    plan = here / "plans" / "new.yaml"
    plan.write_text(said(*table, "--plan", first["planet"]))
    assert [str(each) for each in survey(here, here / "plans").complaints] == []
    night = ["plans/new.yaml", "--dry-run", "--simulate", "--night", first["night"], "--json"]
    asked = CliRunner().invoke(apply, night, catch_exceptions=False)
    blocks = [
        each for each in json.loads(asked.output)["blocks"] if each["plan"] == first["planet"].lower().replace(" ", "-")
    ]
    assert (
        blocks[0]["start"][:16] == first["window"][0][:16]
        and abs(sum(b["count"] for b in blocks) - first["frames"]) < 15
    )


def test_a_machine_gets_all_of_them_and_why_not_others(here: Path) -> None:
    shape = json.loads(said("--json"))
    assert shape["transits"] and shape["dark_nights"] == 2 and shape["train"] == "newton"
    for each in shape["transits"]:
        assert each["window"][0] < each["ingress"] < each["middle"] < each["egress"] < each["window"][1] and each["why"]
    known = {each.name for each in packaged().planets}
    assert {each["planet"] for each in (*shape["transits"], *shape["not_listed"])} <= known


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--plan", "HAT-P-33 b"), "no planet of the catalogue is named 'HAT-P-33 b': did you mean 'HAT-P-3 b'?"),
        (("--plan", "New-2 b", "--catalogue", "planets.csv"), "it has no period"),
        (
            ("--plan", "WASP-4"),
            "no transit of 'WASP-4' is worth taking in 2 nights from 2026-12-10 on: WASP-4 b: never",
        ),
        (("--plan", "x" * 300), "'--plan' names a planet, and this has 300 signs: write it as 'HAT-P-32 b'"),
        (("--for", "newten"), "no train at nerpio is named 'newten'"),
    ],
)
def test_what_cannot_be_had_is_refused_with_why(arguments: tuple[str, ...], why: str, here: Path) -> None:
    with pytest.raises(UserError, match=why.replace("?", r"\?")):
        said(*arguments)


@pytest.mark.long
def test_nights_without_dark_are_an_answer(here: Path, tmp_path: Path) -> None:
    (tmp_path / "site").unlink()
    (tmp_path / "site").mkdir()
    for file in (ROOT / "site").iterdir():
        (tmp_path / "site" / file.name).write_text(file.read_text().replace("+38d09m36s", "+66d00m00s"))
    assert "There is no dark in any of these nights: the Sun stays above -18 deg." in said(night="2026-06-20")


OWN = """\
kind: catalogue
name: ours
targets:
  HAT-P-32: {target: {ra: 31.0427 deg, dec: 46.6878 deg, planets: {b: {epoch: 2455867.4 BJD_TDB, period: 2.15 d, \
duration: 3.1 h}}}}
  Our star: {target: {ra: 75 deg, dec: 20 deg, planets: {c: {epoch: 2461385.4 BJD_TDB, period: 0.9 d, duration: 2 h}}}}
"""
PLAN = """\
kind: plan
name: lone-b
target: {ra: 80 deg, dec: 25 deg, planets: {b: {epoch: 2461385.4 BJD_TDB, period: 0.8 d, duration: 2 h}}}
want: [{filter: R, exposure: 60 s, cover: {transit: b, baseline: 45 min}}]
pipeline: exoplanet
"""


@pytest.fixture
def declaring(here: Path) -> Path:
    """It declares planets of its own: in a catalogue, and in a plan."""
    (here / "library").unlink()
    shutil.copytree(ROOT / "library", here / "library")
    (here / "library" / "ours.yaml").write_text(OWN)
    (here / "plans" / "lone.yaml").write_text(PLAN)
    return here


def test_planets_that_the_observatory_declares_are_listed_and_win_over_obsy_s(declaring: Path) -> None:
    shape = json.loads(said("--json"))
    every = {each["planet"]: each for each in (*shape["transits"], *shape["not_listed"])}
    assert {"Our star c", "lone b", "HAT-P-32 b"} <= set(every) and "hat-p-32 b" not in every
    assert all(each.get("depth") for each in every.values() if each["planet"] == "HAT-P-32 b" and "snr" in each)


@pytest.mark.parametrize(
    ("planet", "target"), [("Our star c", "target: Our star\n"), ("lone b", "  ra: 05h20m00.00s\n")]
)
def test_a_plan_of_a_declared_planet_is_well(planet: str, target: str, declaring: Path) -> None:
    text = said("--plan", planet)
    (declaring / "plans" / "lone.yaml").unlink()
    (declaring / "plans" / "new.yaml").write_text(text)
    assert target in text and [str(each) for each in survey(declaring, declaring / "plans").complaints] == []
