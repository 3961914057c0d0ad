"""A store is held against a whole observatory: settings, solved frames, headers, and lights that nobody claims."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits
from click.testing import CliRunner

from obsy.cli.drift import drift as verb
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.join import join
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import survey
from obsy.engine.drift.drift import drift
from obsy.engine.store.record import Product, State, StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT

NIGHT = date(2026, 11, 21)
M31 = {"ra_deg": 10.68, "dec_deg": 41.27}


@pytest.fixture(scope="module")
def example(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Declared, Observatory]:
    """The example, with one plan and an empty store."""
    folder = tmp_path_factory.mktemp("example")
    for room in ("site", "library"):
        shutil.copytree(root / room, folder / room)
    (folder / "plans").mkdir()
    plan = ["kind: plan", "name: andromeda", "target: M31", "want: [{filter: L, exposure: 180 s, total: 1 h}]"]
    (folder / "plans" / "a.yaml").write_text("\n".join([*plan, "pipeline: deep-sky"]))
    declared = survey(folder, folder / "plans").declared
    (folder / "data" / "simulated").mkdir(parents=True)
    Store(folder / "data" / "simulated" / "store.sqlite").close()
    return folder, declared, join(declared)


@pytest.fixture
def store(example: tuple[Path, Declared, Observatory], tmp_path: Path) -> Iterator[Store]:
    """A store of its own for each test."""
    shutil.copy(example[0] / "data" / "simulated" / "store.sqlite", tmp_path)
    with Store(tmp_path / "store.sqlite") as store:
        yield store


def light(store: Store, number: int, **said: Any) -> StoredFrame:
    """An accepted light of the plan, its file, and its calibrated frame, solved at the declared scale."""
    facts = {**A_LIGHT, **M31, "train": "newton", "camera": "Example 47-10", "gain": 1, "offset": 10, "binning": 1}
    facts |= {"rows": 1024, "columns": 1024, "airmass": 1.2, "plan": "andromeda", "goal": "L-180s", "night": NIGHT}
    facts |= {
        "sha256": f"{number:064x}",
        "source": f"{number}.fits",
        "path": store.folder / "archive" / f"{number}.fits",
    }
    frame = StoredFrame(**facts, state=State.GRADED, pending=False, accepted=True)
    written = {"FOCALLEN": 800.0, "SITELAT": 38.16, "SITELONG": -2.33} | said.pop("cards", {})
    made = store.folder / "products" / f"{number}.fits"
    step = said.pop("scale", 3.35195) / 3600
    for path, cards in ((frame.path, written), (made, {"CD1_1": -step, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": step})):
        path.parent.mkdir(parents=True, exist_ok=True)
        fits.PrimaryHDU(header=fits.Header(cards)).writeto(path)
    product = Product("calibrated", made, "p" * 64, NIGHT, "nerpio", "newton", frame=frame.sha256)
    store.put(replace(frame, **said), [product])
    return frame


def codes(example: tuple[Path, Declared, Observatory], store: Store) -> list[str]:
    return [each.code for each in drift(example[2], example[1], store)]


def test_lights_that_were_taken_as_declared_are_in_step(example: Any, store: Store) -> None:
    light(store, 1)
    light(store, 2)
    assert codes(example, store) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"gain": 100}, "gain"),
        ({"scale": 3.45}, "scale"),
        ({"reason": "not-in-the-stack: its scale would be 2.5 arcsec/px, and", "scale": 0.0}, "scale"),
        ({"cards": {"FOCALLEN": 640.0}}, "focal-length"),
        ({"cards": {"SITELAT": 39.0}}, "place"),
        ({"airmass": 5.0}, "limits"),
        ({"train": "other"}, "train"),
        ({"plan": "gone", "object": "NGC 1", "ra_deg": 1.0}, "orphan"),
        ({"object": "M33", "ra_deg": 23.46, "dec_deg": 30.66}, "orphan"),
    ],
)
def test_each_way_out_of_step_is_told_alone(example: Any, store: Store, said: dict[str, Any], code: str) -> None:
    light(store, 1, **said)
    assert codes(example, store) == [code]


def test_lights_of_plans_that_were_not_given_are_no_orphans(example: Any, store: Store) -> None:
    light(store, 1, plan="gone")
    declared = survey(example[0], example[0] / "plans" / "a.yaml").declared
    assert [*drift(join(declared), declared, store)] == []


def test_what_cannot_be_read_hides_nothing_else(example: Any, store: Store) -> None:
    light(store, 1, gain=100).path.unlink()
    light(store, 2)
    with closing(sqlite3.connect(store.folder / "store.sqlite")) as broken, broken:
        broken.execute("UPDATE obsy_frame SET night = 'yesterday', gain = 7 WHERE sha256 LIKE '%2'")
    assert codes(example, store) == ["gain"]


def test_the_verb_ends_with_1_where_something_is_out_of_step(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example[0])
    told = CliRunner().invoke(verb, ["--real"], catch_exceptions=False)
    assert (told.output, told.exit_code) == ("No night has been: nothing to compare.\n", 0)
    assert json.loads(CliRunner().invoke(verb, ["--real", "--json"]).output)["in_step"] is None
    assert not (example[0] / "data" / "real").exists()
    with Store(example[0] / "data" / "simulated" / "store.sqlite") as store:
        light(store, 1, gain=100)
    line = next(at for at, text in enumerate(Path("site/newton.yaml").read_text().splitlines(), 1) if "gain:" in text)
    told = CliRunner().invoke(verb, [], catch_exceptions=False)
    assert told.exit_code == 1
    assert told.output.partition("\nBetween frames")[0] == (
        f"site/newton.yaml:{line}:9: gain: gain 1 is declared, and 100 was used for 1 light of 2026-11-21\n"
        "    frame: archive/1.fits\n    mend: write 'gain: 100', or set it so where the frames are taken\n"
    )
    machine = json.loads(CliRunner().invoke(verb, ["--json"], catch_exceptions=False).output)
    assert (machine["in_step"], machine["drift"][0]["line"]) == (False, line)
