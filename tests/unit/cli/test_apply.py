"""Which night is meant where none is named, and how a dry run draws it."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from obsy.cli.apply import apply, going_on
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.errors import UserError

NERPIO = ("Europe/Madrid", "+38d09m36s", "-2.33 deg")
HILO = ("UTC", "+19d43m00s", "-155.08 deg")
ICE = ("Arctic/Longyearbyen", "+86d00m00s", "15.65 deg")
"""So far north that in December it is dark at noon."""


def observatory(root: Path, into: Path, place: tuple[str, str, str]) -> Observatory:
    """The example at another place, without plans."""
    (into / "library").symlink_to(root / "library")
    (into / "site").mkdir()
    for file in (root / "site").iterdir():
        text = file.read_text()
        for old, new in zip(NERPIO, place, strict=True):
            text = text.replace(old, new)
        (into / "site" / file.name).write_text(text)
    return declare(into)


@pytest.mark.parametrize(
    ("clock", "evening"),
    [
        ("2026-12-21 02:00", "2026-12-20"),
        ("2026-12-21 08:08", "2026-12-20"),
        ("2026-12-21 08:10", "2026-12-21"),  # seven, by the Sun
        ("2026-12-21 20:00", "2026-12-21"),
    ],
)
def test_until_the_morning_the_night_is_the_one_that_goes_on(
    root: Path, tmp_path: Path, clock: str, evening: str
) -> None:
    assert going_on(*at(observatory(root, tmp_path, NERPIO), clock)) == date.fromisoformat(evening)


@pytest.mark.parametrize(
    ("clock", "evening"),
    [
        ("2026-12-21 08:01", "2026-12-20"),
        ("2026-12-21 11:57", "2026-12-20"),
        ("2026-12-21 12:01", "2026-12-21"),
        ("2026-06-21 08:01", "2026-06-21"),
    ],
)
def test_as_long_as_it_is_dark_the_night_is_the_one_that_goes_on(
    root: Path, tmp_path: Path, clock: str, evening: str
) -> None:
    assert going_on(*at(observatory(root, tmp_path, ICE), clock)) == date.fromisoformat(evening)


@pytest.mark.parametrize(
    ("clock", "evening"),
    [("2026-11-22 06:00", "2026-11-21"), ("2026-11-22 15:00", "2026-11-21"), ("2026-11-22 23:00", "2026-11-22")],
)
def test_a_site_whose_clocks_keep_utc_has_one_night_all_night_long(
    root: Path, tmp_path: Path, clock: str, evening: str
) -> None:
    assert going_on(*at(observatory(root, tmp_path, HILO), clock)) == date.fromisoformat(evening)


@pytest.mark.parametrize(("clock", "evening"), [("2026-12-21 05:00", "2026-12-20"), ("2026-12-21 07:59", "2026-12-21")])
def test_for_a_dry_run_the_night_is_the_next_one_once_it_is_day(
    root: Path, tmp_path: Path, clock: str, evening: str
) -> None:
    assert going_on(*at(observatory(root, tmp_path, NERPIO), clock), morning_h=0) == date.fromisoformat(evening)


def at(where: Observatory, clock: str) -> tuple[Observatory, datetime]:
    """A moment by the clocks of the site."""
    return where, datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(where.site.timezone))


@pytest.mark.parametrize(("more", "said"), [((), True), (("--simulate",), False)])
def test_a_dry_run_says_that_its_night_is_over(
    more: tuple[str, ...], said: bool, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observatory(root, tmp_path, NERPIO)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "m31.yaml").write_text((root / "plans" / "m31.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(apply, ["plans", "--dry-run", "--night", "2026-11-21", *more], catch_exceptions=False)
    assert told.exit_code == 0
    assert ("the night of 2026-11-21 is over, so nothing fits in it; add --simulate" in told.stderr) == said


@pytest.mark.long
def test_a_dry_run_draws_its_night_to_the_screen_or_to_a_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observatory(root, tmp_path, NERPIO)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "m31.yaml").write_text((root / "plans" / "m31.yaml").read_text())
    monkeypatch.chdir(tmp_path)

    def say(*more: str) -> Result:
        asked = ["plans", "--simulate", "--night", "2026-11-12", *more]
        return CliRunner().invoke(apply, asked, catch_exceptions=False)

    drawn = say("--dry-run", "--chart", "-").stdout
    assert "  twilight  " in drawn
    assert drawn.count("━") > 5
    told = say("--dry-run", "--json", "--chart", "tonight.svg")
    assert json.loads(told.stdout)["blocks"]
    assert (tmp_path / "tonight.svg").read_text().startswith("<svg ")
    for more, why in (
        (["--chart", "-"], "add --dry-run"),
        (["--dry-run", "--json", "--chart", "-"], "name a file that ends in .svg"),
        (["--dry-run", "--chart", "tonight.png"], "does not end in .svg: write 'tonight.svg'"),
    ):
        refused = say(*more)
        assert (refused.exit_code, why in refused.stderr) == (2, True)
    with pytest.raises(UserError, match=r"'plans/m31.yaml/a.svg' cannot be written"):
        say("--dry-run", "--chart", "plans/m31.yaml/a.svg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--attach", "--simulate"], "this is a rehearsal"),
        (["--attach", "--runner", "indi"], "this is indi"),
        (["--list-is-empty"], "add --attach"),
    ],
)
def test_attaching_is_a_word_for_a_night_that_kstars_takes(words: list[str], said: str) -> None:
    done = CliRunner().invoke(apply, words)
    assert done.exit_code == 2
    assert said in done.output
