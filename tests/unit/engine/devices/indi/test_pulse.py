"""A server is asked for each of its drivers, and not believed to answer for one that hangs."""

import asyncio
from socket import gaierror

import pytest

from obsy.engine.devices.indi import pulse
from tests.support.indi import IndiServer

DEVICES = ("Dome Simulator", 'The "old" & <true> mount')
AT_ONCE_S, IN_TIME_S = 0.1, 20.0
LOOKS = pulse.BEGINS_LOOKS + pulse.LOOKS


def hangs(host: str) -> set[str]:
    """Who is said to hang once it was looked often enough."""

    async def looked() -> set[str]:
        seen = pulse.Pulse((host, 1), DEVICES)
        return [await seen.hanging() for _ in range(LOOKS)][-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pulse, "LOOK_S", 0.0)
        return asyncio.run(looked())


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


@pytest.mark.parametrize(
    "fault",
    [
        OSError(113, "No route to host"),
        OSError(101, "Network is unreachable"),
        OSError("Multiple exceptions: [Errno 113] No route to host, [Errno 101] Network is unreachable"),
        gaierror(-2, "Name or service not known"),
        UnicodeError("label empty or too long"),
        ConnectionRefusedError(111, "Connection refused"),
    ],
)
def test_an_unplugged_cable_or_a_missing_name_is_silence(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr(asyncio, "open_connection", fails)
    assert hangs("pier.local") == set(DEVICES)


def test_a_server_whose_name_is_none_is_silent() -> None:
    assert hangs("a..b") == set(DEVICES)


@pytest.mark.parametrize("lack", [12, 23, 24, 105])
def test_that_this_process_cannot_ask_is_no_silence(lack: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise OSError(lack, "no room")

    monkeypatch.setattr(asyncio, "open_connection", fails)
    assert hangs("pier.local") == set()


def test_while_no_file_can_be_opened_a_name_that_is_not_found_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoSocket:
        def __init__(self) -> None:
            raise OSError(24, "Too many open files")

    async def asked() -> set[str]:
        monkeypatch.setattr(pulse.socket, "socket", NoSocket)
        try:
            return await pulse.answering(("pier.invalid", 1), DEVICES, IN_TIME_S)
        finally:
            monkeypatch.undo()

    with pytest.raises(OSError, match="Too many open files"):
        asyncio.run(asked())


def test_who_is_silent_hangs_after_so_many_looks_and_has_time_then() -> None:
    """One driver alone may be busy for longer; that nobody answers is the server's."""
    heard: list[set[str]] = []
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def answers(*_: object) -> set[str]:
        return heard.pop(0)

    async def looks(rounds: list[set[str]]) -> list[int]:
        heard[:] = rounds
        seen = pulse.Pulse(("127.0.0.1", 1), DEVICES)
        return [number for number in range(len(rounds)) if await seen.hanging()]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio, "sleep", nap)
        patched.setattr(pulse, "answering", answers)
        all_of_them, one = set(DEVICES), {DEVICES[0]}
        assert asyncio.run(looks([set()] * 18)) == [8, 17]
        assert asyncio.run(looks([all_of_them] * 3 + [set()] * 12)) == [5, 14]
        assert asyncio.run(looks([one] * 24)) == [11, 23]
        assert asyncio.run(looks([all_of_them] * 2 + [one] * 5 + [all_of_them] + [one] * 6)) == [13]
    assert naps == [pulse.LOOK_S] * (18 + 15 + 24 + 14)
