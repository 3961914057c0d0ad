"""A server is asked for each of its drivers, and not believed to answer for one that hangs."""

import asyncio

import pytest

from obsy.engine.devices.indi import pulse
from tests.support.indi import IndiServer

DEVICES = ("Dome Simulator", 'The "old" & <true> mount')
AT_ONCE_S, IN_TIME_S = 0.1, 20.0


def answering(server: IndiServer, within_s: float) -> set[str]:
    async def asked() -> set[str]:
        async with server:
            return await pulse.answering(("127.0.0.1", server.port), DEVICES, within_s)

    return asyncio.run(asked())


def test_who_answers_is_heard_however_it_is_called() -> None:
    server = IndiServer()
    assert answering(server, IN_TIME_S) == set(DEVICES)


@pytest.mark.parametrize("silent", [DEVICES[:1], DEVICES])
def test_a_driver_that_hangs_is_not_heard_beside_one_that_answers(silent: tuple[str, ...]) -> None:
    server = IndiServer()
    server.silent = set(silent)
    assert answering(server, AT_ONCE_S) <= set(DEVICES) - set(silent)


def test_a_name_that_the_network_cuts_in_two_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_CHUNK", 64)
    assert answering(IndiServer(), IN_TIME_S) == set(DEVICES)


def test_where_no_server_is_nobody_answers_but_a_process_that_cannot_ask_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def asked() -> set[str]:
        async with IndiServer() as server:
            port = server.port
        return await pulse.answering(("127.0.0.1", port), DEVICES, IN_TIME_S)

    assert asyncio.run(asked()) == set()

    async def full(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(asyncio, "open_connection", full)
    with pytest.raises(OSError, match="Too many open files"):
        asyncio.run(pulse.answering(("127.0.0.1", 1), DEVICES, IN_TIME_S))
