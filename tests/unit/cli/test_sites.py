"""Several sites in one repository: which one is meant is said only where there is a choice."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.status import status
from obsy.engine.declare.survey import complaints, declare
from obsy.errors import UserError

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
