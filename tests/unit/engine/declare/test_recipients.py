"""Who is told is known whatever else is unfit."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment, saved_at
from obsy.engine.declare.recipients import audience

SITES = "\n---\n".join(
    f"kind: site\nname: {name}\nlatitude: 38 deg\nlongitude: -2 deg\nelevation: 1 m\ntimezone: Europe/Madrid"
    for name in ("hill", "dale")
)
PEOPLE = "\n---\n".join(
    f"kind: recipient\nname: {name}\naddress: !secret {name}{site}"
    for name, site in (("ana", ""), ("bob", "\nsite: dale"), ("carla", "\nhears: [nothing]"))
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sites.yaml").write_text(SITES)
    (tmp_path / "site" / "people.yaml").write_text(PEOPLE)
    (tmp_path / "site" / "broken.yaml").write_text("kind: [")
    for name in ("ana", "bob", "carla"):
        monkeypatch.setenv(f"OBSY_{name.upper()}", f"ntfys://{name}")
    return tmp_path


@pytest.mark.parametrize(("site", "names"), [("hill", ["ana"]), ("dale", ["ana", "bob"])])
def test_a_site_tells_its_own_and_those_of_all_and_passes_over_what_is_unfit(
    root: Path, site: str, names: list[str]
) -> None:
    found = audience(root, site)
    assert found is not None
    assert (found.site.name, [each.name for each in found.recipients]) == (site, names)


def test_a_site_whose_own_file_is_spoilt_tells_those_whom_it_told_in_the_last_good_night(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here, example = tmp_path_factory.mktemp("spoilt"), Path(__file__).parents[4]
    for room in ("site", "library"):
        shutil.copytree(example / room, here / room)
    (here / "site" / "people.yaml").write_text("kind: recipient\nname: ana\naddress: !secret ana")
    read_equipment(here).save(saved_at(here, "real", "nerpio"))
    (here / "site" / "site.yaml").write_text("kind: [")
    found = audience(here)
    assert found is not None
    assert (found.site.name, [each.name for each in found.recipients]) == ("nerpio", ["ana"])
    assert audience(here, "nerpo") is None


def test_where_it_is_not_said_which_site_nobody_is_guessed(root: Path) -> None:
    assert audience(root) is None
    assert audience(root, "vale") is None
