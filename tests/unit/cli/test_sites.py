"""Several sites in one repository: which one is meant is said only where there is a choice."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.network import network
from obsy.cli.status import status
from obsy.engine.declare.survey import complaints, declare
from obsy.errors import UserError
from tests.support.golden import assert_golden

SECOND = """\
kind: site
name: away
latitude: -30.24 deg
longitude: -70.74 deg
elevation: 2200 m
timezone: America/Santiago
data: data-away
---
kind: enclosure
name: shelter
site: away
type: clamshell
travel: 30 s
timeout: 60 s
clearance: free
---
kind: mount
name: pole
enclosure: shelter
type: fork
slew: 5 deg/s
settle: 5 s
altitude: above 20 deg
park: {azimuth: 0 deg, altitude: 0 deg}
---
kind: train
name: lens
mount: pole
telescope: {aperture: 60 mm, focal_length: 240 mm}
camera: !include cameras/mono.yaml
---
kind: weather
name: away-station
site: away
measures: [rain, cloud, wind, humidity]
every: 30 s
max_age: 3 min
"""
CALIBRATION = """\
kind: calibration
name: lens
train: lens
bias: {count: 3, max_age: 60 d}
dark: {count: 3, max_age: 60 d}
"""
BOTH = """\
kind: plan
name: southern
target: {ra: 05h30m00s, dec: -25 deg}
want: [{filter: clear, exposure: 60 s, count: 30}]
when: {altitude: above 30 deg}
pipeline: bare
"""
BARE = "kind: pipeline\nname: bare\nsteps: [{step: measure, threshold: 5 sigma}]\n"


@pytest.fixture
def two(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The club with a second site, which is YAML alone; the first has to be named now."""
    here = shutil.copytree(root / "docs/club", tmp_path / "club")
    (here / "site/away.yaml").write_text(SECOND)
    (here / "library/lens.yaml").write_text(CALIBRATION)
    for place in ("shed", "dome", "weather"):
        path = here / f"site/{place}.yaml"
        path.write_text(
            path.read_text()
            .replace("kind: enclosure\n", "kind: enclosure\nsite: las-lomas\n")
            .replace("name: mast\n", "name: mast\nsite: las-lomas\n")
        )
    monkeypatch.chdir(here)
    return here


def test_a_second_site_is_yaml_alone(two: Path) -> None:
    assert complaints(two, two / "plans") == []


def test_each_site_has_what_stands_on_it_and_nothing_else(two: Path) -> None:
    away, home = (declare(two, two / "plans", site=name) for name in ("away", "las-lomas"))
    assert [each.name for each in away.instruments] == ["lens"]
    assert [each.name for each in away.weather] == ["away-station"]
    assert len(home.instruments) == 4
    assert [each.name for each in home.weather] == ["mast", "shed-rain", "dome-rain"]
    assert (away.site.data, home.site.data) == ("data-away", "data")


def test_where_there_is_a_choice_the_site_must_be_named(two: Path) -> None:
    with pytest.raises(
        UserError, match="which site is meant is not said; there are away, las-lomas: add '--site away'"
    ):
        declare(two, two / "plans")
    with pytest.raises(UserError, match="no site is named 'awry'; .*: did you mean 'away'"):
        declare(two, two / "plans", site="awry")


def test_the_verbs_take_the_site_that_is_named(two: Path) -> None:
    asked = ["--dry-run", "--simulate", "--night", "2026-11-21", "--json", "--site", "away"]
    said = CliRunner().invoke(apply, asked, catch_exceptions=False)
    assert json.loads(said.output)["site"] == "away"
    assert CliRunner().invoke(status, ["--site", "las-lomas"], catch_exceptions=False).exit_code == 0


@pytest.mark.long
def test_the_network_is_every_site_unless_some_are_named(two: Path) -> None:
    (two / "plans/both.yaml").write_text(BOTH)
    (two / "library/bare.yaml").write_text(BARE)
    away = two / "site/away.yaml"
    away.write_text(away.read_text().replace("name: lens\n", "name: lens\nfilter: {role: clear, label: none}\n"))
    asked = ["--simulate", "--night", "2026-12-10", "--nights", "1"]
    said = CliRunner().invoke(network, [*asked, "--json"], catch_exceptions=False)
    told = json.loads(said.output)
    assert told["nights"] == ["2026-12-10"]
    assert {each["site"] for each in told["allotted"]} == {"away", "las-lomas"}
    assert [each["site"] for each in told["allotted"] if each["plan"] == "southern"] == ["away"]
    assert 0 < told["worth"]["value"] <= told["worth"]["at_most"]
    page = CliRunner().invoke(network, [*asked, "--site", "las-lomas"], catch_exceptions=False).output
    assert "The night of 2026-12-10:" in page
    assert "southern clear-60s, 30 frames: " in page.partition("Left:")[2]
    assert " at most " in page.splitlines()[-1]
    assert "lens" not in page


@pytest.mark.long
@pytest.mark.once
def test_the_page_of_a_network_that_is_searched(two: Path, root: Path) -> None:
    """A second of OR-Tools; what it finds of so few goals is the best, whatever the machine."""
    (two / "plans/both.yaml").write_text(BOTH)
    (two / "library/bare.yaml").write_text(BARE)
    away = two / "site/away.yaml"
    away.write_text(away.read_text().replace("name: lens\n", "name: lens\nfilter: {role: clear, label: none}\n"))
    asked = ["--simulate", "--night", "2026-12-10", "--nights", "2", "--effort", "1"]
    page = CliRunner().invoke(network, asked, catch_exceptions=False).output
    assert_golden(page, root / "tests/golden/network/page.txt")


def test_a_network_without_a_plan_says_how_to_get_one(two: Path) -> None:
    for plan in (two / "plans").iterdir():
        plan.unlink()
    (two / "plans/people.yaml").write_text("kind: person\nname: ana\ncalled: Ana\n")
    with pytest.raises(UserError, match="there is no plan to share out: 'obsy up --plan' writes one"):
        CliRunner().invoke(network, ["--simulate", "--night", "2026-12-10"], catch_exceptions=False)
