"""A list is loaded if the scheduler had nothing to say of it; what it says of the weather meanwhile is no complaint.

A profile is started when all of it is there, or it is told in time that it is not.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from obsy.engine.devices.ekos.scheduler import CAPTURING, Ekos, SchedulerState
from obsy.engine.devices.simulated.clock import VirtualLoop
from obsy.errors import DeviceError, DeviceTimeout


class SaidBus:
    """A message bus on which the scheduler says a line, newest first, when it loads a list."""

    def __init__(self, line: str) -> None:
        self._line, self._log = line, ["2026-11-27T20:00:00 before"]

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        if method == "loadScheduler" and self._line:
            self._log.insert(0, f"2026-11-27T20:44:44 {self._line}")
        return True

    async def read(self, path: str, interface: str, name: str) -> object:
        return list(self._log)


@pytest.mark.parametrize("line", ["", "Weather conditions are OK.", "Weather conditions have changed to OK."])
def test_a_list_of_which_nothing_is_said_is_loaded(line: str) -> None:
    asyncio.run(Ekos(SaidBus(line)).load(Path("night.esl")))


def test_a_job_that_is_dropped_is_a_complaint() -> None:
    with pytest.raises(DeviceError, match="Target name is required"):
        asyncio.run(Ekos(SaidBus("Target name is required.")).load(Path("night.esl")))


class Kstars:
    """A message bus on which KStars answers what it is told to, and notes what it was asked of which part."""

    def __init__(self, statuses: Callable[[float], tuple[int, int]] = lambda _: (2, 2)) -> None:
        self.statuses = statuses
        self.answers: dict[str, object] = {"setProfile": True, "loadScheduler": True, "getProfiles": ["A", "B"]}
        self.values: dict[str, object] = {"status": 2, "logText": ["newest", "", "oldest"]}
        self.told: list[str] = []
        self.refuses: set[str] = set()

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        self.told.append(" ".join([path.rpartition("/")[2], method, *words]))
        assert interface.lower().endswith(path.rpartition("/")[2].lower()) or method == "trigger"
        if method in self.refuses:
            raise DeviceError(f"KStars refused '{method}'")
        return self.answers.get(method)

    async def read(self, path: str, interface: str, name: str) -> object:
        if name in self.refuses:
            raise DeviceError(f"KStars was asked '{name}', but its message bus has gone")
        if name in {"ekosStatus", "indiStatus"}:
            return self.statuses(asyncio.get_running_loop().time())[name == "indiStatus"]
        return self.values[name]


def started_s(kstars: Kstars, patience_s: float = 30.0) -> float:
    """After how many seconds a profile is there."""

    async def start() -> float:
        await Ekos(kstars).start("A", patience_s)
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(start())


def test_a_profile_is_started_when_ekos_and_its_devices_are_there() -> None:
    kstars = Kstars(lambda now_s: (2 if now_s >= 3.2 else 1, 2 if now_s >= 6.7 else 0))
    assert started_s(kstars) == 7.0
    assert kstars.told == ["Ekos setProfile A", "Ekos start"]


def test_a_profile_that_is_not_there_is_told_with_those_that_are() -> None:
    for answer in (False, None):
        kstars = Kstars()
        kstars.answers["setProfile"] = answer
        with pytest.raises(DeviceError, match=r"EKOS has no profile 'A'; it has \['A', 'B'\]"):
            started_s(kstars)
        assert "Ekos start" not in kstars.told


def test_a_profile_that_fails_is_told_at_once_and_one_that_never_comes_in_time() -> None:
    with pytest.raises(DeviceError, match=r"could not start the profile 'A' \(EKOS, INDI: \[2, 3\]\)"):
        started_s(Kstars(lambda now_s: (2, 3 if now_s >= 4.0 else 1)))
    with pytest.raises(DeviceTimeout, match="EKOS had not started the profile 'A' after 30 s"):
        started_s(Kstars(lambda _: (2, 1)))


def test_kstars_answers_if_it_says_how_ekos_is() -> None:
    kstars = Kstars()
    assert asyncio.run(Ekos(kstars).answers()) is True
    kstars.refuses = {"ekosStatus"}
    assert asyncio.run(Ekos(kstars).answers()) is False


def test_a_list_takes_the_place_of_all_jobs_and_one_that_cannot_be_opened_is_told() -> None:
    kstars = Kstars()
    asyncio.run(Ekos(kstars).load(Path("night.esl")))
    assert kstars.told == ["Scheduler removeAllJobs", "Scheduler loadScheduler night.esl"]
    kstars.answers["loadScheduler"] = False
    with pytest.raises(DeviceError, match="EKOS was given night.esl and answered: False"):
        asyncio.run(Ekos(kstars).load(Path("night.esl")))


def test_what_the_scheduler_does_and_said_is_read() -> None:
    kstars = Kstars()
    assert asyncio.run(Ekos(kstars).log()) == ["newest", "oldest"]
    kstars.values["logText"] = "nothing"
    assert asyncio.run(Ekos(kstars).log()) == []
    said = ("idle", "startup", "running", "paused", "shutdown", "aborted", "loading")
    for number, word in enumerate(said):
        kstars.values["status"] = number
        assert asyncio.run(Ekos(kstars).state()) is SchedulerState[word.upper()]


def test_it_is_set_going_and_stopped_with_its_exposure_and_its_jobs_also_where_nothing_is_exposed() -> None:
    kstars = Kstars()
    asyncio.run(Ekos(kstars).run())
    assert kstars.told == ["Scheduler start"]
    for kstars.refuses in (set(), {"abort"}):
        kstars.told.clear()
        asyncio.run(Ekos(kstars).abort())
        assert kstars.told == ["Scheduler stop", "Capture abort", "Scheduler removeAllJobs"]


def test_it_exposes_while_the_capture_module_says_so() -> None:
    kstars = Kstars()
    for number in range(15):
        kstars.values["status"] = number
        assert asyncio.run(Ekos(kstars).is_exposing()) is (number == CAPTURING)


def test_kstars_is_asked_to_quit() -> None:
    kstars = Kstars()
    asyncio.run(Ekos(kstars).quit())
    assert kstars.told == ["quit trigger"]


@pytest.mark.parametrize("lie", [None, "", "2", (2,), 9])
def test_a_state_that_obsy_does_not_know_is_a_fault_of_the_device(lie: object) -> None:
    kstars = Kstars()
    kstars.values["status"] = lie
    with pytest.raises(DeviceError, match="answered|which obsy does not know"):
        asyncio.run(Ekos(kstars).state())
