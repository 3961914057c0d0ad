"""A dry run says what a change of names would lose."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.engine.store.record import State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT

OBSERVATORY = Path(__file__).parents[2] / "golden" / "validate" / "observatory"
FRAME = StoredFrame(
    **A_LIGHT,
    source="light.fits",
    night=date(2026, 11, 21),
    site="home",
    train="newton",
    plan="m31",
    goal="L-77s",
    state=State.GRADED,
    pending=False,
    accepted=True,
)


@pytest.mark.parametrize(("goal", "said"), [("L-77s", True), ("L-180s", False)])
def test_a_forgotten_goal_is_a_notice_and_no_complaint(
    goal: str, said: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    shutil.copytree(OBSERVATORY, here)
    shutil.copytree(OBSERVATORY.parent / "all-is-well", here, dirs_exist_ok=True)
    monkeypatch.chdir(here)
    with Store(here / "data" / "real" / "store.sqlite") as store:
        store.register(replace(FRAME, goal=goal))
    result = CliRunner().invoke(apply, ["--dry-run"])
    assert result.exit_code == 0, result.output
    assert ("notice: 1 accepted frame counts for no goal any more" in result.output) == said
