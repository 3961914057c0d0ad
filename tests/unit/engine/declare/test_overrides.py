"""An override concerns one site, and those of a site are judged together."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.equipment import SafetyEquipment, read_equipment, saved_at, saved_equipment
from obsy.engine.declare.overrides import sorted_out
from obsy.engine.declare.survey import complaints
from tests.support.safety import SAFETY
from tests.support.stage import SITE

ROOT = Path(__file__).parents[4]
SENSORS = ("rain-sensor", "cloud-sensor", "station")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """An observatory of two sites, nerpio and south, each with a roof, a mount and weather inputs of its own."""
    for room in ("site", "library", "plans"):
        shutil.copytree(ROOT / room, tmp_path / room)
    for file in ("site", "roof", "mount", "weather"):
        text = (tmp_path / f"site/{file}.yaml").read_text()
        for name in ("roll-off", "gem", *SENSORS):
            text = text.replace(f"name: {name}", f"name: {name}-2").replace(
                f"enclosure: {name}", f"enclosure: {name}-2"
            )
        text = text.replace("nerpio", "south").replace("{indi: ", "{indi: Other ")
        more = "data: south\n" if file == "site" else ""
        (tmp_path / f"site/{file}-2.yaml").write_text(text + more)
    return tmp_path


def write(root: Path, name: str, what: str, until: str = "2099-11-22 06:00 UTC") -> None:
    said = f"kind: override\nname: {name}\nowner: Ana\nreason: broken\nsince: 2099-11-21 18:00 UTC\nuntil: {until}\n"
    (root / f"site/{name}.yaml").write_text(f"{said}{what}\n")


def honoured(site: SafetyEquipment) -> list[str]:
    return [each.name for each in site.overrides.honoured]


def told(root: Path) -> list[tuple[str, str]]:
    return [(Path(each.mark.file).stem, each.code) for each in complaints(root, root / "plans")]


@pytest.mark.parametrize("what", ["ignore: cloud-sensor-2", "site: south\nlimits: {wind: above 50 km/h}"])
def test_an_override_concerns_its_own_site_and_is_no_news_to_another(two: Path, what: str) -> None:
    north, south = (read_equipment(two, name).digest for name in ("nerpio", "south"))
    write(two, "broken", what)
    assert told(two) == []
    assert honoured(read_equipment(two, "south")) == ["broken"]
    assert read_equipment(two, "nerpio").overrides.refused == ()
    assert honoured(read_equipment(two, "nerpio")) == []
    assert read_equipment(two, "nerpio").digest == north
    assert read_equipment(two, "south").digest != south


def test_what_is_saved_of_a_site_is_read_back_without_the_other(two: Path) -> None:
    write(two, "broken", "ignore: cloud-sensor-2")
    for name in ("nerpio", "south"):
        found, path = read_equipment(two, name), saved_at(two, "real", name)
        found.save(path)
        assert saved_equipment(path, name) == found
        assert ("south" in path.read_text()) == (name == "south")


def test_the_rain_sensor_of_another_site_watches_no_rain_here(two: Path) -> None:
    write(two, "wet", "ignore: rain-sensor")
    assert told(two) == [("wet", "rain-unwatched")]
    found = read_equipment(two, "nerpio").overrides
    assert found.honoured == ()
    assert [each.split(":")[0] for each in found.refused] == ["the override 'wet' changes nothing"]


def test_limits_of_no_site_where_there_are_two_are_refused_at_both(two: Path) -> None:
    write(two, "heavier", "limits: {wind: above 50 km/h}")
    assert told(two) == [("heavier", "which-one")]
    for name in ("nerpio", "south"):
        assert honoured(read_equipment(two, name)) == []
        assert "limits of no site" in read_equipment(two, name).overrides.refused[0]


def test_a_site_that_nothing_bears_and_one_beside_an_input_are_refused(two: Path) -> None:
    write(two, "east", "site: east\nlimits: {wind: above 50 km/h}")
    write(two, "twice", "site: south\nignore: cloud-sensor-2")
    assert told(two) == [("east", "unknown-reference"), ("twice", "no-effect")]
    assert honoured(read_equipment(two, "south")) == []


def test_a_roof_is_told_nothing_of_an_input_that_it_never_heard(two: Path) -> None:
    path = two / "site/weather.yaml"
    path.write_text(path.read_text().replace("name: cloud-sensor", "name: cloud-sensor\nenclosure: roll-off"))
    write(two, "broken", "ignore: cloud-sensor")
    found = read_equipment(two, "nerpio")
    assert [each.name for each in found.overrides_of("roll-off").honoured] == ["broken"]
    assert found.overrides_of("dome").honoured == ()


def test_two_limits_of_one_quantity_at_once_are_refused_unless_they_are_of_two_sites(two: Path) -> None:
    write(two, "a", "site: south\nlimits: {wind: above 50 km/h}")
    write(two, "b", "site: nerpio\nlimits: {wind: above 30 km/h}")
    assert told(two) == []
    write(two, "b", "site: south\nlimits: {wind: above 30 km/h}")
    assert told(two) == [("a", "one-too-many"), ("b", "one-too-many")]
    found = read_equipment(two, "south").overrides
    assert sorted(each.name for each in found.honoured) == ["a", "b"], "the tighter of both counts"
    assert [each.split(":")[0] for each in found.refused] == [
        f"the override '{name}' counts only where it is the tighter" for name in "ab"
    ]


def test_ignoring_every_rain_sensor_is_refused_also_in_two_overrides(two: Path) -> None:
    path = two / "site/weather.yaml"
    path.write_text(path.read_text().replace("[wind, ", "[rain, wind, "))
    write(two, "a", "ignore: rain-sensor")
    assert told(two) == []
    write(two, "b", "ignore: station")
    assert told(two) == [("a", "rain-unwatched"), ("b", "rain-unwatched")]
    assert honoured(read_equipment(two, "nerpio")) == []


def test_an_override_that_is_not_understood_is_none_and_is_told_by_its_name() -> None:
    found = sorted_out([{"name": "odd", "ignore": 3}, "no mapping"], SAFETY, SITE, Declared(ROOT, (), ()))  # type: ignore[list-item]
    assert found.honoured == ()
    assert found.refused == (
        "the override 'odd' is not understood and changes nothing: run 'obsy validate'",
        "the override '' is not understood and changes nothing: run 'obsy validate'",
    )
