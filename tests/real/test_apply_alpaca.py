"""`obsy apply --runner alpaca`, the whole way, against the package `alpaca-simulators` in an environment of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from astropy.io import fits

from tests.support.alpaca_house import PYTHON, READ_WITHIN_S, AlpacaHouse
from tests.support.ci import is_ci
from tests.support.house import when
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow(minutes=5), pytest.mark.timeout(900)]
NIGHT_S = 660.0
ANSWERS_S, BUSY_S = 5.0, 15.0
"""How long obsy waits for an answer, and what a busy machine adds."""
HEARD_WITHIN_S = 20.0
"""A monitor that says no is asked every 3 s; a machine with fifteen programs at work on two cores took 0.8 s."""


def nothing(house: AlpacaHouse) -> None:
    wait_until(lambda: house.over, NIGHT_S, 0.5)


def monitor_turns(house: AlpacaHouse) -> None:
    """Let the safety monitor say no once it exposes, and see it closed."""
    house.until(lambda: house.events("exposure-started"), NIGHT_S)
    house.harmed = datetime.now(UTC)
    house.have("safetymonitor/0", "issafe", IsSafe=False)
    house.until(lambda: house.after("roof-closed"), NIGHT_S, 0.5)
    house.shutter = json.loads(house.says("dome/0", "shutterstatus"))["Value"]


def server_frozen(house: AlpacaHouse) -> None:
    """Freeze the server once it exposes, let it go on when people are called, and see it closed."""
    house.until(lambda: house.events("exposure-started"), NIGHT_S)
    house.harmed = datetime.now(UTC)
    house.hall.send_signal(signal.SIGSTOP)
    house.until(lambda: house.after("close-failed"), NIGHT_S, 0.5)
    house.hall.send_signal(signal.SIGCONT)
    house.until(lambda: house.after("roof-closed"), NIGHT_S, 0.5)
    house.shutter = json.loads(house.says("dome/0", "shutterstatus"))["Value"]


NIGHTS: dict[str, Callable[[AlpacaHouse], None]] = {
    "clear": nothing,
    "monitor turns": monitor_turns,
    "server frozen": server_frozen,
}


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, AlpacaHouse]]:
    """All nights, played side by side: most of them is waiting."""
    if not PYTHON.exists():
        (pytest.fail if is_ci() else pytest.skip)("alpaca-simulators are not installed: run scripts/real-parts.sh")
    made = {name: AlpacaHouse(tmp_path_factory.mktemp("night") / "here") for name in NIGHTS}

    def play(name: str) -> None:
        made[name].begin()
        NIGHTS[name](made[name])

    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(play, made))
        yield made
    finally:
        for house in made.values():
            house.end()


@pytest.fixture(scope="module")
def clear(houses: dict[str, AlpacaHouse]) -> AlpacaHouse:
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
    wanted = ("roof-opened", "mount-unparked", "slewed", "mount-parked", "roof-closed", "night-finished")
    order = [each["event"] for each in clear.entries() if each["event"] in wanted]
    assert order[order.index("roof-opened") :] == [*wanted]
    assert json.loads(clear.says("dome/0", "shutterstatus"))["Value"] == 1
    assert json.loads(clear.says("telescope/0", "atpark"))["Value"] is True


def test_each_light_is_what_was_asked_for(clear):
    lights = [*(clear.folder / "data" / "real" / "archive").rglob("light/**/*.fits")]
    assert len(lights) == 3
    headers = [fits.getheader(each) for each in lights]
    told = {(each["FILTER"], each["EXPTIME"], each["NAXIS1"], each["NAXIS2"]) for each in headers}
    assert told == {("Red", 4.0, 512, 512)}


def test_a_monitor_that_says_no_closes_the_roof(houses):
    house = houses["monitor turns"]
    (first, *_) = [each for each in house.after("verdict") if not each["safe"]]
    assert first["reason"] == "monitor 0.0 %, below 50" and first["input"] == "watchman"
    assert (when(first) - house.harmed).total_seconds() < HEARD_WITHIN_S
    assert house.after("roof-closed") and house.shutter == 1
    assert not house.after("roof-opened")


def test_a_server_that_hangs_makes_all_unknown_and_is_told_and_closed_as_soon_as_it_can_be(houses):
    house = houses["server frozen"]
    (first, *_) = [each for each in house.after("verdict") if not each["safe"]]
    assert (when(first) - house.harmed).total_seconds() < ANSWERS_S + READ_WITHIN_S + BUSY_S
    assert house.after("close-failed") and house.after("roof-closed") and house.shutter == 1
