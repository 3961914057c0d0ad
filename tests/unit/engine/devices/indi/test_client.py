"""The library that speaks INDI, against a server that goes away."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module

import pytest

from obsy.engine.devices.clock import WallClock
from tests.support.indi import IndiServer

pytest.importorskip("PyIndi", reason="pyindi-client is not installed")
client = import_module("obsy.engine.devices.indi.client")
DOME, PATIENCE_S = "Dome Simulator", 20.0


async def comes(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not seen():
            await asyncio.sleep(0.01)


def test_a_device_is_lost_with_its_server_and_by_itself_and_found_again() -> None:
    async def play() -> list[int]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            losses = [line.losses(DOME)]
            await line.ready(DOME)
            losses.append(line.losses(DOME))
            server.hang_up()
            await comes(lambda: line.vector(DOME, "CONNECTION") is None)
            await line.ready(DOME)
            losses.append(line.losses(DOME))
            server.say(f'<delProperty device="{DOME}"/>')
            await comes(lambda: line.vector(DOME, "CONNECTION") is None)
            losses.append(line.losses(DOME))
            line.close()
            return losses

    assert asyncio.run(play()) == [0, 0, 1, 2]


def test_a_driver_that_was_disconnected_was_lost_however_soon_it_is_connected_again() -> None:
    """What it had it defines anew, and says at once what it believes."""
    said = (
        '<setSwitchVector device="{0}" name="CONNECTION" state="{1}">'
        '<oneSwitch name="CONNECT">{2}</oneSwitch><oneSwitch name="DISCONNECT">{3}</oneSwitch></setSwitchVector>'
    )

    async def play() -> list[int]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            losses = [line.losses(DOME)]
            for words in (("Ok", "On", "Off"), ("Idle", "Off", "On"), ("Ok", "On", "Off")):
                before = line.vector(DOME, "CONNECTION")
                server.say(said.format(DOME, *words))
                await comes(lambda before=before: line.vector(DOME, "CONNECTION") is not before)
                losses.append(line.losses(DOME))
            line.close()
            return losses

    assert asyncio.run(play()) == [0, 0, 1, 1]


def test_a_motion_is_remembered_until_its_device_has_gone() -> None:
    moves = (
        '<{0} device="{1}" name="DOME_MOTION" label="" group="" state="{2}" perm="rw" rule="AtMostOne">'
        '<{3} name="DOME_CW" label="">On</{3}></{0}>'
    )

    async def play() -> list[object]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            server.say(moves.format("defSwitchVector", DOME, "Alert", "defSwitch"))
            await comes(lambda: line.vector(DOME, "DOME_MOTION") is not None)
            told = [line.busy(DOME, "DOME_MOTION")]
            for state in ("Busy", "Idle"):
                server.say(moves.format("setSwitchVector", DOME, state, "oneSwitch"))
                await comes(lambda state=state: line.vector(DOME, "DOME_MOTION").state == state)
                told.append(line.busy(DOME, "DOME_MOTION").state)
            line.forget([DOME])
            told.append(line.busy(DOME, "DOME_MOTION"))
            line.close()
            return told

    assert asyncio.run(play()) == [None, "Busy", "Busy", None]


def test_faults_and_turns_are_counted_though_nobody_looks_between() -> None:
    moves = (
        '<{0} device="{1}" name="DOME_PARK" label="" group="" state="{2}" perm="rw" rule="OneOfMany">'
        '<{3} name="PARK" label="">{4}</{3}><{3} name="UNPARK" label="">{5}</{3}></{0}>'
    )

    async def play() -> list[tuple[int, int]]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            counted = [(line.alerts(DOME, "DOME_PARK"), line.turns(DOME, "DOME_PARK"))]

            async def says(kind: str, item: str, words: Sequence[tuple[str, str, str]]) -> None:
                before = line.vector(DOME, "DOME_PARK")
                server.say("".join(moves.format(kind, DOME, state, item, *on) for state, *on in words))
                await comes(lambda: line.vector(DOME, "DOME_PARK") is not before)
                await comes(lambda: line.vector(DOME, "DOME_PARK").state == words[-1][0])
                counted.append((line.alerts(DOME, "DOME_PARK"), line.turns(DOME, "DOME_PARK")))

            await says("defSwitchVector", "defSwitch", [("Idle", "On", "Off")])
            await says("setSwitchVector", "oneSwitch", [("Alert", "On", "Off"), ("Ok", "On", "Off")])
            await says(
                "setSwitchVector", "oneSwitch", [("Busy", "Off", "On"), ("Ok", "Off", "On"), ("Idle", "On", "Off")]
            )
            await says("setSwitchVector", "oneSwitch", [("Idle", "Off", "Off"), ("Ok", "Off", "Off")])
            server.say(f'<delProperty device="{DOME}" name="DOME_PARK"/>')
            await comes(lambda: line.vector(DOME, "DOME_PARK") is None)
            await says("defSwitchVector", "defSwitch", [("Ok", "Off", "Off")])
            line.close()
            return counted

    assert asyncio.run(play()) == [(0, 0), (0, 1), (1, 1), (1, 3), (1, 3), (1, 4)]


def test_a_device_is_known_once_it_has_told_all_that_it_has(monkeypatch) -> None:
    """Its properties come one after the other, long after it says that it is connected."""
    monkeypatch.setattr(client, "QUIET_S", 0.3)
    light = (
        '<defLightVector device="{0}" name="{1}" label="" group="" state="Ok">'
        '<defLight name="a" label="">Ok</defLight></defLightVector>'
    )

    async def play() -> list[bool]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            waits = asyncio.ensure_future(line.known(DOME))
            for number in range(5):
                server.say(light.format(DOME, f"P{number}"))
                await comes(lambda number=number: line.vector(DOME, f"P{number}") is not None)
                await asyncio.sleep(0.1)
            told = [waits.done()]
            await waits
            told.append(line.vector(DOME, "P4") is not None)
            line.close()
            return told

    assert asyncio.run(play()) == [False, True]


def test_who_hangs_up_counts_nothing_any_more_before_the_library_has_let_go(monkeypatch) -> None:
    async def play() -> list[object]:
        seen = list[object]()
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            leave = client._Notes.disconnectServer

            def slowly(notes: client._Notes) -> object:
                seen.append((notes.connected, dict(notes.newest), line.losses(DOME)))
                return leave(notes)

            monkeypatch.setattr(client._Notes, "disconnectServer", slowly)
            await asyncio.to_thread(line.hang_up)
            seen.append(line.losses(DOME))
        return seen

    assert asyncio.run(play()) == [(False, {}, 1), 1]


def test_the_library_may_call_as_soon_as_it_is_begun(monkeypatch) -> None:
    begin = client.PyIndi.BaseClient.__init__

    def at_once(notes: client._Notes) -> None:
        begin(notes)
        notes.serverDisconnected(0)

    monkeypatch.setattr(client.PyIndi.BaseClient, "__init__", at_once)
    assert not client._Notes(Counter()).connected
