"""What breaks over INDI, and how long it takes until the roof begins to close, by the words of the devices themselves.

Every fault has an observatory of its own, and all of them happen at the same time: most of it is waiting.
"""

import importlib.util
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.ci import is_ci
from tests.support.house import DOME, MAX_AGE_S, MOUNT, WEATHER, EkosHouse, House
from tests.support.lateness import Lateness
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow(minutes=3),
    pytest.mark.timeout(900),  # the first test waits for all that the others look at
    pytest.mark.skipif(shutil.which("indiserver") is None, reason="indiserver is not installed"),
]
SOON_S = 5.0
"""How long after the moment at which it must be known."""
PATIENCE_S = 60.0
"""How long `if_not_parked` waits below."""
LEASE_S, HANGS_S = 30.0, 15.0
"""What is promised: a night that says nothing for so long has no roof open, and a guard that does is ended."""
RESTARTS = 10
"""So often INDI's server starts a driver again."""
STARTS = (
    (MOUNT, "asked TELESCOPE_PARK - PARK"),
    (DOME, "asked DOME_SHUTTER - SHUTTER_CLOSE"),
    (DOME, "said DOME_SHUTTER Busy SHUTTER_CLOSE"),
)
"""What arrives at a device, or what it says, when closing starts."""
CLOSED = (DOME, "said DOME_SHUTTER Ok SHUTTER_CLOSE")
RAIN = "say WEATHER_RAIN_HOUR 5"


def rain(house: House) -> None:
    house.order(WEATHER, RAIN)


def weather_killed(house: House) -> None:
    """Kill the driver as often as the server starts it again."""
    killed = set[int]()
    for _ in range(1 + RESTARTS):
        driver = wait_until(lambda: {house.driver(WEATHER)} - killed).pop()
        os.kill(driver, signal.SIGKILL)
        killed.add(driver)


def frozen(driver: str) -> Callable[[House], None]:
    return lambda house: os.kill(house.driver(driver), signal.SIGSTOP)


def says(*orders: tuple[str, str]) -> Callable[[House], None]:
    return lambda house: [house.order(*order) for order in orders] and None


def server_killed(house: House) -> None:
    os.kill(house.server, signal.SIGKILL)


def night_ends(how: signal.Signals) -> Callable[[House], None]:
    return lambda house: os.kill(house.night.pid, how) if house.night else None


def guard_ends(how: signal.Signals) -> Callable[[House], None]:
    """End the guard as it begins to rain: nobody but the next one can see that."""

    def deed(house: House) -> None:
        os.kill(house.guard, how)
        rain(house)

    return deed


def mount_frozen(house: House) -> None:
    os.kill(house.driver(MOUNT), signal.SIGSTOP)
    rain(house)


def kstars_killed(house: House) -> None:
    assert isinstance(house, EkosHouse)
    os.kill(house.kstars, signal.SIGKILL)
    rain(house)


@dataclass(frozen=True)
class Fault:
    """What happens while the roof stands open over a mount at work."""

    happens: Callable[[House], None]
    within_s: float = MAX_AGE_S + SOON_S
    """How long it may take until closing starts."""
    settings: dict[str, str] = field(default_factory=dict)
    closes: bool = True
    """Whether the shutter can be closed in the end."""
    until: str = ""
    """What people are told before it is mended."""
    mended: tuple[str, str] | None = None
    """What mends it: to which driver what is said."""
    house: type[House] = House


