"""A start that can come to nothing is refused before it begins, unless a roof may stand open."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.engine.runtime import beginnable
from obsy.engine.runtime.beginnable import check_beginnable
from obsy.engine.runtime.guard import start
from obsy.errors import UnfitFiles, UserError

BOTH = pytest.mark.parametrize("runner", ["indi", "ekos"])
CURES = {
    "RollOff Simulator": "Dome Simulator",
    "Rain Sensor": "Weather Simulator",
    "Cloud Sensor": "Weather Simulator",
}


def change(folder: Path, changes: dict[str, str]) -> None:
    for file in (*folder.glob("site/*.yaml"), *folder.rglob("library/**/*.yaml")):
        text = file.read_text()
        for old, new in changes.items():
            text = text.replace(old, new)
        file.write_text(text)


def check(folder: Path, runner: str = "indi") -> None:
    check_beginnable(folder, (folder / "plans",), None, runner)


def refused(folder: Path, runner: str = "indi") -> str:
    with pytest.raises(UserError) as said:
        check(folder, runner)
    return str(said.value)


@BOTH
def test_the_example_is_refused_with_its_cure_and_nothing_is_begun(
    here: Path, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "roofs_first", lambda *_: pytest.fail("the roofs were asked for"))
    said = str(CliRunner().invoke(apply, ["plans", "--runner", runner]).exception)
    assert all(f"'{new}' for '{old}'" in said for old, new in CURES.items()), said
    assert "mount 'gem', site/mount.yaml" in said, "its roof would not close over where the simulator parks"
    assert "site/roof.yaml" in said
    assert "obsy apply --simulate" in said
    assert sorted(path.name for path in here.iterdir()) == ["library", "plans", "site"]


@BOTH
@pytest.mark.parametrize(
    "left",
    [
        ".obsy/equipment-real-nerpio.json",
        ".obsy/guard-nerpio.log",
        ".obsy/indi-nerpio/children.json",
        "data/real/journal/2026-11-21.jsonl",
    ],
)
def test_after_a_real_night_the_roofs_come_first_as_ever(
    here: Path, left: str, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / left).parent.mkdir(parents=True)
    (here / left).touch()

    def asked(*_: object) -> None:
        raise LookupError("the roofs come first")

    monkeypatch.setattr(start, "roofs_first", asked)
    assert isinstance(CliRunner().invoke(apply, ["plans", "--runner", runner]).exception, LookupError)


def test_while_a_guard_of_the_site_answers_nothing_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnable, "greeting", lambda name: {} if "'nerpio'" in name else None)
    check(here)


def test_what_cannot_be_asked_is_taken_for_a_night_that_was(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", fails)
    check(here)


def test_a_rehearsal_leaves_no_record_of_a_real_night(here: Path) -> None:
    (here / ".obsy").mkdir()
    (here / ".obsy" / "equipment-simulated-nerpio.json").touch()
    (here / "data/simulated/journal").mkdir(parents=True)
    (here / "data/simulated/journal/2026-11-21.jsonl").touch()
    assert "'RollOff Simulator'" in refused(here)


def test_names_that_obsy_can_begin_are_not_refused_whatever_else_is_wrong(here: Path) -> None:
    change(here, CURES)
    check(here)
    (here / "site" / "site.yaml").write_text("kind: [")
    check(here)


def test_a_plan_that_is_unfit_is_told_first_and_nothing_is_begun_either(here: Path) -> None:
    (here / "plans" / "wrong.yaml").write_text("kind: plan\nname: wrong\n")
    with pytest.raises(UnfitFiles):
        check(here)


def test_drivers_of_mount_and_train_by_other_names_are_told_too(here: Path) -> None:
    others = {each: f"My {each}" for each in ("Telescope Simulator", "CCD Simulator", "Focuser Simulator")}
    change(here, CURES | others)
    said = refused(here)
    assert all(f"'{each}' for 'My {each}'" in said for each in others), said


def test_a_device_that_is_missing_is_told_and_an_input_without_driver_needs_none(here: Path) -> None:
    change(here, {"device: {indi: RollOff Simulator}": "", "indi: Rain Sensor": "serial: /dev/ttyUSB0"} | CURES)
    said = refused(here)
    assert "'Dome Simulator' as the INDI device that is missing (enclosure 'roll-off', " in said
    assert "Weather Simulator" not in said


def test_a_panel_is_asked_for_by_the_one_runner_that_moves_it(here: Path) -> None:
    change(here, CURES | {"Light Panel Simulator": "My Panel"})
    assert "'Light Panel Simulator' for 'My Panel' (train 'newton', " in refused(here)
    check(here, "ekos")
