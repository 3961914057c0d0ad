"""`obsy target` shows what a name means, and ends with a plan that is well."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.target import target
from obsy.engine.declare.survey import survey
from obsy.errors import UserError

EXAMPLE = Path(__file__).parents[3]


def say(*words: str) -> str:
    said = CliRunner().invoke(target, [*words, "--night", "2026-11-26"], catch_exceptions=False)
    assert said.exit_code == 0
    return said.output


def test_the_page_says_where_what_who_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)
    page = say("eps", "Aur")
    assert page.startswith("epsilon Aur: star of magnitude 3.03, from Hipparcos\n    05h01m58.13s +43d49m23.9s (ICRS")
    assert "Almaaz" in page
    assert "varies: EA" in page
    assert "on 2026-11-26 at nerpio (Europe/Madrid): rises 16:28, sets 11:10, transits 01:49 at 84 deg" in page


def test_its_season_is_drawn_where_it_is_asked_from_an_observatory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="a season is that of a place"):
        say("M31", "--season", "-")
    monkeypatch.chdir(EXAMPLE)
    monkeypatch.setattr("obsy.engine.report.season.NIGHTS", 10)
    assert "Dec 2026" in say("M31", "--season", "-").splitlines()[-1]
    say("M31", "--season", str(tmp_path / "m31.svg"))
    assert "from nerpio, 2026-11-26 to 2026-12-06" in (tmp_path / "m31.svg").read_text()


@pytest.mark.parametrize(
    "name", ["M31", "Moon", "Jupiter", "61 Cyg", "(1) Ceres", "C/2023 A3", "HAT-P-32", "3C 273", "alf Lyr"]
)
def test_its_plan_is_well(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    page = say(name)
    assert "There is no observatory here" in page
    plan = tmp_path / "plan.yaml"
    plan.write_text(page.partition("\n\n")[2], encoding="utf-8")
    seen = survey(EXAMPLE, plan)
    told = [each.code for each in (*seen.complaints, *seen.warnings) if each.mark.file.endswith("plan.yaml")]
    assert told == []


@pytest.mark.parametrize(
    ("slots", "name", "role"), [("Ha, L", "M31", "L"), ("Ha, R", "Algol", "Ha"), ("OSC", "M31", "OSC")]
)
def test_its_plan_takes_a_filter_that_there_is(
    slots: str, name: str, role: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for room in ("site", "library"):
        shutil.copytree(EXAMPLE / room, tmp_path / room)
    train = tmp_path / "site" / "newton.yaml"
    lines = [f"    - {{role: {each}, label: {each}}}" for each in slots.split(", ")]
    train.write_text(re.sub(r"slots:.*(\n +- .*)+", "\n".join(["slots:", *lines]), train.read_text()))
    monkeypatch.chdir(tmp_path)
    assert f"want: [{{filter: {role}, " in say(name)


def test_a_machine_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)
    told = json.loads(say("Ceres", "--json"))
    assert (told["name"], told["kind"], told["epoch"]) == ("1 Ceres", "asteroid", "2026-12-26")
    assert told["elements"]["semi_major_axis"].endswith("au")
    assert told["appearance"]["best_deg"] == pytest.approx(77.5, abs=0.5)


def test_an_unknown_name_is_told_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)
    with pytest.raises(UserError, match="did you mean 'Horsehead Nebula'"):
        CliRunner().invoke(target, ["Horshead", "Nebula"], catch_exceptions=False)


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An observatory with names of its own."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yaml").write_text((EXAMPLE / "site" / "site.yaml").read_text(), encoding="utf-8")
    lines = [
        "kind: catalogue",
        "name: ours",
        "targets:",
        "  over-the-hills: {target: {altitude: 30 deg, azimuth: 0 deg}}",
    ]
    lines += ["  our-comet: {target: 161P, source: us}", "  M31: {target: {ra: 10 deg, dec: 20 deg}, source: us}"]
    (tmp_path / "site" / "ours.yaml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "begins"),
    [("our comet", "our comet: comet, from us"), ("M 31", "M 31: place, from us\n    00h40m00.00s +20d00m00.0s")],
)
@pytest.mark.usefixtures("ours")
def test_a_name_of_ones_own_wins(name: str, begins: str) -> None:
    page = say(name)
    assert page.startswith(begins)
    assert "at nerpio" in page


@pytest.mark.usefixtures("ours")
def test_what_obsy_cannot_follow_yet_is_told_without_its_night() -> None:
    assert json.loads(say("over-the-hills", "--json"))["appearance"] is None


@pytest.mark.usefixtures("ours")
def test_a_network_that_is_not_there_is_told() -> None:
    with pytest.raises(UserError, match="does not answer"):
        CliRunner().invoke(target, ["433", "--online"], catch_exceptions=False)
