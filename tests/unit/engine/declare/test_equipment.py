"""What making safe needs, and what no fault in the files takes out of its sight."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

import pytest

from obsy.engine.declare.equipment import (
    SafetyEquipment,
    check_nothing_is_lost,
    is_saved,
    known_equipment,
    read_equipment,
    saved_at,
    saved_equipment,
)
from obsy.engine.declare.survey import declare
from obsy.errors import UserError
from tests.support.disk import refuses

ROOT = Path(__file__).parents[4]
Edit = Callable[[Path], None]


def observatory(root: Path, example: Path) -> Path:
    """A copy of an example that had a good night before."""
    for room in ("site", "library"):
        shutil.copytree(example / room, root / room)
    found = read_equipment(root)
    found.save(saved_at(root, "real", found.site.name))
    return root


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """One roof over one mount."""
    return observatory(tmp_path, ROOT)


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """Two roofs: a shed over two mounts, a dome over one."""
    return observatory(tmp_path, ROOT / "docs/club")


def known(root: Path) -> SafetyEquipment:
    (found,) = known_equipment(root, None, "real")
    return found


def under(found: SafetyEquipment) -> dict[str, set[str]]:
    return {roof.name: {each.name for each in found.mounts_of(roof.name)} for roof in found.enclosures}


def spelt(old: str, new: str) -> Edit:
    def edit(file: Path) -> None:
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    return edit


FAULTS: dict[str, Edit] = {
    "no roof of that name": spelt("enclosure: roll-off", "enclosure: rol-off"),
    "no kind of that name": spelt("kind: mount", "kind: muont"),
    "no YAML": spelt("park: {", "park: {{"),
    "a tab": spelt("slew:", "\tslew:"),
    "a park position that cannot be": spelt("azimuth: 0 deg", "azimuth: north"),
    "half written": lambda file: file.write_bytes(b""),
    "zeros after a power cut": lambda file: file.write_bytes(b"\0" * 300),
    "gone": Path.unlink,
    "twice": lambda file: shutil.copy(file, file.with_name("copy.yaml")) and None,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_in_the_mounts_file_takes_it_out_of_sight(alone: Path, fault: str) -> None:
    before = read_equipment(alone)
    FAULTS[fault](alone / "site/mount.yaml")
    assert known(alone).mounts == before.mounts


@pytest.mark.parametrize("file", ["dome", "shed", "weather", "policy", "site", "newton"])
def test_of_two_roofs_no_fault_in_a_file_takes_one_out_of_sight(club: Path, file: str) -> None:
    before = read_equipment(club)
    path = club / f"site/{file}.yaml"
    path.write_text("{{" + path.read_text())
    found = known(club)
    assert under(found) == under(before) == {"dome": {"fork"}, "shed": {"east-pier", "west-pier"}}
    assert found.weather == before.weather


def test_a_mount_that_is_said_to_stand_under_another_roof_is_parked_for_both(club: Path) -> None:
    path = club / "site/shed.yaml"
    path.write_text(path.read_text().replace("enclosure: shed", "enclosure: dome", 1))
    assert under(known(club)) == {"dome": {"fork", "east-pier"}, "shed": {"east-pier", "west-pier"}}


def without_dome(root: Path) -> None:
    """Take the dome away, and what measures for it alone."""
    (root / "site/dome.yaml").unlink()
    weather = root / "site/weather.yaml"
    weather.write_text("---".join(each for each in weather.read_text().split("---") if "enclosure: dome" not in each))


def test_a_roof_and_an_input_that_are_in_no_file_any_more_are_looked_at(club: Path) -> None:
    before = read_equipment(club)
    without_dome(club)
    found = known(club)
    assert len(read_equipment(club).weather) < len(found.weather)
    assert under(found) == under(before)
    assert {each.name for each in found.weather} == {each.name for each in before.weather}


def test_what_bears_another_name_and_has_its_old_driver_is_the_same(alone: Path) -> None:
    for name, new in (("mount", "name: fork"), ("roof", "name: shed")):
        path = alone / f"site/{name}.yaml"
        path.write_text(path.read_text().replace("name: gem", new).replace("name: roll-off", new))
    for path in (alone / "site").glob("*.yaml"):
        path.write_text(path.read_text().replace("enclosure: roll-off", "enclosure: shed"))
    assert under(known(alone)) == {"shed": {"fork"}}


def test_what_is_new_is_looked_at_with_the_rest(alone: Path) -> None:
    text = (alone / "site/mount.yaml").read_text()
    second = text.replace("name: gem", "name: second").replace("Telescope Simulator", "Other Mount")
    (alone / "site/second.yaml").write_text(second)
    assert under(known(alone)) == {"roll-off": {"gem", "second"}}


def test_a_fault_in_a_plan_changes_nothing(alone: Path) -> None:
    (alone / "plans").mkdir()
    (alone / "plans/m31.yaml").write_text("kind: [\n")
    assert known(alone) == read_equipment(alone)


def test_everything_may_stand_in_site(alone: Path) -> None:
    for path in sorted((alone / "library").rglob("*.yaml")):
        path.rename(alone / "site" / f"library-{path.parent.name}-{path.name}")
    shutil.rmtree(alone / "library")
    assert under(read_equipment(alone)) == {"roll-off": {"gem"}}


def test_equipment_is_read_without_the_rest(alone: Path) -> None:
    for path in (alone / "site/newton.yaml", *(alone / "library").rglob("*.yaml")):
        path.unlink()
    found = read_equipment(alone)
    assert under(found) == {"roll-off": {"gem"}}
    assert found.inputs_of("roll-off") == found.weather
    assert found.safety == declare(ROOT).safety


def test_a_roof_of_two_is_judged_by_its_own_sensors_and_by_those_that_name_none(club: Path) -> None:
    heard = {roof: [each.name for each in known(club).inputs_of(roof)] for roof in ("shed", "dome")}
    assert heard == {"shed": ["mast", "shed-rain"], "dome": ["mast", "dome-rain"]}


def test_where_nothing_was_saved_a_fault_in_the_files_leaves_nothing_known(alone: Path) -> None:
    saved_at(alone, "real", "nerpio").unlink()
    assert len(known_equipment(alone, None, "real")) == 1
    FAULTS["no YAML"](alone / "site/mount.yaml")
    assert known_equipment(alone, None, "real") == ()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_what_cannot_be_asked_for_what_was_saved_counts_as_saved_and_keeps_nothing_from_being_known(
    alone: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    assert is_saved(alone, "real", "nerpio")
    assert not is_saved(alone, "real", "south")
    assert not is_saved(alone / "site/site.yaml", "real", "nerpio"), "no folder, so nothing in it"
    refuses(monkeypatch, alone / ".obsy", code)
    assert is_saved(alone, "real", "south")
    assert known_equipment(alone, None, "real") == (read_equipment(alone),)


@pytest.mark.parametrize("harm", [b"", b"{}", b"[1]", b'{"sha256": "x", "documents": "[]"}'])
def test_what_was_saved_and_harmed_is_not_believed(alone: Path, harm: bytes) -> None:
    saved_at(alone, "real", "nerpio").write_bytes(harm)
    FAULTS["no YAML"](alone / "site/mount.yaml")
    assert known_equipment(alone, None, "real") == ()


def test_what_was_saved_is_what_was_read(alone: Path) -> None:
    found, saved = read_equipment(alone), saved_at(alone, "real", "nerpio")
    assert saved_equipment(saved) == found
    before = saved.stat().st_ino
    found.save(saved)
    assert saved.stat().st_ino == before, "what is there already is not written again"


def test_nobody_else_may_read_what_was_saved_for_it_may_hold_secrets(alone: Path) -> None:
    saved = saved_at(alone, "real", "nerpio")
    assert S_IMODE(saved.stat().st_mode) == 0o600
    saved.chmod(0o644)  # as an earlier version left it
    read_equipment(alone).save(saved)
    assert S_IMODE(saved.stat().st_mode) == 0o600


def renamed(root: Path) -> SafetyEquipment:
    for path in (root / "site").glob("*.yaml"):
        path.write_text(path.read_text().replace("site: nerpio", "site: hill").replace("name: nerpio", "name: hill"))
    path = root / "site/site.yaml"
    path.write_text(path.read_text().replace("timezone:", "formerly: [nerpio]\ntimezone:"))
    return read_equipment(root)


def test_a_site_with_a_new_name_keeps_what_was_saved_until_that_is_saved_anew(alone: Path) -> None:
    found = renamed(alone)
    gone = "name: gem", "Telescope Simulator"
    spelt(gone[0], "name: fork")(alone / "site/mount.yaml")
    spelt(gone[1], "Other Mount")(alone / "site/mount.yaml")
    assert under(known(alone)) == {"roll-off": {"gem", "fork"}}
    found.save(saved_at(alone, "real", "hill"))
    assert not saved_at(alone, "real", "nerpio").exists()


def check(root: Path) -> None:
    found = read_equipment(root)
    check_nothing_is_lost(root, found.site, found.enclosures, found.mounts)


def moved(root: Path) -> None:
    """Say that a mount stands under another roof."""
    path = root / "site/shed.yaml"
    path.write_text(path.read_text().replace("enclosure: shed", "enclosure: dome", 1))


@pytest.mark.parametrize("change", [without_dome, moved])
def test_what_is_lost_is_known_to_every_start_however_often_what_is_known_is_saved(club: Path, change: Edit) -> None:
    change(club)
    before = under(known(club))
    for _ in range(2):
        known(club).save(saved_at(club, "real", known(club).site.name))
        assert under(known(club)) == before


def test_only_a_person_says_that_something_is_gone(club: Path) -> None:
    check(club)
    without_dome(club)
    with pytest.raises(UserError, match=r"the roof 'dome' and the mount 'fork' under 'dome' stood there"):
        check(club)
    saved_at(club, "real", read_equipment(club).site.name).unlink()
    check(club)


def test_each_site_that_was_saved_is_known_where_the_command_names_none_of_them(alone: Path) -> None:
    assert known_equipment(alone, "nerpoi", "real") == (read_equipment(alone),)
    read_equipment(alone).save(saved_at(alone, "simulated", "nerpio"))
    second = (alone / "site/site.yaml").read_text().replace("name: nerpio", "name: south")
    (alone / "site/south.yaml").write_text(second)
    assert [each.site.name for each in known_equipment(alone, None, "real")] == ["nerpio"]


OVERRIDE = """\
kind: override
name: dead-cloud-sensor
owner: Ana
reason: full of water
since: 2026-11-21 18:00 UTC
until: 2026-11-22 06:00 UTC
ignore: cloud-sensor
"""


def test_an_override_is_known_and_kept_with_the_equipment_and_is_news_to_a_guard(alone: Path) -> None:
    before = known(alone).digest
    (alone / "site" / "override.yaml").write_text(OVERRIDE)
    found = known(alone)
    assert [each.name for each in found.overrides.honoured] == ["dead-cloud-sensor"]
    assert found.digest != before
    found.save(saved_at(alone, "real", found.site.name))
    assert saved_equipment(saved_at(alone, "real", found.site.name)).overrides == found.overrides


@pytest.mark.parametrize("spoilt", [("owner: Ana\n", ""), ("until: 2026-11-22", "until: soon"), ("cloud-sensor", "x")])
def test_an_override_that_is_unfit_changes_nothing_and_keeps_no_roof_from_being_known(
    alone: Path, spoilt: tuple[str, str]
) -> None:
    (alone / "site" / "override.yaml").write_text(OVERRIDE.replace(*spoilt))
    found = read_equipment(alone)
    assert found.overrides.honoured == ()
    (why,) = found.overrides.refused
    assert "changes nothing" in why
    assert found.enclosures


def test_the_devices_of_trains_are_known_to_the_guard_and_kept_however_unfit_their_trains_are(alone: Path) -> None:
    path = alone / "site" / "newton.yaml"
    text = path.read_text().replace("aperture: 200 mm", "aperture: wide")
    path.write_text(text.replace("indi: CCD Simulator", "indi: ZWO CCD, driver: indi_asi_ccd"))
    found = known(alone)
    cameras = [each for each in found.devices if each.driver is not None]
    assert [(each.indi, each.driver) for each in cameras] == [("ZWO CCD", "indi_asi_ccd")]
    assert {"Filter Simulator", "Light Panel Simulator", "RollOff Simulator"} <= {each.indi for each in found.devices}
    found.save(saved_at(alone, "real", found.site.name))
    assert saved_equipment(saved_at(alone, "real", found.site.name)).devices == found.devices


def test_what_a_train_is_made_of_is_no_news_to_a_guard_and_another_driver_is(alone: Path) -> None:
    before, path = known(alone).digest, alone / "site" / "newton.yaml"
    path.write_text(path.read_text().replace("aperture: 200 mm", "aperture: 250 mm"))
    assert known(alone).digest == before
    path.write_text(path.read_text().replace("indi: CCD Simulator", "indi: CCD Simulator, driver: mine"))
    assert known(alone).digest != before


def test_the_drivers_of_a_retired_train_are_none_that_a_guard_begins(alone: Path) -> None:
    (train,) = [path for path in (alone / "site").glob("*.yaml") if "kind: train" in path.read_text()]
    before, text = read_equipment(alone).devices, train.read_text()
    train.write_text(text.replace("kind: train", "kind: train\nretired: 2024-05-01", 1))
    assert {each.called for each in before} - {each.called for each in read_equipment(alone).devices}
    train.write_text(text.replace("kind: train", "kind: train\nretired: null", 1))
    assert read_equipment(alone).devices == before
