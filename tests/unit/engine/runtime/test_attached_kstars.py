"""A KStars that is begun anew in mid-night is held against what is declared before a roof opens or a block begins."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.user_profile import UserProfile
from obsy.engine.devices.ports import Job
from obsy.engine.runtime.attached_kstars import AttachedExecutor, AttachedKStars
from obsy.engine.runtime.attaching import Host
from obsy.errors import DeviceError, UserError
from obsy.schemas.address import ServerAddress
from tests.support.ekos import simulated_equipment

PIER = UserProfile("Pier", ServerAddress("localhost", 7624), is_local=False)
FIRST = Host(simulated_equipment(), dialect_of((3, 6, 2)), PIER)
SECOND = Host(simulated_equipment(), dialect_of((3, 7, 1)), PIER._replace(name="Dome"))


class Session:
    """A message bus with a KStars that is always ready, and another one in its place when a test says so."""

    def __init__(self) -> None:
        self.connection, self.looked = ":1.1", 0
        self.fits: Host | Exception = SECOND
        self.begun_meanwhile = ""
        self.said = {"ekosStatus": 2, "indiStatus": 2, "camera": "CCD Simulator", "filterWheel": "CCD Simulator"}

    async def owner(self) -> str:
        return self.connection

    async def read(self, path: str, interface: str, name: str) -> object:
        return self.said[name]

    async def call(self, path: str, interface: str, method: str, *words: str) -> object:
        return ["Focuser Simulator", "CCD Simulator", "Telescope Simulator"]

    async def fit(self) -> Host:
        self.looked += 1
        self.connection = self.begun_meanwhile or self.connection
        if isinstance(self.fits, Exception):
            raise self.fits
        return self.fits


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def kstars(session: Session) -> AttachedKStars:
    return AttachedKStars(session, session.fit, FIRST, ":1.1")


def lacks(kstars: AttachedKStars) -> str:
    return asyncio.run(kstars.lacks())


def test_the_one_that_was_found_fit_is_not_looked_at_again(session: Session, kstars: AttachedKStars) -> None:
    assert (lacks(kstars), session.looked, kstars.host) == ("", 0, FIRST)


def test_another_one_is_looked_at_once_and_blocks_are_for_it_from_then_on(
    session: Session, kstars: AttachedKStars
) -> None:
    session.connection = ":1.2"
    assert [lacks(kstars), lacks(kstars)] == ["", ""]
    assert (session.looked, kstars.host) == (1, SECOND)


@pytest.mark.parametrize("fault", [DeviceError("it stands at 51.47"), UserError("make them one"), OSError("no /proc")])
def test_another_one_that_does_not_fit_is_in_the_way_until_it_does(
    session: Session, kstars: AttachedKStars, fault: Exception
) -> None:
    session.connection, session.fits = ":1.2", fault
    for _ in range(2):
        assert lacks(kstars) == f"KStars was started anew: {fault}"
        with pytest.raises(DeviceError, match=str(fault)):
            asyncio.run(kstars.check())
    assert (session.looked, kstars.host) == (4, FIRST)
    session.fits = SECOND
    assert (lacks(kstars), kstars.host) == ("", SECOND)


def test_one_that_is_begun_while_another_is_looked_at_is_not_taken_for_it(
    session: Session, kstars: AttachedKStars
) -> None:
    session.connection, session.begun_meanwhile = ":1.2", ":1.3"
    assert lacks(kstars) == "KStars was started anew while it was looked at"
    assert (lacks(kstars), session.looked) == ("", 2)


def test_while_ekos_is_not_at_work_that_is_told_and_nothing_else_asked(
    session: Session, kstars: AttachedKStars
) -> None:
    session.connection, session.said["ekosStatus"] = ":1.2", 0
    assert lacks(kstars) == "EKOS is not at work: start its profile in KStars"
    assert session.looked == 0


def test_a_block_that_was_written_for_the_one_before_is_not_loaded(session: Session, kstars: AttachedKStars) -> None:
    asyncio.run(kstars.check_same())
    session.connection = ":1.2"
    with pytest.raises(DeviceError, match="while a block was written for the one before"):
        asyncio.run(kstars.check_same())
    asyncio.run(kstars.check_same())


class Blocks:
    """Writes blocks, and notes for which KStars."""

    def __init__(self) -> None:
        self.hosts: list[Host] = []
        self.is_closed = False
        self.focused: dict[str, object] = {}

    async def written_for(self, host: Host) -> "Blocks":
        self.hosts.append(host)
        return self

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        try:
            yield Path("one.fits")
            yield Path("two.fits")
        finally:
            self.is_closed = True


def first_file(kstars: AttachedKStars, blocks: Blocks) -> Path:
    async def take() -> Path:
        async with aclosing(AttachedExecutor(kstars, blocks.written_for).run(None)) as files:
            return await anext(files)

    return asyncio.run(take())


def test_each_block_is_for_the_kstars_that_is_there_when_it_begins(session: Session, kstars: AttachedKStars) -> None:
    blocks = Blocks()
    assert first_file(kstars, blocks) == Path("one.fits")
    assert blocks.is_closed  # at once: what EKOS exposes is stopped by it
    session.connection = ":1.2"
    first_file(kstars, blocks)
    assert blocks.hosts == [FIRST, SECOND]


def test_no_block_begins_with_one_that_does_not_fit(session: Session, kstars: AttachedKStars) -> None:
    session.connection, session.fits, blocks = ":1.2", DeviceError("it stands at 51.47"), Blocks()
    with pytest.raises(DeviceError, match="it stands at 51.47"):
        first_file(kstars, blocks)
    assert not blocks.hosts
