"""What is said over a connection arrives as it was said, or not at all."""

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.runtime.guard import wire as wires
from obsy.engine.runtime.guard.memory import joined
from obsy.engine.runtime.guard.wire import (
    ASKS,
    LONGEST,
    PROTOCOL,
    Wire,
    dial,
    greeting,
    guard_of,
    question,
    serve,
    understood,
    written,
)
from obsy.engine.safety.lock import address, claim
from obsy.errors import DeviceError
from tests.support.speaking import SpokenGuard
from tests.support.waiting import wait_until

MEGABYTE = 1 << 20


def test_who_has_hung_up_is_told_no_more_and_what_was_said_before_still_arrives() -> None:
    async def story() -> list[object]:
        here, there = joined()
        here.send({"said": "before"})
        there.close()
        here.send({"said": "after"})
        there.send({"said": "by whom has gone"})
        return [await there.read(), await there.read(), await here.read()]

    assert asyncio.run(story()) == [{"said": "before"}, None, None]


def test_in_memory_nobody_has_a_process_and_each_end_hears_the_other() -> None:
    async def story() -> list[object]:
        here, there = joined()
        assert (here.holder, here.heard_s, here.hears) == ("", float("-inf"), False), "nothing is known of the other"
        here.send({"to": "there"})
        there.send({"to": "here"})
        found = [here.process, there.process, await here.read(), await there.read()]
        here.close()
        return found

    assert asyncio.run(story()) == [None, None, {"to": "here"}, {"to": "there"}]


def test_a_message_is_one_line_without_blanks_in_its_own_letters() -> None:
    assert written({"reason": "böig\nund naß", "n": [1, None]}) == '{"reason":"böig\\nund naß","n":[1,null]}\n'.encode()


@pytest.mark.parametrize("words", ["x" * MEGABYTE, "é" * MEGABYTE, ["n" * 300] * 300, {"each": ["ü" * 9000] * 9}])
def test_what_is_too_long_for_a_line_is_said_in_cut_words(words: Any) -> None:
    said = understood(written({"roof": "roll-off", "facts": {"reason": words, "count": 7, "fair": True, "none": None}}))
    assert said["roof"] == "roll-off"
    facts = said["facts"]
    assert {name: facts[name] for name in ("count", "fair", "none")} == {"count": 7, "fair": True, "none": None}
    assert "…" in str(facts["reason"])


@pytest.mark.parametrize(("most", "count"), [(2000, 29), (200, 310)])
def test_words_are_cut_to_so_many_characters_and_shorter_ones_stay_whole(most: int, count: int) -> None:
    words = ["ü" * 9000, "u" * (most + 1), *["n" * most] * count]
    said = understood(written({"each": words}))["each"]
    assert said == ["ü" * (most - 1) + "…", "u" * (most - 1) + "…", *["n" * most] * count]


def test_what_just_fits_into_a_line_is_said_whole() -> None:
    said = {"a": "x" * 65527}
    assert len(written(said)) == LONGEST
    assert understood(written(said)) == said


def test_what_is_too_long_even_so_is_not_said_and_ends_no_connection(capsys: pytest.CaptureFixture[str]) -> None:
    async def story() -> object:
        here, there = joined()
        here.send({"notes": [0] * LONGEST})
        here.send({"said": "after"})
        found = await there.read()
        here.close()
        return found

    assert asyncio.run(story()) == {"said": "after"}
    assert "not said: a message of 131" in capsys.readouterr().err


def test_a_process_that_cannot_be_seen_from_here_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "peer", lambda line: (0, os.getuid()))

    async def story() -> int | None:
        own, other = socket.socketpair()
        with own, other:
            wire = Wire(*await asyncio.open_connection(sock=own))
            wire.close()
            return wire.process

    assert asyncio.run(story()) is None


def test_a_line_may_be_as_long_as_is_said_and_no_longer() -> None:
    longest = b'{"a":"' + b"x" * 65527 + b'"}\n'
    assert len(longest) == 65536
    assert understood(longest) == {"a": "x" * 65527}
    with pytest.raises(DeviceError, match="no message"):
        understood(b" " + longest)


@pytest.mark.parametrize("line", [b"", b"[]\n", b"7\n", b"null\n", b"\xff\n", b"{\n", b"[" * 60000])
def test_what_is_no_object_is_no_message(line: bytes) -> None:
    with pytest.raises(DeviceError, match="the line is no message"):
        understood(line)


@pytest.mark.parametrize("ask", ASKS)
def test_a_question_has_a_number_a_roof_and_a_word_that_is_known(ask: str) -> None:
    said = {"id": 0, "roof": "", "ask": ask}
    assert question(said) == (0, "", ask)
    for wrong in ({"id": True}, {"id": "0"}, {"id": None}, {"roof": None}, {"roof": 3}, {"ask": "fly"}, {"ask": None}):
        with pytest.raises(DeviceError, match="asks nothing that is known"):
            question({**said, **wrong})


def test_a_guard_is_found_from_wherever_its_site_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert guard_of(Path(), "hill") == guard_of(tmp_path, "hill") == f"the guard of the site 'hill' in {tmp_path}"
    assert guard_of(tmp_path, "dale") != guard_of(tmp_path, "hill") != guard_of(tmp_path / "x", "hill")


def over_a_socket(story: Callable[[Wire, socket.socket], Awaitable[Any]]) -> Any:
    """What becomes of a story of one end, and of a plain socket at the other."""

    async def play() -> Any:
        own, other = socket.socketpair()
        with other:
            wire = Wire(*await asyncio.open_connection(sock=own, limit=LONGEST))
            try:
                async with asyncio.timeout(10.0):
                    return await story(wire, other)
            finally:
                wire.close()

    return asyncio.run(play())


