"""A start that can come to nothing is refused before it begins, unless a roof may stand open."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.engine.runtime import beginnable
from obsy.engine.runtime.guard import start
from obsy.errors import UnfitFiles
from tests.support.alpaca import AlpacaPeer
from tests.support.beginning import BOTH, CURES, change, check, refused

pytestmark = pytest.mark.usefixtures("installed")


@BOTH
def test_the_example_is_refused_with_its_cure_and_nothing_is_begun(
    here: Path, runner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "roofs_first", lambda *_: pytest.fail("the roofs were asked for"))
    said = str(CliRunner().invoke(apply, ["plans", "--runner", runner]).exception)
    assert all(f"'{new}' for '{old}'" in said for old, new in CURES.items()), said
    assert "mount 'gem', site/mount.yaml" in said, "its roof would not close over where the simulator parks"
    assert "site/roof.yaml" not in said, "INDI has a simulator of that name"
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
    assert "'Rain Sensor'" in refused(here)


def test_names_that_obsy_can_begin_are_not_refused_whatever_else_is_wrong(here: Path) -> None:
    change(here, CURES)
    check(here)
    (here / "site" / "site.yaml").write_text("kind: [")
    check(here)


def test_a_plan_that_is_unfit_is_told_first_and_nothing_is_begun_either(here: Path) -> None:
    (here / "plans" / "wrong.yaml").write_text("kind: plan\nname: wrong\n")
    with pytest.raises(UnfitFiles):
        check(here)


def test_a_kstars_that_nobody_has_read_is_told_to_who_wants_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(here, CURES)
    monkeypatch.setattr(beginnable, "kstars_version", lambda: (3, 9, 0))
    said = refused(here, "ekos")
    assert said.startswith("nothing was begun: what KStars 3.9.0 reads is not known; obsy writes for 3.6.2 to 3.6.9")
    assert "or '--runner indi'" in said
    check(here, "indi")


def test_an_alpaca_device_of_another_type_or_without_a_server_is_a_complaint_before_the_night(
    here: Path, hall: AlpacaPeer
) -> None:
    change(here, {"alpaca: telescope/0": "alpaca: dome/0"})
    with pytest.raises(UnfitFiles, match="a device of the type 'telescope' for the mount"):
        check(here, "alpaca")
    assert hall.asked == []
    change(here, {"alpaca: dome/0": "alpaca: telescope/0", "servers: ": "# "})
    with pytest.raises(UnfitFiles, match="an Alpaca server of the site 'nerpio': none is declared"):
        check(here, "alpaca")