FAULTS = {
    "rain": Fault(rain),
    "the weather's driver is killed": Fault(weather_killed),
    "the weather's driver is frozen": Fault(frozen(WEATHER)),
    "the weather's driver says NaN": Fault(says((WEATHER, "say WEATHER_RAIN_HOUR nan"))),
    "the weather's driver says what cannot be": Fault(says((WEATHER, "say WEATHER_WIND_SPEED 9999"))),
    "the weather's driver says that it cannot read": Fault(says((WEATHER, "state WEATHER_PARAMETERS Alert"))),
    "indiserver is killed": Fault(server_killed),
    "rain, and the mount's driver is frozen": Fault(
        mount_frozen, settings={"choice": f", if_not_parked: close after {PATIENCE_S:g} s"}
    ),
    "rain, and the mount does not park": Fault(
        says((MOUNT, "answer PARK Alert UNPARK"), (WEATHER, RAIN)), until="needs hands", mended=(MOUNT, "honest")
    ),
    "rain, and the shutter sticks": Fault(
        says((DOME, "answer SHUTTER_CLOSE Busy"), (WEATHER, RAIN)),
        settings={"timeout": "10"},
        until="needs hands",
        mended=(DOME, "honest"),
    ),
    "the shutter says closed and is open": Fault(says((DOME, "claim SHUTTER_CLOSE"))),
    "rain, and the dome only says that it closes and parks": Fault(
        says((DOME, "answer SHUTTER_CLOSE Ok"), (DOME, "answer PARK Ok"), (WEATHER, RAIN)),
        until="look whether the roof is closed",
        closes=False,
    ),
    "the night is killed": Fault(night_ends(signal.SIGKILL), within_s=LEASE_S + SOON_S),
    "the night is frozen": Fault(night_ends(signal.SIGSTOP), within_s=LEASE_S + SOON_S),
    "rain, and KStars is killed as it exposes": Fault(kstars_killed, house=EkosHouse),
    "rain, and the guard is killed": Fault(guard_ends(signal.SIGKILL)),
    "rain, and the guard is frozen": Fault(guard_ends(signal.SIGSTOP), within_s=HANGS_S + MAX_AGE_S + SOON_S),
}


@dataclass
class Measured:
    """What became of it, seconds after the fault."""

    starts_s: float
    """Until closing started."""
    closed_s: float | None
    """Until the driver itself said that the shutter is closed; None if it never did."""
    late_s: float
    """How long the machine kept a process waiting that had only to look at the time, until closing started."""
    told: bool
    """Whether people were told what they had to be."""


def play(folder: Path, fault: Fault, lateness: Lateness) -> Measured:
    house = fault.house(folder, fault.settings)
    try:
        house.begin()
        house.until_at_work()
        begun_s, known = time.monotonic(), len(house.told())
        fault.happens(house)
        starts_s = house.first(begun_s, *STARTS)
        told = not fault.until or bool(wait_until(lambda: fault.until in house.told()[known:], 120.0, 0.2))
        closed_s: float | None = None
        if fault.closes:
            if fault.mended:
                house.order(*fault.mended)
            closed_s = house.first(starts_s, CLOSED, within_s=PATIENCE_S + 120.0)
        late_s = lateness.between(begun_s, starts_s)
        return Measured(starts_s - begun_s, closed_s and closed_s - begun_s, late_s, told)
    finally:
        house.end()


@pytest.fixture(scope="module")
def measured(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Measured | Exception]]:
    if importlib.util.find_spec("PyIndi") is None:
        (pytest.fail if is_ci() else pytest.skip)("pyindi-client not installed; scripts/install.sh installs it")
    lateness, root = Lateness(), tmp_path_factory.mktemp("houses")
    asked = {getattr(each, "callspec", None) and each.callspec.params.get("name") for each in request.session.items}
    faults = {name: fault for name, fault in FAULTS.items() if name in asked}

    def seen(numbered: tuple[int, Fault]) -> Measured | Exception:
        try:
            return play(root / str(numbered[0]), numbered[1], lateness)
        except Exception as failure:
            return failure

    with ThreadPoolExecutor(len(faults)) as pool:
        yield dict(zip(faults, pool.map(seen, enumerate(faults.values())), strict=True))
    lateness.end()


def found(measured: dict[str, Measured | Exception], name: str) -> Measured:
    if isinstance(seen := measured[name], Exception):
        raise seen
    return seen


@pytest.mark.parametrize("name", FAULTS)
def test_closing_starts_in_time(measured, name):
    seen = found(measured, name)
    assert seen.starts_s <= FAULTS[name].within_s + seen.late_s


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.closes])
def test_the_shutter_is_closed_in_the_end(measured, name):
    assert found(measured, name).closed_s is not None


def test_what_was_measured(measured, capsys):
    width = max(map(len, FAULTS))
    with capsys.disabled():  # to stderr: what a process beside pytest says on stdout is lost
        print(f"\n{'fault':<{width}}  closing starts (at most)  closed  machine late", file=sys.stderr)
        for name, seen in measured.items():
            if isinstance(seen, Exception):
                print(f"{name:<{width}}  {type(seen).__name__}", file=sys.stderr)
                continue
            closed = "-" if seen.closed_s is None else f"{seen.closed_s:.1f} s"
            print(f"{name:<{width}}  {seen.starts_s:6.1f} s ({FAULTS[name].within_s:g} s)"
                  f"{closed:>14}  {seen.late_s:6.1f} s", file=sys.stderr)  # fmt: skip
