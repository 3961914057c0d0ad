"""A relative path in a document is seen from the root of its observatory, wherever one stands."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment, saved_at, saved_equipment
from obsy.engine.declare.survey import survey
from obsy.schemas.weather import PATHS, Source, Weather

ROOT = Path(__file__).parents[4]
DISK = """\
---
kind: weather
name: computer
site: nerpio
measures: [disk]
every: 60 s
max_age: 4 min
device: {disk: data}
"""


@pytest.mark.parametrize("below", ["", "plans"])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_folder_is_the_one_beside_site_from_wherever_the_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str, is_named: bool
) -> None:
    for room in ("site", "library", "plans"):
        shutil.copytree(ROOT / room, tmp_path / room)
    with (tmp_path / "site/weather.yaml").open("a") as file:
        file.write(DISK)
    monkeypatch.chdir(tmp_path / below)
    root = tmp_path if is_named else Path("..") if below else Path()
    found = read_equipment(root)
    found.save(saved_at(root, "real", "nerpio"))
    declared = tuple(each.document for each in survey(root).declared.of(Weather))
    for inputs in (found.weather, saved_equipment(saved_at(root, "real", "nerpio")).weather, declared):
        (device,) = (each.device for each in inputs if each.name == "computer")
        assert device is not None
        assert Path(device.disk or "").is_absolute()
        assert Path(device.disk or "").resolve() == tmp_path / "data"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ({"allsky": "images", "model": "library/eye.json"}, {"allsky": "/o/images", "model": "/o/library/eye.json"}),
        ({"allsky": "all.sqlite", "images": "sky"}, {"allsky": "/o/all.sqlite", "images": "/o/sky"}),
        ({"allsky": "https://sky/now.jpg", "login": "pass"}, {"allsky": "https://sky/now.jpg", "login": "/o/pass"}),
        ({"file": "/run/boltwood.txt", "format": "boltwood"}, {"file": "/run/boltwood.txt"}),
        ({"disk": "~/frames"}, {"disk": "/ana/frames"}),
        ({"nut": "ups@localhost"}, {}),
    ],
)
def test_paths_alone_are_seen_from_the_root(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], seen: dict[str, str]
) -> None:
    monkeypatch.setenv("HOME", "/ana")
    found = Source.model_validate(said).seen_from(Path("/o"))
    assert {key: value for key in PATHS if (value := getattr(found, key)) is not None} == seen
