"""A night of the club: two enclosures, three mounts, four trains, and a shower that only the dome's sensor feels."""

import shutil
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits
from click.testing import CliRunner

from obsy.cli.status import status

pytestmark = pytest.mark.slow(minutes=0.4)
NIGHT = "2026-11-21"
MOUNTS = {"newton": "east-pier", "refractor": "west-pier", "colour": "west-pier", "cassegrain": "fork"}
ROOFS = {"east-pier": "shed", "west-pier": "shed", "fork": "dome"}
OPTICS = {"newton": (800, 3.3518), "refractor": (650, 4.1253), "colour": (240, 5.1566), "cassegrain": (1800, 2.7502)}
"""Focal length in mm, and 206.265 times the pixel in um over it, arcsec."""
TRAINS = {"silver-sliver": "newton", "bubble": "refractor", "andromeda": "colour", "ss-cyg": "cassegrain"}


@pytest.fixture(scope="module")
def club(root: Path, tmp_path_factory: pytest.TempPathFactory, scenarios: Any) -> Any:
    """A night of the club that was played once."""
    here = tmp_path_factory.mktemp("club") / "club"
    shutil.copytree(root / "docs/club", here)
    made = scenarios.Observatory(here)
    code, said = made.apply("shower")
    assert code == 0, said
    return made


def spans(club: Any) -> list[tuple[datetime, datetime, str]]:
    """When each light was exposed, and by which train."""
    found = []
    for entry in club.events("frame-taken"):
        if entry["kind"] == "light":
            began = datetime.fromisoformat(entry["began"])
            found.append((began, began + timedelta(seconds=entry["exposure_s"]), entry["train"]))
    return found


def test_every_plan_is_taken_whole_by_the_train_that_serves_it(club: Any) -> None:
    taken = {(entry["plan"], entry["train"]) for entry in club.events("frame-taken") if entry["kind"] == "light"}
    assert taken == set(TRAINS.items())
    accepted = club.frames()
    assert {plan: sum(count for (of, _), count in accepted.items() if of == plan) for plan in TRAINS} == {
        "silver-sliver": 11,
        "bubble": 4,
        "andromeda": 6,
        "ss-cyg": 24,
    }


def test_mounts_expose_at_the_same_time_and_trains_on_one_mount_in_turn(club: Any) -> None:
    together = set()
    for (a_begin, a_end, a), (b_begin, b_end, b) in combinations(spans(club), 2):
        if a_begin < b_end and b_begin < a_end:
            assert MOUNTS[a] != MOUNTS[b], f"{a} and {b} expose at once on the {MOUNTS[a]}"
            together.add(frozenset((MOUNTS[a], MOUNTS[b])))
    assert together == {frozenset(pair) for pair in combinations(sorted(ROOFS), 2)}


def test_every_frame_comes_from_the_right_instrument(club: Any) -> None:
    found = sorted((club.data / "archive" / NIGHT / "light").rglob("*.fits"))
    assert found
    for path in found:
        header = fits.getheader(path)
        focal_mm, scale = OPTICS[header["TELESCOP"]]
        assert header["FOCALLEN"] == focal_mm, path
        assert header["SCALE"] == pytest.approx(scale, rel=1e-3), path


def test_a_camera_without_a_wheel_writes_no_filter_and_its_frames_count_for_its_own_role(club: Any) -> None:
    lights = [fits.getheader(path) for path in (club.data / "archive" / NIGHT / "light").rglob("*.fits")]
    assert {("FILTER" in each, each.get("BAYERPAT")) for each in lights if each["TELESCOP"] == "colour"} == {
        (False, "RGGB")
    }
    assert all("FOCUSPOS" not in each for each in lights if each["TELESCOP"] == "colour")
    assert club.frames()["andromeda", "OSC-120s"] == 6


def test_rain_closes_the_roof_that_feels_it_and_no_other(club: Any) -> None:
    unsafe = [entry for entry in club.events("verdict") if not entry["safe"] and "rain" in entry["reason"]]
    assert [entry["enclosure"] for entry in unsafe] == ["dome"]
    (shower,) = (datetime.fromisoformat(entry["time"]) for entry in unsafe)
    closed = [entry["enclosure"] for entry in club.events("state") if entry["on"] == "unsafe"]
    assert closed == ["dome"]
    beside = {MOUNTS[train] for begin, _, train in spans(club) if shower < begin < shower + timedelta(minutes=10)}
    assert beside == {"east-pier", "west-pier"}


def test_the_dome_opens_again_and_finishes_its_series(club: Any) -> None:
    begun = 2  # each is proven closed as its keeper begins
    moves = [(entry["event"], entry["enclosure"]) for entry in club.events("roof-opened", "roof-closed")][begun:]
    assert [event for event, roof in moves if roof == "dome"] == ["roof-opened", "roof-closed"] * 2
    assert [event for event, roof in moves if roof == "shed"] == ["roof-opened", "roof-closed"]


def test_no_roof_moves_over_a_mount_in_its_way_and_nothing_is_struck(club: Any) -> None:
    parked = dict.fromkeys(ROOFS, True)
    for entry in club.journal():
        if entry["event"] in ("mount-parked", "mount-unparked"):
            parked[entry["mount"]] = entry["event"] == "mount-parked"
        if entry["event"] in ("roof-opening", "roof-closing") and entry["enclosure"] == "shed":
            assert parked["east-pier"]
            assert parked["west-pier"]
    assert club.world()["collisions"] == []
    assert club.world()["refusals"] == []
    assert {name: roof["goal"] for name, roof in club.world()["roofs"].items()} == {"shed": 0.0, "dome": 0.0}


def test_two_cameras_of_one_model_have_masters_of_their_own(club: Any) -> None:
    built = [(entry["train"], entry["kind"]) for entry in club.events("master-built")]
    assert [train for train, kind in built if kind == "bias"].count("newton") == 1
    assert [train for train, kind in built if kind == "bias"].count("refractor") == 1
    products = club.rows("SELECT train, path FROM obsy_product WHERE kind='master'")
    assert {train for train, _ in products} == set(MOUNTS)
    assert all(f"/{train}_" in path for train, path in products)


def test_status_tells_of_both_enclosures(club: Any) -> None:
    said = CliRunner().invoke(status, [str(club.root / "plans")], catch_exceptions=False).output
    assert "shed: finished" in said
    assert "dome: finished" in said
