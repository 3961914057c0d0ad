"""`obsy apply --runner indi`, the whole way, without KStars: obsy moves each of INDI's simulators itself.

One of its nights is that of `docs/simulators`, as it stands.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from astropy.io import fits

from tests.support.house import MAX_AGE_S, ForeignHouse, IndiHouse, SteppedHouse, when
from tests.support.shipped import ShippedHouse
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow(minutes=8),
    pytest.mark.timeout(1200),
    pytest.mark.skipif(shutil.which("indiserver") is None, reason="indiserver is not installed"),
]
CAMERA = "indi_simulator_ccd"
NIGHT_S = 840.0
NOTICED_S = 10.0
CLOSES_WITHIN_S = 45.0
"""A reading every 5 s, a mount that parks, a roof that takes 10 s, on a busy machine."""


def nothing(_house: IndiHouse) -> None: ...


def camera_killed(house: IndiHouse) -> None:
    """Kill the driver as it exposes for the second time."""
    house.until(lambda: len(house.events("exposure-started")) > 1, NIGHT_S)
    os.kill(house.program(CAMERA), signal.SIGKILL)


def server_frozen_and_killed(house: ForeignHouse) -> None:
    """Freeze the server that obsy did not begin, once it exposes, let it go on when people are called, and kill it."""
    house.until(lambda: house.events("exposure-started"), NIGHT_S)
    house.harmed = datetime.now(UTC)
    house.foreign.send_signal(signal.SIGSTOP)
    house.until(lambda: house.after("close-failed"), NIGHT_S, 0.5)
    house.foreign.send_signal(signal.SIGCONT)
    house.until(lambda: house.after("roof-closed"), NIGHT_S, 0.5)
    killed = datetime.now(UTC)
    house.foreign.kill()
    house.until(lambda: any(when(each) >= killed for each in house.after("alarm")), NIGHT_S, 0.5)
    house.night.kill()


def shower(house: ShippedHouse) -> None:
    """Let it rain once a light has been taken, until the roof is closed."""
    house.until(lambda: lights(house, "frame-taken"), NIGHT_S)
    if not house.over:
        house.harmed = datetime.now(UTC)
        house.rain(5)
        house.until(lambda: house.after("roof-closed"), NIGHT_S)
        house.rain(0)


NIGHTS: dict[str, Callable[[Any], None]] = {
    "clear": nothing,
    "camera killed": camera_killed,
    "another's server": nothing,
    "another's server frozen": server_frozen_and_killed,
    "shipped": shower,
}
HOUSES = {
    "clear": SteppedHouse,
    "another's server": ForeignHouse,
    "another's server frozen": ForeignHouse,
    "shipped": ShippedHouse,
}


def lights(house: IndiHouse, event: str) -> list[dict[str, Any]]:
    return [each for each in house.events(event) if each["kind"] == "light"]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, IndiHouse]]:
    """All nights, played side by side: most of them is waiting."""
    made = {name: HOUSES.get(name, IndiHouse)(tmp_path_factory.mktemp("night") / "here") for name in NIGHTS}

    def play(name: str) -> None:
        made[name].begin()
        NIGHTS[name](made[name])
        wait_until(lambda: made[name].over, NIGHT_S, 0.5)

    try:
        with ThreadPoolExecutor(len(made)) as pool:
            list(pool.map(play, made))
        yield made
    finally:
        for house in made.values():
            house.end()


@pytest.fixture(scope="module")
def clear(houses: dict[str, IndiHouse]) -> IndiHouse:
    return houses["clear"]


@pytest.fixture(scope="module")
def wet(houses: dict[str, IndiHouse]) -> IndiHouse:
    return houses["shipped"]


def test_the_frames_are_credited_to_their_plan(clear):
    done = subprocess.run(
        [sys.executable, "-m", "obsy", "status", "plans/", "--json"],
        cwd=clear.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (plan,) = json.loads(done.stdout)["plans"]
    assert [(g["goal"], g["frames"], g["accepted"], g["done_s"]) for g in plan["goals"]] == [("R-4s", 3, 3, 12.0)]


def test_the_roof_opened_once_and_closed_over_a_parked_mount(clear):
    wanted = ("roof-opened", "mount-unparked", "slewed", "frame-taken", "mount-parked", "roof-closed", "night-finished")
    order = [each["event"] for each in clear.entries() if each["event"] in wanted]
    order = order[order.index("roof-opened") :]
    lights = ["frame-taken"] * 3
    begun = ["roof-opened", "mount-unparked", "slewed", *lights, "mount-parked", "roof-closed"]
    assert order[: len(begun)] == begun
    assert order[-1] == "night-finished"


def test_the_target_is_centred_guided_and_dithered_and_the_guider_rests_in_the_end(clear):
    (centred,) = clear.events("centred")
    assert centred["off_arcsec"] <= 60.0
    order = [e["event"] for e in clear.entries() if e["event"] in ("centred", "guiding-started", "exposure-started")]
    assert order[:3] == ["centred", "guiding-started", "exposure-started"]
    assert [each["with"] for each in clear.events("dithered")] == ["guider"] * 2
    assert len(clear.phd2.dithers) == 2
    assert clear.phd2.state == "Stopped"


def test_the_focus_is_found_where_the_simulator_has_it(clear):
    (focused,) = clear.events("focused")
    assert focused["position"] == pytest.approx(36_700, abs=1_000)


def test_a_light_says_what_it_is_for_and_through_what_it_was_taken(clear):
    for path in (clear.folder / "data" / "real" / "archive").rglob("light/**/*.fits"):
        cards = fits.getheader(path)
        assert (cards["OBSYTRAI"], cards["OBSYPLAN"], cards["OBSYGOAL"]) == ("refractor", "zenith", "R-4s")
        assert (cards["FILTER"], cards["GAIN"], cards["OFFSET"], cards["FOCALLEN"]) == ("Red", 100, 10, 700.0)
        assert cards["SCALE"] == pytest.approx(206.265 * 5.2 / 700, rel=1e-3)


def test_lights_are_calibrated_with_darks_that_the_same_camera_took_under_the_roof(clear):
    built = {(each["kind"], each["frames"]) for each in clear.events("master-built")}
    assert built == {("bias", 3), ("dark", 3)}
    assert len([*(clear.folder / "data" / "real" / "products").rglob("*_calibrated.fits")]) == 3


def test_a_camera_driver_that_is_killed_in_an_exposure_is_noticed_and_its_frame_taken_again(houses):
    house = houses["camera killed"]
    (failed,) = house.events("block-failed")
    begun = [each for each in house.events("exposure-started") if when(each) < when(failed)]
    assert "'CCD Simulator' has gone" in failed["reason"]
    assert (when(failed) - when(begun[-1])).total_seconds() < NOTICED_S
    assert len(lights(house, "frame-accepted")) == 3
    assert len(house.events("roof-opened")) == 1


def test_what_is_taken_after_a_driver_began_anew_is_as_cold_as_what_came_before(houses):
    house = houses["camera killed"]
    lights = [*(house.folder / "data" / "real" / "archive").rglob("light/**/*.fits")]
    assert len(lights) == 3
    assert [fits.getheader(path)["CCD-TEMP"] for path in lights] == pytest.approx([14.0] * 3, abs=0.6)


def test_a_night_on_the_server_of_somebody_else_takes_its_frames_and_leaves_the_server_as_it_is(houses):
    house = houses["another's server"]
    assert len(lights(house, "frame-accepted")) == 3
    assert house.events("night-finished")
    assert begun(house) == []
    assert house.foreign.poll() is None


def test_where_somebody_elses_server_hangs_the_roof_is_unsafe_people_are_called_and_it_closes_once_it_can(houses):
    house = houses["another's server frozen"]
    unsafe = next(each for each in house.after("verdict") if not each["safe"])
    assert (when(unsafe) - house.harmed).total_seconds() < MAX_AGE_S + NOTICED_S
    assert when(house.after("close-failed")[0]) < when(house.after("roof-closed")[0])
    assert when(house.after("mount-parked")[0]) < when(house.after("roof-closed")[0])


def test_where_somebody_elses_server_goes_nobody_begins_another_and_nothing_opens(houses):
    house = houses["another's server frozen"]
    assert not house.after("verdict")[-1]["safe"]
    assert not house.after("roof-opened")
    assert begun(house) == []


def begun(house: ForeignHouse) -> list[Any]:
    """The programs that the guard has begun."""
    return [each for path in house.folder.glob(".obsy/*/children.json") for each in json.loads(path.read_text())]


def test_rain_closes_the_roof_over_a_parked_mount_and_it_opens_again_when_it_has_been_dry(wet):
    wanted = ("roof-opened", "mount-parked", "roof-closed", "night-finished")
    order = [each["event"] for each in wet.entries() if each["event"] in wanted]
    spell = ["roof-opened", "mount-parked", "roof-closed"]
    assert order[order.index("roof-opened") :] == [*spell, *spell, "night-finished"]
    (unsafe,) = [each for each in wet.events("verdict") if not each["safe"] and "rain 5" in each["reason"]]
    closed = next(each for each in wet.events("roof-closed") if when(each) > when(unsafe))
    assert (when(closed) - when(unsafe)).total_seconds() < CLOSES_WITHIN_S


def test_a_night_begun_in_the_dark_takes_what_its_lights_need_before_it_opens(wet):
    opened = when(wet.events("roof-opened")[0])
    built = {(each["kind"], each.get("filter")) for each in wet.events("master-built") if when(each) < opened}
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
    assert {each["filter"] for each in wet.events("stack-built")} == {"R", "G"}
    assert [*(wet.folder / "data" / "real" / "reports").glob("*.html")]
    assert wet.night.returncode == 0
