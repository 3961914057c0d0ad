"""What stands beside a file is read back, and nothing that is not what it should be is believed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.frames.watch import Seen
from obsy.engine.processing.sidecar import Sidecar, read_sidecar, sidecars, write_sidecar
from obsy.engine.store.record import Arrival, Product, State, StoredFrame
from tests.support.frames import A_LIGHT

NIGHT = date(2026, 11, 21)


def frame(path: Path) -> StoredFrame:
    """An archived light of a plan."""
    said = {**A_LIGHT, "path": path, "plan": "heart", "goal": "L-180s", "train": "main"}
    return StoredFrame(**said, source="L.fits", night=NIGHT)


def change(path: Path, **columns: object) -> None:
    """Change what the sidecar beside a file says of its frame."""
    beside = path.with_name(path.name + ".json")
    content = json.loads(beside.read_text())
    beside.write_text(json.dumps(content | {"frame": content["frame"] | columns}))


@pytest.fixture
def light(tmp_path: Path) -> Path:
    """A light with its sidecar."""
    path = tmp_path / "lights" / "L.fits"
    path.parent.mkdir()
    arrivals = [Arrival(tmp_path / "incoming" / "L.fits", Seen(1, 2, 3), State.ARCHIVED, "", "0" * 64)]
    products = [Product("aligned", tmp_path / "products" / "L_aligned.fits", "1" * 64, NIGHT, "home", "main")]
    write_sidecar(path, tmp_path, frame=frame(path), arrivals=arrivals, products=products)
    return path


def test_a_sidecar_is_read_back_whole_with_what_the_header_does_not_say(light: Path, tmp_path: Path) -> None:
    (found,) = sidecars(tmp_path, "lights")
    assert (found.path, found.unreadable) == (light, False)
    assert [arrival.path for arrival in found.arrivals] == [tmp_path / "incoming" / "L.fits"]
    assert [product.path for product in found.products] == [tmp_path / "products" / "L_aligned.fits"]
    header = {name: value for name, value in A_LIGHT.items() if name not in {"filter", "path"}}
    assert StoredFrame(**header, path=light, **found.frame) == frame(light)
    change(light, exposure_s=3.0)
    assert read_sidecar(light, tmp_path).frame == found.frame, "the header knows better"


def test_what_a_killed_process_left_of_a_sidecar_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".bias.fits.json.part").write_text('{"fra')
    write_sidecar(tmp_path / "bias.fits", tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["bias.fits.json"]


def test_the_sidecar_of_a_file_that_is_no_frame_says_nothing_of_one(tmp_path: Path) -> None:
    write_sidecar(tmp_path / "bias.fits", tmp_path)
    assert read_sidecar(tmp_path / "bias.fits", tmp_path) == Sidecar({}, (), (), tmp_path / "bias.fits")


@pytest.mark.parametrize("state", State)
def test_a_frame_is_believed_in_the_states_that_a_frame_may_have(light: Path, tmp_path: Path, state: State) -> None:
    change(light, state=state)
    found = read_sidecar(light, tmp_path)
    believed = state not in {State.ARRIVED, State.REFUSED, State.QUARANTINED}
    assert (bool(found.frame), found.unreadable) == (believed, not believed)


def test_a_frame_whose_name_and_night_are_known_is_known(tmp_path: Path) -> None:
    least: dict[str, Any] = {"source": "L.fits", "night": NIGHT.isoformat()}
    path = tmp_path / "L.fits"
    for missing in (None, "source", "night"):
        said = {name: value for name, value in least.items() if name != missing}
        (tmp_path / "L.fits.json").write_text(json.dumps({"frame": said, "arrivals": [], "products": []}))
        frame_said = {} if missing else {"source": "L.fits", "night": NIGHT}
        assert read_sidecar(path, tmp_path) == Sidecar(frame_said, (), (), path, unreadable=missing is not None)


def test_a_sidecar_of_a_sidecar_is_no_sidecar(light: Path, tmp_path: Path) -> None:
    write_sidecar(light.with_name("L.fits.json"), tmp_path)
    assert [found.path for found in sidecars(tmp_path, "lights")] == [light.with_name("L.fits.json")]
