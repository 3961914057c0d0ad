"""Which drills there are, and when a process that ended is begun again."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.drill import WIDTH
from obsy.cli.drill import drill as drill_verb
from obsy.engine.declare.survey import declare
from obsy.engine.drills import SHIPPED, drill
from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.hour import TRACE
from obsy.engine.frames.data_root import DataRoot
from obsy.errors import UserError
from tests.support.equipment import ROOT, club, example

NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
DAY = date(2026, 12, 21)


@pytest.mark.long
def test_every_drill_that_ships_is_a_scenario_of_its_name_that_any_site_can_play(tmp_path: Path) -> None:
    for number, root in enumerate((ROOT, ROOT / "docs/club")):
        drill._lay_out(declare(root), tmp_path / f"{number}", NAMES[0])
        for name in NAMES:
            shutil.copy(SHIPPED / f"{name}.yaml", tmp_path / f"{number}" / "library" / f"drill-{name}.yaml")
        assert set(NAMES) <= set(declare(tmp_path / f"{number}").scenarios)


def test_the_drills_are_listed_for_people_in_two_columns_and_for_machines_as_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    told = json.loads(CliRunner().invoke(drill_verb, ["--list", "--json"]).output)
    rows = CliRunner().invoke(drill_verb, ["--list"]).output.splitlines()
    assert [row.split(maxsplit=1) for row in rows] == [[each["drill"], each["about"]] for each in told]
    assert {row[WIDTH : WIDTH + 2] for row in rows} == {"  "}


def test_every_sort_of_fault_has_a_drill() -> None:
    said = "\n".join((SHIPPED / f"{name}.yaml").read_text() for name in NAMES)
    for fault in ("kill", "freeze", "disconnect", "garbage", "delay", "stuck", "lie", "disagree", "disk-full"):
        assert f"fault: {fault}" in said
    for fault in ("clock-step", "power-cut", "signal", "moved"):
        assert f"fault: {fault}" in said


def test_all_are_those_that_ship_and_a_scenario_of_the_site_is_one_by_its_name() -> None:
    assert drill.chosen(example(), ()) == drill.chosen(example(), ("all",)) == NAMES
    assert drill.chosen(example(), ("clear", "rain", "clear")) == ["clear", "rain"]
    with pytest.raises(UserError, match="did you mean 'rain'"):
        drill.chosen(example(), ("rian",))


def test_a_drill_is_played_in_the_longest_night() -> None:
    assert drill.longest_night(club(), 2026) == DAY


def test_a_killed_process_is_begun_again_when_the_drill_says(tmp_path: Path) -> None:
    drill._lay_out(example(), tmp_path, "killed-open")
    data_root = DataRoot.of(tmp_path, example().site, simulated=True)
    data_root.folder.mkdir(parents=True)
    at_s = datetime(2026, 12, 21, 19, tzinfo=UTC).timestamp()
    (data_root.folder / TRACE).write_text(json.dumps([at_s, {"begun": {"befell 0": at_s}}]))
    again = drill._again(example(), tmp_path, data_root, "killed-open", DAY)
    assert (again.timestamp() - at_s) == pytest.approx(120.0, abs=0.1)


def test_what_ended_by_itself_is_begun_again_soon(tmp_path: Path) -> None:
    drill._lay_out(example(), tmp_path, "rain")
    data_root = DataRoot.of(tmp_path, example().site, simulated=True)
    data_root.folder.mkdir(parents=True)
    (data_root.folder / TRACE).write_text(json.dumps([1.0e9, {"begun": {}}]))
    again = drill._again(example(), tmp_path, data_root, "rain", DAY)
    assert again.timestamp() == pytest.approx(1.0e9 + 10.0, abs=0.1)


def test_a_drill_that_hangs_fails_and_is_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "WITHIN_S", 0.01)
    hung = drill.drill(example(), "rain", DAY)
    assert hung.hung
    assert not hung.passed
    assert (hung.starts, hung.said) == (1, "it took longer than 0.01 s")


def test_a_drill_passes_only_if_it_did_not_hang_and_every_roof_was_well() -> None:
    well, struck = Deeds("a", open_s=60.0), Deeds("b", open_s=60.0, faults=["it moved over an unparked mount"])
    assert drill.Drilled("rain", "", (well,), 1, "").passed
    assert drill.Drilled("disk-full", "", (well,), 6, "no space left").passed
    assert not drill.Drilled("rain", "", (well,), 1, "it took longer", hung=True).passed
    assert not drill.Drilled("rain", "", (well, struck), 1, "").passed
