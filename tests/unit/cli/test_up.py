"""`obsy up` says what is best tonight, and writes a plan that is well."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from obsy.cli.target import target
from obsy.cli.up import up
from obsy.engine.choice.sights import CATALOGUES
from obsy.engine.declare.survey import declare, survey
from obsy.errors import UserError

ROOT = Path(__file__).parents[3]
KEYS = {
    "night",
    "site",
    "train",
    "left",
    "dark",
    "from",
    "moon_lit_percent",
    "faintest_mag",
    "weights",
    "ranked",
    "plan",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example observatory, without plans."""
    for room in ("site", "library"):
        (tmp_path / room).symlink_to(ROOT / room)
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*arguments: str) -> str:
    told = CliRunner().invoke(up, [*arguments, "--night", "2026-12-10"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


def test_the_best_are_shown_with_their_reasons(here: Path) -> None:
    told = said()
    assert told.startswith("The best of messier from nerpio in the night of 2026-12-10, dark 19:2")
    assert "for newton: a field of 57 x 57 arcmin, filters L, R, G, B, V, Ha, OIII." in told
    assert told.count(" min, best ") + told.count(" h, best ") == 10 and "more are up; 'obsy up --plan' writes" in told
    assert "Its season ends with the last of 183 nights that has 30 min of it, whatever the Moon." in told
    assert told.count(". Its season ends on 2027-0") >= 5


@pytest.mark.long
@pytest.mark.parametrize(
    "catalogue", [pytest.param(each, marks=pytest.mark.slow if each == "variables" else ()) for each in CATALOGUES]
)
def test_the_plan_of_the_first_is_well(catalogue: str, here: Path) -> None:
    (here / "plans" / "new.yaml").write_text(said("--catalogue", catalogue, "--plan"))
    assert [str(each) for each in survey(here, here / "plans").complaints] == []


def test_the_plan_of_a_planet_is_the_one_that_its_target_has(here: Path) -> None:
    def asked(plan: str) -> tuple[object, ...]:
        return tuple(YAML(typ="safe").load(plan)[word] for word in ("want", "pipeline"))

    first = said("--catalogue", "planets", "--plan")
    body = YAML(typ="safe").load(first)["target"]["body"]
    page = CliRunner().invoke(target, [body], catch_exceptions=False).output
    assert asked(first) == asked(page.partition("\n\n")[2])


@pytest.mark.long
def test_a_machine_gets_all_of_them_with_the_plan(here: Path) -> None:
    shape = json.loads(said("--catalogue", "caldwell", "--json", "--plan"))
    assert set(shape) == KEYS
    assert len(shape["ranked"]) > 30 and "kind: plan" in shape["plan"] and shape["ranked"][0]["why"]


def test_nothing_to_show_is_an_answer(here: Path) -> None:
    (here / "south.csv").write_text("name,ra (deg),dec\nspot,10,-80\n")
    assert said("--catalogue", "south.csv").startswith(
        "Nothing of 'south.csv' stands above 30 deg in the dark at nerpio"
    )
    with pytest.raises(UserError, match="Nothing of 'south.csv' stands above 30 deg"):
        said("--catalogue", "south.csv", "--plan")


def test_of_planets_it_is_the_transit_that_a_night_lacks(here: Path) -> None:
    told = CliRunner().invoke(up, ["--catalogue", "exoplanets", "--night", "2026-12-01"], catch_exceptions=False)
    assert told.output == (
        "No transit of 'exoplanets' is whole in the dark, above 30 deg, out of the Moon's glare and well over its "
        "noise at nerpio in the night of 2026-12-01. 'obsy transits' tells those of the nights to come.\n"
    )


def test_a_night_without_dark_has_the_shape_of_the_others(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.choice.ranking.sky_of", lambda *_: None)
    assert set(json.loads(said("--json"))) == KEYS


def test_what_a_file_names_and_is_not_offered_is_told_beside_the_plan(here: Path) -> None:
    (here / "list.csv").write_text("name\nM31\nMoon\n")
    told = CliRunner().invoke(up, ["--catalogue", "list.csv", "--plan", "--night", "2026-12-10"])
    assert told.stdout.startswith("# By 'obsy up'") and "target: M31" in told.stdout
    assert told.stderr == "not offered: line 3: 'Moon': it moves too fast among the stars\n"


def test_a_train_that_nobody_has_is_told_those_there_are(here: Path) -> None:
    with pytest.raises(UserError, match="no train at nerpio is named 'newtom': did you mean 'newton'?"):
        said("--for", "newtom")


def test_a_night_that_is_downtime_says_so(here: Path) -> None:
    (here / "site").unlink()
    shutil.copytree(ROOT / "site", here / "site")
    (site,) = (each for each in (here / "site").glob("*.yaml") if "kind: site\n" in each.read_text())
    site.write_text(site.read_text().replace("kind: site\n", "kind: site\ndowntime: [after 2026-12-01]\n"))
    assert (
        said() == "All of the dark is downtime at nerpio in the night of 2026-12-10. Choose another with '--night'.\n"
    )


@pytest.mark.slow
def test_asteroids_are_offered_by_how_bright_they_are_with_a_chart(here: Path) -> None:
    told = said("--catalogue", "asteroids")
    assert "60 s in V show stars down to magnitude 19." in told
    first = told.index(" 1  1 Ceres, asteroid\n")
    assert "magnitude 7.4." in told[first:]
    chart = told[told.index("  twilight  ") : told.rindex("\n\n")]
    assert "\n  1 1 Ceres " in chart and "█" in chart and "\n  Moon " in chart
    assert max(map(len, chart.splitlines())) <= 80


@pytest.mark.slow
def test_of_several_trains_it_is_the_one_whose_best_is_worth_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs" / "club")
    trains = [each.name for each in declare(Path()).instruments]
    worth = {each: json.loads(said("--for", each, "--json"))["ranked"][0]["score"] for each in trains}
    best = max(worth, key=lambda each: worth[each])
    told = CliRunner().invoke(up, ["--night", "2026-12-10"], catch_exceptions=False)
    assert f"\nfor {best}: a field of " in told.stdout
    assert told.stderr.startswith(f"for {best}, whose best is worth most; '--for' chooses ")
    assert len(trains) > 1 and best != trains[0], "else the first would do"
