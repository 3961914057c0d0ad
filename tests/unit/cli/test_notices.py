"""A dry run, and status, say what a change of names or targets would lose."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.notices import tell_trailing, tell_uncertain
from obsy.cli.status import status
from obsy.engine.declare.survey import declare
from obsy.engine.schedule.goal_line import lines
from obsy.engine.schedule.request import Block, Claim, Request
from obsy.engine.store.record import State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT

OBSERVATORY = Path(__file__).parents[2] / "golden" / "validate" / "observatory"
NIGHT = datetime(2026, 11, 21, 20, tzinfo=UTC)
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


NO_GOAL = "notice: 1 accepted frame counts for no goal any more"
MOVED = "plans/m31.yaml:2:1: notice: 1 accepted frame of M33 no longer counts for 'm31', which points at M31 now"


@pytest.mark.long
@pytest.mark.parametrize("verb", [(apply, ["--dry-run"]), (status, [])])
@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({"goal": "L-77s"}, NO_GOAL),
        ({"goal": "L-180s"}, ""),
        ({"goal": "L-180s", "object": "M33", "ra_deg": 23.5, "dec_deg": 30.7}, MOVED),
    ],
)
def test_what_is_forgotten_is_a_notice_and_no_complaint(
    verb: tuple[Any, list[str]], taken: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    shutil.copytree(OBSERVATORY, here)
    shutil.copytree(OBSERVATORY.parent / "all-is-well", here, dirs_exist_ok=True)
    monkeypatch.chdir(here)
    with Store(here / "data" / "real" / "store.sqlite") as store:
        store.register(replace(FRAME, **taken))
    result = CliRunner().invoke(*verb)
    machine = CliRunner().invoke(verb[0], [*verb[1], "--json"])
    notices = json.loads(machine.stdout)["notices"]
    assert [each["words"] in result.output for each in notices] == [True] * bool(said)
    assert result.exit_code == 0, result.output
    assert said in result.output
    assert ("notice:" in result.output) == bool(said)


@pytest.mark.long
@pytest.mark.parametrize("verb", [(apply, ["--dry-run"]), (status, [])])
@pytest.mark.parametrize(("given", "said"), [("plans", True), ("plans/m31.yaml", False)])
def test_frames_of_a_plan_that_was_not_given_are_not_called_lost(
    given: str, said: bool, verb: tuple[Any, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(OBSERVATORY, tmp_path, dirs_exist_ok=True)
    shutil.copytree(OBSERVATORY.parent / "all-is-well", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with Store(tmp_path / "data" / "real" / "store.sqlite") as store:
        store.register(replace(FRAME, plan="ss-cyg", goal="L-180s"))
    result = CliRunner().invoke(verb[0], [given, *verb[1]])
    assert (result.exit_code, NO_GOAL in result.output) == (0, said), result.output


@pytest.mark.long
def test_of_a_kind_that_is_reserved_a_dry_run_says_that_nothing_is_done_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    shutil.copytree(OBSERVATORY, here)
    shutil.copytree(OBSERVATORY.parent / "all-is-well", here, dirs_exist_ok=True)
    box = "kind: power\nname: box\noutlets: {1: mount}\nevery: 10 s\nmax_age: 30 s\n"
    (here / "site" / "box.yaml").write_text(box)
    monkeypatch.chdir(here)
    result = CliRunner().invoke(apply, ["--dry-run"])
    assert result.exit_code == 0, result.output
    words = "not-built-yet: power 'box' is read, and nothing is done with it in this version"
    assert f"site/box.yaml:2:1: notice: {words}\n" in result.stderr


WRONG = "the ephemeris of 'b' may be wrong by 13 min on 2026-11-25"


@pytest.mark.parametrize(
    ("period_error", "day", "said"), [("0.6 s", 25, True), ("0.01 s", 25, False), ("0.6 s", 26, False)]
)
def test_an_ephemeris_that_has_grown_wrong_by_minutes_is_a_notice_in_nights_of_its_transits(
    period_error: str, day: int, said: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(OBSERVATORY, tmp_path, dirs_exist_ok=True)
    shutil.copytree(OBSERVATORY.parent / "all-is-well", tmp_path, dirs_exist_ok=True)
    planet = f"{{epoch: 2456652.7157 BJD_TDB, period: 3.7649893 d, duration: 2.9 h, period_error: {period_error}}}"
    (tmp_path / "plans" / "xo-6.yaml").write_text(
        f"""kind: plan
name: xo-6
target: {{name: HAT-P-32, planets: {{b: {planet}}}}}
want: [{{filter: L, exposure: 60 s, cover: {{transit: b, baseline: 30 min}}}}]
pipeline: deep-sky
"""
    )
    told = tell_uncertain(declare(tmp_path, tmp_path / "plans"), date(2026, 11, day))
    assert [each["words"].split(":")[0] for each in told] == [WRONG] * said
    assert ("xo-6.yaml:2:1: notice: the ephemeris" in capsys.readouterr().err) is said


def test_what_moves_by_more_than_a_star_is_wide_in_one_exposure_is_a_notice(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    observatory = declare(root, root / "plans")
    (line, *_) = lines(next(plan for plan in observatory.plans if plan.name == "ceres"))
    brief = Block(Request(line, "newton", 1, Claim(5.0)), 1, NIGHT, NIGHT, 0.0, 0.0, 0.0, ra_rate=9.0, dec_rate=-12.0)
    goal = line.goal.model_copy(update={"exposure": 600.0})
    long = replace(brief, request=replace(brief.request, line=replace(line, goal=goal)))
    (told,) = tell_trailing(observatory, [brief, long])
    assert told["words"].startswith("its target moves by 2.5 arcsec in one exposure")
    assert "plans/ceres.yaml" in capsys.readouterr().err
    assert tell_trailing(observatory, [replace(long, ra_rate=0.0, dec_rate=0.0)]) == []
