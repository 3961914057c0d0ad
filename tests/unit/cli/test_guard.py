"""`obsy guard` says at once what it cannot keep."""

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from obsy.cli.guard import guard
from obsy.engine.declare.equipment import read_equipment, saved_at
from obsy.errors import UserError


@pytest.fixture
def here(root: Path, tmp_path: Path) -> Path:
    """The example, beside a folder that is none."""
    shutil.copytree(root / "site", tmp_path / "hill" / "site")
    (tmp_path / "hill" / "plans").mkdir()
    (tmp_path / "elsewhere").mkdir()
    return tmp_path


def said(*arguments: object) -> Result:
    result = CliRunner().invoke(guard, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, UserError | SystemExit), result.exc_info
    return result


def test_units_are_printed_for_the_observatory_that_a_folder_lies_in(here: Path) -> None:
    assert f"WorkingDirectory={here / 'hill'}\n" in said("--units", here / "hill").output
    assert said("--units", here / "hill/plans").output == said("--units", here / "hill").output


@pytest.mark.parametrize("units", [("--units",), ()])
def test_a_folder_in_no_observatory_is_refused(here: Path, units: tuple[str, ...]) -> None:
    expected = f"no observatory in {here / 'elsewhere'}, nor above it: name the folder that holds 'site'"
    assert str(said(*units, here / "elsewhere").exception) == expected


@pytest.mark.parametrize("units", [("--units",), ()])
def test_a_site_that_is_not_declared_is_refused_by_its_name(here: Path, units: tuple[str, ...]) -> None:
    said_so = str(said(*units, "--site", "two", here / "hill").exception)
    assert said_so.startswith("no site is named 'two'; there is nerpio")


def test_an_observatory_that_is_not_whole_is_sent_to_validate(here: Path) -> None:
    (here / "hill/site/hill.yaml").write_text("kind: sight\n")
    assert "holds no observatory that is or was whole: run 'obsy validate'" in str(said(here / "hill").exception)


@pytest.mark.parametrize(
    "two", [("--units", "--release"), ("--units", "--while-needed"), ("--release", "--while-needed")]
)
def test_only_one_thing_is_asked_of_it_at_a_time(here: Path, two: tuple[str, str]) -> None:
    result = said(*two, here / "hill")
    assert result.exit_code == click.UsageError.exit_code
    assert f"'{two[0]}' and '{two[1]}' are two things: leave one of them out" in " ".join(result.output.split())


def test_what_is_kept_from_the_last_good_night_is_said_to_be_so(here: Path) -> None:
    hill = here / "hill"
    known = read_equipment(hill)
    known.save(saved_at(hill, "real", known.site.name))
    assert "obsy validate" not in said("--units", hill).output
    (hill / "site" / "more.yaml").write_text("kind: sight\n")
    assert "from the last good night: run 'obsy validate'" in said("--units", hill).output
