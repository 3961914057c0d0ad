"""Nothing that a person has in EKOS is overwritten, and what cannot be told is not taken for nothing."""

import asyncio

import pytest

from obsy.engine.devices.ekos.scheduler import SchedulerState
from obsy.engine.devices.ekos.user_list import check_empty
from obsy.errors import DeviceError

OLD, NEW = (3, 6, 2), (3, 7, 1)


class Kstars:
    """A message bus on which EKOS tells its jobs."""

    def __init__(self, **said: object) -> None:
        self.said = {"status": 0, "getJobCount": 0, "jsonJobs": "[]"} | said

    async def read(self, path: str, interface: str, name: str) -> object:
        return self.said[name]

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        return self.said[method]


def check(version: tuple[int, int, int], *, promised: bool = False, **said: object) -> None:
    asyncio.run(check_empty(Kstars(**said), version, promised=promised))


def test_a_version_that_tells_its_jobs_needs_no_word_and_its_jobs_are_named():
    check(NEW)
    with pytest.raises(DeviceError, match="has the jobs M 31, NGC 7331, which obsy's would replace: save it"):
        check(NEW, promised=True, jsonJobs='[{"name": "M 31"}, {"name": "NGC 7331"}]')


@pytest.mark.parametrize("said", [None, "", "{}", "null", 7])
def test_an_answer_that_is_no_list_is_not_taken_for_an_empty_one(said: object):
    with pytest.raises(DeviceError, match="was asked its jobs and answered"):
        check(NEW, promised=True, jsonJobs=said)


def test_an_older_one_needs_the_word_of_its_owner():
    with pytest.raises(DeviceError, match="3.6.2 does not tell whether .* say '--list-is-empty'"):
        check(OLD)
    check(OLD, promised=True)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_sequence_of_the_capture_module_is_kept_in_every_version(version: tuple[int, int, int]):
    with pytest.raises(DeviceError, match="has a sequence of 3 jobs"):
        check(version, promised=True, getJobCount=3)


def test_a_scheduler_at_work_is_left_alone():
    for state in SchedulerState:
        if state in {SchedulerState.IDLE, SchedulerState.ABORTED}:
            check(OLD, promised=True, status=int(state))
            continue
        with pytest.raises(DeviceError, match=rf"at work \({state.name.lower()}\): stop it first"):
            check(OLD, promised=True, status=int(state))


@pytest.mark.parametrize("lie", [None, "", "0", (0,), False, -1, 9])
def test_a_state_that_is_none_is_not_taken_for_idle(lie: object):
    with pytest.raises(DeviceError, match="answered|which obsy does not know"):
        check(OLD, promised=True, status=lie)


@pytest.mark.parametrize("lie", [None, "", "0", False])
def test_a_count_that_is_none_is_not_taken_for_no_jobs(lie: object):
    with pytest.raises(DeviceError, match="'getJobCount' and answered"):
        check(OLD, promised=True, getJobCount=lie)
