"""The library that speaks INDI, against a server that goes away."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from xml.etree.ElementTree import fromstring

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.connection import Blob, Vector
from obsy.errors import DeviceError, DeviceTimeout
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


DEFINED = """\
<defNumberVector device="{0}" name="SPEED" label="" group="" state="Busy" perm="ro">
<defNumber name="SLOW" label="" format="%g" min="0" max="9" step="1">2.5</defNumber>
<defNumber name="FAST" label="" format="%g" min="0" max="9" step="1">7</defNumber></defNumberVector>
<defTextVector device="{0}" name="WORDS" label="" group="" state="Idle" perm="rw">
<defText name="PORT" label="">/dev/ttyS0</defText></defTextVector>
<defLightVector device="{0}" name="LIGHTS" label="" group="" state="Alert">
<defLight name="RAIN" label="">Busy</defLight></defLightVector>
<defSwitchVector device="{0}" name="DOME_PARK" label="" group="" state="Ok" perm="rw" rule="OneOfMany">
<defSwitch name="PARK" label="Park it">On</defSwitch><defSwitch name="UNPARK" label="">Off</defSwitch></defSwitchVector>
<defBLOBVector device="{0}" name="CCD1" label="" group="" state="Idle" perm="ro">
<defBLOB name="CCD1" label=""/></defBLOBVector>
"""
FILE = """\
<setBLOBVector device="{0}" name="CCD1" state="Ok">
<oneBLOB name="CCD1" size="3" enclen="4" format=".fits">T0JT</oneBLOB></setBLOBVector>
"""


def talk(deed: Callable[[IndiServer, "client.IndiConnection"], Awaitable[None]]) -> None:
    """Do something over a line to a dome that has told what it has."""

    async def play() -> None:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            server.say(DEFINED.format(DOME))
            await comes(lambda: line.vector(DOME, "DOME_PARK") is not None)
            await deed(server, line)
            line.close()

    asyncio.run(play())


def test_what_a_device_has_is_told_as_it_is() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        told = {name: line.vector(DOME, name) for name in ("SPEED", "WORDS", "LIGHTS", "DOME_PARK")}
        assert {name: (each.state, dict(each.values), each.writable) for name, each in told.items()} == {
            "SPEED": ("Busy", {"SLOW": 2.5, "FAST": 7.0}, False),
            "WORDS": ("Idle", {"PORT": "/dev/ttyS0"}, True),
            "LIGHTS": ("Alert", {"RAIN": "Busy"}, False),
            "DOME_PARK": ("Ok", {"PARK": True, "UNPARK": False}, True),
        }
        assert {each.received for each in told.values()} == {None}
        assert [dict(each.labels) for each in told.values()] == [{}, {}, {}, {"PARK": "Park it", "UNPARK": ""}]
        assert [line.good(DOME, name) for name in told] == [line.busy(DOME, name) for name in told] == [None] * 4
        server.say(
            f'<setTextVector device="{DOME}" name="WORDS" state="Ok"><oneText name="PORT">x</oneText></setTextVector>'
        )
        await comes(lambda: line.good(DOME, "WORDS") is not None)
        assert line.good(DOME, "WORDS") is line.vector(DOME, "WORDS")
        assert line.good(DOME, "WORDS").received is not None and line.busy(DOME, "WORDS") is None
        line.forget(["another"])
        assert line.vector(DOME, "WORDS") is not None
        line.forget([DOME])
        assert (line.vector(DOME, "WORDS"), line.good(DOME, "WORDS"), line.losses(DOME)) == (None, None, 1)
        line.recall(["another"])
        assert line.vector(DOME, "WORDS") is None
        line.recall([DOME])
        assert line.vector(DOME, "WORDS").values == {"PORT": "x"} and line.vector(DOME, "WORDS").received is None

    talk(deed)


def test_what_it_is_told_names_what_changes_and_one_switch_alone_is_on() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        server.told = b""
        line.press(DOME, "DOME_PARK", "UNPARK")
        line.put(DOME, "SPEED", {"FAST": 3.0})
        line.put(DOME, "WORDS", {"PORT": "/dev/ttyS1"})
        line.listen(DOME)
        await comes(lambda: b"</enableBLOB>" in server.told)
        told = [
            (each.tag, each.get("name"), {item.get("name"): (item.text or "").strip() for item in each})
            for each in fromstring(b"<all>" + server.told + b"</all>")
        ]
        assert told[0] == ("newSwitchVector", "DOME_PARK", {"UNPARK": "On"}), "libindi tells what is on"
        assert told[1][:2] == ("newNumberVector", "SPEED")
        assert {name: float(said) for name, said in told[1][2].items()} == {"SLOW": 2.5, "FAST": 3.0}
        assert told[2] == ("newTextVector", "WORDS", {"PORT": "/dev/ttyS1"})
        assert told[3][0] == "enableBLOB" and b">Also</enableBLOB>" in server.told

    talk(deed)


def test_a_silent_device_that_is_taken_away_does_not_come_back() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        server.say(DEFINED.format("another"))
        await comes(lambda: line.vector("another", "DOME_PARK") is not None)
        line.forget([DOME, "another"])
        server.say(f'<delProperty device="{DOME}"/>')
        await comes(lambda: line.losses(DOME) == 2)
        line.recall([DOME, "another"])
        assert (line.vector(DOME, "DOME_PARK"), line.vector("another", "DOME_PARK").state) == (None, "Ok")
        line.close()
        await comes(lambda: server.left == 1)

    talk(deed)


def test_a_file_is_taken_once_as_it_came() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        line.listen(DOME)
        server.say(FILE.format(DOME))
        files: list[Blob | None] = []
        await comes(lambda: files.append(line.take(DOME, "CCD1")) or files[-1] is not None)
        assert files[-1] == Blob(b"OBS", ".fits") and line.take(DOME, "CCD1") is None

    talk(deed)


def test_what_is_not_there_cannot_be_told_anything() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        with pytest.raises(DeviceError, match="'Dome Simulator' has no property DOME_SHUTTER now"):
            line.press(DOME, "DOME_SHUTTER", "SHUTTER_OPEN")
        with pytest.raises(DeviceError, match="DOME_PARK of the INDI device 'Dome Simulator' has no element AWAY"):
            line.press(DOME, "DOME_PARK", "AWAY")
        server.say(f'<delProperty device="{DOME}" name="WORDS"/>')
        await comes(lambda: line.vector(DOME, "WORDS") is None)
        with pytest.raises(DeviceError, match="has no property WORDS now"):
            line.put(DOME, "WORDS", {"PORT": "x"})
        line.hang_up()
        with pytest.raises(DeviceError, match="'Dome Simulator' has gone: it has no DOME_PARK now"):
            line.press(DOME, "DOME_PARK", "PARK")

    talk(deed)


def test_a_device_that_is_not_connected_is_told_to_connect() -> None:
    async def deed(server: IndiServer, line: "client.IndiConnection") -> None:
        words = (
            '<setSwitchVector device="{0}" name="CONNECTION" state="Ok">'
            + "".join(
                f'<oneSwitch name="{name}CONNECT">{{{place}}}</oneSwitch>' for place, name in enumerate(("", "DIS"), 1)
            )
            + "</setSwitchVector>"
        )
        server.say(words.format(DOME, "Off", "On"))
        await comes(lambda: line.vector(DOME, "CONNECTION").chosen() == "DISCONNECT")
        server.told = b""
        waits = asyncio.ensure_future(line.ready(DOME))
        await comes(lambda: b"</newSwitchVector>" in server.told)
        assert not waits.done()
        server.say(words.format(DOME, "On", "Off"))
        await waits

    talk(deed)


def test_where_no_server_answers_it_is_said_where() -> None:
    async def play() -> None:
        async with IndiServer() as server:
            port = server.port
        line = client.IndiConnection(WallClock(), "127.0.0.1", port)
        for asks in (line.ready, line.known):
            with pytest.raises(DeviceError, match=f"no INDI server answers at 127.0.0.1:{port}"):
                await asks(DOME)

    asyncio.run(play())


def test_a_server_that_takes_its_time_is_waited_for_no_longer_than_said(monkeypatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(client, "CONNECT_S", 0.01)
    monkeypatch.setattr(client._Notes, "connectServer", lambda _: over.wait(PATIENCE_S))

    async def play() -> None:
        with pytest.raises(DeviceTimeout, match="the INDI server at 127.0.0.1:1 did not answer"):
            await client.IndiConnection(WallClock(), "127.0.0.1", 1).ready(DOME)
        over.set()

    asyncio.run(play())


def test_what_a_device_has_is_waited_for_once_and_not_for_what_others_have() -> None:
    comes = [(DOME, "P0"), ("another", "P1"), (DOME, "P2")]

    class Telling(WallClock):
        async def sleep(self, seconds: float) -> None:
            if seconds < client.QUIET_S:
                await super().sleep(seconds)
            else:
                line._notes.newest[comes.pop(0)] = Vector("Ok", {})

    async def play() -> None:
        nonlocal line
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(Telling(), "127.0.0.1", server.port)
            await line.known(DOME)
            await line.known(DOME)
            line.close()

    line: client.IndiConnection
    asyncio.run(play())
    assert comes == [(DOME, "P2")]


def test_who_hangs_up_counts_nothing_any_more_before_the_library_has_let_go(monkeypatch) -> None:
    async def play() -> list[object]:
        seen = list[object]()
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            await line.ready(DOME)
            leave = client._Notes.disconnectServer

            def slowly(notes: client._Notes) -> object:
                seen.append((notes.connected, dict(notes.newest), line.losses(DOME)))
                notes.newest[DOME, "DOME_PARK"] = Vector("Ok", {"PARK": True})  # comes meanwhile
                return leave(notes)

            monkeypatch.setattr(client._Notes, "disconnectServer", slowly)
            await asyncio.to_thread(line.hang_up)
            seen.append(line.vector(DOME, "DOME_PARK"))
        return seen

    assert asyncio.run(play()) == [(False, {}, 1), None]


def test_the_library_may_call_as_soon_as_it_is_begun(monkeypatch) -> None:
    begin = client.PyIndi.BaseClient.__init__

    def at_once(notes: client._Notes) -> None:
        begin(notes)
        notes.serverDisconnected(0)

    monkeypatch.setattr(client.PyIndi.BaseClient, "__init__", at_once)
    assert not client._Notes(Counter()).connected
