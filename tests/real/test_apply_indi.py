"""`obsy apply --runner indi`, the whole way, without KStars: obsy moves each of INDI's simulators itself."""

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

from tests.support.house import MAX_AGE_S, ForeignHouse, IndiHouse, SteppedHouse
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow(minutes=6),
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("indiserver") is None, reason="indiserver is not installed"),
]
CAMERA = "indi_simulator_ccd"
NIGHT_S = 480.0
NOTICED_S = 10.0


def nothing(_house: IndiHouse) -> None: ...


def camera_killed(house: IndiHouse) -> None:
    """Kill the driver as it exposes for the second time."""
    wait_until(lambda: over(house) or len(events(house, "exposure-started")) > 1, NIGHT_S, 0.1)
    os.kill(house.program(CAMERA), signal.SIGKILL)


def server_frozen_and_killed(house: ForeignHouse) -> None:
    """Freeze the server that obsy did not begin, once it exposes, let it go on when people are called, and kill it."""
    wait_until(lambda: over(house) or events(house, "exposure-started"), NIGHT_S, 0.1)
    house.harmed = datetime.now(UTC)
    house.foreign.send_signal(signal.SIGSTOP)
    wait_until(lambda: over(house) or after(house, "close-failed"), NIGHT_S, 0.5)
    house.foreign.send_signal(signal.SIGCONT)
    wait_until(lambda: over(house) or after(house, "roof-closed"), NIGHT_S, 0.5)
    house.foreign.kill()
    known = len(after(house, "alarm"))
    wait_until(lambda: over(house) or after(house, "alarm")[known:], NIGHT_S, 0.5)
    house.night.kill()


def after(house: ForeignHouse, name: str) -> list[dict[str, Any]]:
    return [each for each in events(house, name) if when(each) >= house.harmed]


NIGHTS: dict[str, Callable[[Any], None]] = {
    "clear": nothing,
    "camera killed": camera_killed,
    "another's server": nothing,
    "another's server frozen": server_frozen_and_killed,
}
HOUSES = {name: ForeignHouse for name in NIGHTS if name.startswith("another")} | {"clear": SteppedHouse}


def events(house: IndiHouse, name: str) -> list[dict[str, Any]]:
    return [each for each in house.entries() if each["event"] == name]


def over(house: IndiHouse) -> bool:
    return house.night is not None and house.night.poll() is not None


def when(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["time"])


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, IndiHouse]]:
    """All nights, played side by side: most of them is waiting."""
    made = {name: HOUSES.get(name, IndiHouse)(tmp_path_factory.mktemp("night") / "here") for name in NIGHTS}

    def play(name: str) -> None:
        made[name].begin()
        NIGHTS[name](made[name])
        wait_until(lambda: over(made[name]), NIGHT_S, 0.5)

    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(play, made))
        yield made
    finally:
        for house in made.values():
            house.end()


@pytest.fixture(scope="module")
def clear(houses: dict[str, IndiHouse]) -> IndiHouse:
    return houses["clear"]


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
    (centred,) = events(clear, "centred")
    assert centred["off_arcsec"] <= 60.0
    order = [e["event"] for e in clear.entries() if e["event"] in ("centred", "guiding-started", "exposure-started")]
    assert order[:3] == ["centred", "guiding-started", "exposure-started"]
    assert [each["with"] for each in events(clear, "dithered")] == ["guider"] * 2
    assert len(clear.phd2.dithers) == 2
    assert clear.phd2.state == "Stopped"


def test_the_focus_is_found_where_the_simulator_has_it(clear):
    (focused,) = events(clear, "focused")
    assert focused["position"] == pytest.approx(36_700, abs=1_000)


def test_a_light_says_what_it_is_for_and_through_what_it_was_taken(clear):
    for path in (clear.folder / "data" / "real" / "archive").rglob("light/**/*.fits"):
        cards = fits.getheader(path)
        assert (cards["OBSYTRAI"], cards["OBSYPLAN"], cards["OBSYGOAL"]) == ("refractor", "zenith", "R-4s")
        assert (cards["FILTER"], cards["GAIN"], cards["OFFSET"], cards["FOCALLEN"]) == ("Red", 100, 10, 700.0)
        assert cards["SCALE"] == pytest.approx(206.265 * 5.2 / 700, rel=1e-3)


def test_lights_are_calibrated_with_darks_that_the_same_camera_took_under_the_roof(clear):
    built = {(each["kind"], each["frames"]) for each in events(clear, "master-built")}
    assert built == {("bias", 3), ("dark", 3)}
    assert len([*(clear.folder / "data" / "real" / "products").rglob("*_calibrated.fits")]) == 3


def test_a_camera_driver_that_is_killed_in_an_exposure_is_noticed_and_its_frame_taken_again(houses):
    house = houses["camera killed"]
    (failed,) = events(house, "block-failed")
    begun = [each for each in events(house, "exposure-started") if when(each) < when(failed)]
    assert "'CCD Simulator' has gone" in failed["reason"]
    assert (when(failed) - when(begun[-1])).total_seconds() < NOTICED_S
    assert len([each for each in events(house, "frame-accepted") if each["kind"] == "light"]) == 3
    assert len(events(house, "roof-opened")) == 1


def test_what_is_taken_after_a_driver_began_anew_is_as_cold_as_what_came_before(houses):
    house = houses["camera killed"]
    lights = [*(house.folder / "data" / "real" / "archive").rglob("light/**/*.fits")]
    assert len(lights) == 3
    assert [fits.getheader(path)["CCD-TEMP"] for path in lights] == pytest.approx([14.0] * 3, abs=0.6)


def test_a_night_on_the_server_of_somebody_else_takes_its_frames_and_leaves_the_server_as_it_is(houses):
    house = houses["another's server"]
    assert len([each for each in events(house, "frame-accepted") if each["kind"] == "light"]) == 3
    assert events(house, "night-finished")
    assert begun(house) == []
    assert house.foreign.poll() is None


def test_where_somebody_elses_server_hangs_the_roof_is_unsafe_people_are_called_and_it_closes_once_it_can(houses):
    house = houses["another's server frozen"]
    unsafe = next(each for each in after(house, "verdict") if not each["safe"])
    assert (when(unsafe) - house.harmed).total_seconds() < MAX_AGE_S + NOTICED_S
    assert when(after(house, "close-failed")[0]) < when(after(house, "roof-closed")[0])
    assert when(after(house, "mount-parked")[0]) < when(after(house, "roof-closed")[0])


def test_where_somebody_elses_server_goes_nobody_begins_another_and_nothing_opens(houses):
    house = houses["another's server frozen"]
    assert not after(house, "verdict")[-1]["safe"]
    assert not after(house, "roof-opened")
    assert begun(house) == []


def begun(house: ForeignHouse) -> list[Any]:
    """The programs that the guard has begun."""
    return [each for path in house.folder.glob(".obsy/*/children.json") for each in json.loads(path.read_text())]
