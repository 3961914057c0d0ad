"""What ships for INDI's simulators runs on them as it stands: a night with a shower, from bias to page."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from astropy.io import fits

from tests.support.shipped import ShippedHouse
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow(minutes=8),
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("indiserver") is None, reason="indiserver is not installed"),
]
NIGHT_S = 600.0
CLOSES_WITHIN_S = 45.0
"""A reading every 5 s, a mount that parks, a roof that takes 10 s, on a busy machine."""


def events(house: ShippedHouse, name: str) -> list[dict[str, Any]]:
    return [each for each in house.entries() if each["event"] == name]


def over(house: ShippedHouse) -> bool:
    return house.night is not None and house.night.poll() is not None


def when(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["time"])


@pytest.fixture(scope="module")
def wet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShippedHouse]:
    """A night in which it rains once a light has been taken, until the roof is closed."""
    house = ShippedHouse(tmp_path_factory.mktemp("night") / "here")
    try:
        house.begin()
        wait_until(lambda: over(house) or lights(house, "frame-taken"), NIGHT_S, 0.1)
        if not over(house):
            house.rain(5)
            wait_until(lambda: over(house) or len(events(house, "roof-closed")) > 1, NIGHT_S, 0.1)
            house.rain(0)
        wait_until(lambda: over(house), NIGHT_S, 0.5)
        yield house
    finally:
        house.end()


def lights(house: ShippedHouse, event: str) -> list[dict[str, Any]]:
    return [each for each in events(house, event) if each["kind"] == "light"]


def test_rain_closes_the_roof_over_a_parked_mount_and_it_opens_again_when_it_has_been_dry(wet):
    wanted = ("roof-opened", "mount-parked", "roof-closed", "night-finished")
    order = [each["event"] for each in wet.entries() if each["event"] in wanted]
    spell = ["roof-opened", "mount-parked", "roof-closed"]
    assert order[order.index("roof-opened") :] == [*spell, *spell, "night-finished"]
    (unsafe,) = [each for each in events(wet, "verdict") if not each["safe"] and "rain 5" in each["reason"]]
    closed = next(each for each in events(wet, "roof-closed") if when(each) > when(unsafe))
    assert (when(closed) - when(unsafe)).total_seconds() < CLOSES_WITHIN_S


def test_a_night_begun_in_the_dark_takes_what_its_lights_need_before_it_opens(wet):
    opened = when(events(wet, "roof-opened")[0])
    built = {(each["kind"], each.get("filter")) for each in events(wet, "master-built") if when(each) < opened}
    assert {kind for kind, _ in built} == {"bias", "dark", "flat"}


def test_every_light_is_credited_in_its_own_filter_and_solved(wet):
    done = subprocess.run(
        [sys.executable, "-m", "obsy", "status", "plans/m52.yaml", "--json"],
        cwd=wet.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (plan,) = json.loads(done.stdout)["plans"]
    assert [(each["goal"], each["accepted"], each["rejected"]) for each in plan["goals"]] == [
        ("R-10s", 3, 0),
        ("G-10s", 3, 0),
    ]
    solved = [fits.getheader(path) for path in (wet.folder / "data" / "real" / "products").rglob("*_calibrated.fits")]
    assert len(solved) == 6
    assert all({"CRVAL1", "CD1_1"} <= {*cards} for cards in solved)


def test_the_night_ends_in_stacks_and_a_page(wet):
    assert {each["filter"] for each in events(wet, "stack-built")} == {"R", "G"}
    assert [*(wet.folder / "data" / "real" / "reports").glob("*.html")]
    assert wet.night.returncode == 0