def test_the_kernel_says_which_process_is_at_the_other_end() -> None:
    async def story(wire: Wire, _: socket.socket) -> int | None:
        return wire.process

    assert over_a_socket(story) == os.getpid()


@pytest.mark.parametrize("said", [b"", b'{"open":[]}'], ids=["nothing", "half a line"])
def test_who_goes_without_ending_a_line_has_gone(said: bytes) -> None:
    async def story(wire: Wire, other: socket.socket) -> list[object]:
        other.sendall(b'{"whole":1}\n' + said)
        other.close()
        return [await wire.read(), await wire.read()]

    assert over_a_socket(story) == [{"whole": 1}, None]


def test_who_goes_without_having_read_all_has_gone() -> None:
    async def story(wire: Wire, other: socket.socket) -> object:
        wire.send({"said": "unread"})
        await asyncio.sleep(0)
        other.close()
        return await wire.read()

    assert over_a_socket(story) is None


def test_a_line_that_is_too_long_is_no_message() -> None:
    async def story(wire: Wire, other: socket.socket) -> object:
        other.setblocking(False)
        sending = asyncio.ensure_future(asyncio.get_running_loop().sock_sendall(other, b"x" * (3 * LONGEST)))
        try:
            return await wire.read()
        finally:
            sending.cancel()

    with pytest.raises(DeviceError, match="no message"):
        over_a_socket(story)


def test_who_does_not_read_is_hung_up_on_and_not_waited_for() -> None:
    async def story(wire: Wire, other: socket.socket) -> tuple[int, bool]:
        wire._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        sent, line = 0, {"said": "x" * 60000}
        while not wire._writer.is_closing() and sent < 4 * MEGABYTE:
            wire.send(line)
            sent += len(written(line))
        wire.send(line)
        return sent, wire._writer.is_closing()

    sent, hung_up = over_a_socket(story)
    assert hung_up
    assert MEGABYTE < sent < 1.5 * MEGABYTE


@contextmanager
def at(guard: str, said: bytes) -> Iterator[None]:
    """Let somebody who says so much, and no more, be there for as long as the block runs."""
    over = threading.Event()

    def greet(held: socket.socket) -> None:
        with held.accept()[0] as line:
            line.sendall(said)
            over.wait(10.0)

    with closing(claim(guard)) as held:
        greeting_one = threading.Thread(target=greet, args=(held,))
        greeting_one.start()
        try:
            yield
        finally:
            over.set()
            greeting_one.join()


def test_a_guard_is_asked_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = guard_of(tmp_path, "hill")
    known = {"process": os.getpid(), "own": True}
    assert greeting(guard) is None
    with at(guard, written({"protocol": PROTOCOL, "roofs": ["dome"]})):
        assert greeting(guard) == {"protocol": PROTOCOL, "roofs": ["dome"], **known}
    with at(guard, b"[]\n"):
        assert greeting(guard) == known
    with at(guard, b"x" * (LONGEST + 1)):
        assert greeting(guard) == known
    monkeypatch.setattr(wires, "GREETS_WITHIN_S", 0.05)
    with at(guard, b""):
        assert greeting(guard) == known, "it is there, and says nothing in time"


def test_a_guard_that_passes_for_another_process_is_not_believed(tmp_path: Path) -> None:
    guard = guard_of(tmp_path, "hill")
    with at(guard, written({"protocol": PROTOCOL, "process": 1, "own": False})):
        assert greeting(guard) == {"protocol": PROTOCOL, "process": os.getpid(), "own": True}


def test_a_guard_is_dialled_where_it_is_claimed(tmp_path: Path) -> None:
    guard = guard_of(tmp_path, "hill")

    async def ask() -> object:
        wire = await dial(guard)
        try:
            return await wire.read()
        finally:
            wire.close()

    with at(guard, written({"protocol": PROTOCOL})):
        assert asyncio.run(ask()) == {"protocol": PROTOCOL}
    with pytest.raises(OSError, match="refused"):
        asyncio.run(ask())


def test_more_than_a_hundred_may_wait_for_a_guard_that_is_busy(tmp_path: Path) -> None:
    guard = guard_of(tmp_path, "hill")

    async def busy() -> None:
        server = await serve(claim(guard), lambda reader, writer: asyncio.sleep(0))
        with ExitStack() as lines:
            for _ in range(130):
                line = lines.enter_context(socket.socket(socket.AF_UNIX))
                line.setblocking(False)
                line.connect(address(guard))  # raises BlockingIOError where no more may wait
        server.close()

    asyncio.run(busy())


def test_whoever_is_neither_this_user_nor_root_is_none_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = socket.socketpair()
    with own, other:
        assert wires.is_one_of_us(own)
        real = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: real + 1)
        assert wires.is_one_of_us(own) is (real == 0)


def test_a_guard_of_another_user_is_hung_up_on_before_it_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "is_one_of_us", lambda _: False)

    async def ask(guard: SpokenGuard) -> None:
        with pytest.raises(OSError, match=f"{guard.name} is another user's") as refused:
            await dial(guard.name)
        assert await asyncio.to_thread(wait_until, lambda: not guard.lines)
        assert refused.value.__traceback__ is not None, "which still holds the connection"

    with SpokenGuard(guard_of(tmp_path, "hill")) as guard:
        asyncio.run(ask(guard))
