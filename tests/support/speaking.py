"""A guard that a test speaks for: at the socket where the guard of a site is asked, from threads of its own."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from obsy.engine.runtime.guard.wire import PROTOCOL, Said, understood, written
from obsy.engine.safety.lock import claim


@dataclass
class SpokenGuard:
    """Greets whoever calls, hears what it is asked, and answers as it is told to, for as long as its block runs."""

    name: str
    """What it holds; see `guard_of`."""
    greeting: dict[str, Any] = field(default_factory=dict)
    """Besides its protocol."""
    answer: Callable[[Said], Said | None] = lambda asked: None
    """What it says to a question; nothing if that is None."""
    heard: list[Said] = field(default_factory=list)
    lines: list[socket.socket] = field(default_factory=list)
    """The connections that are open."""

    def __enter__(self) -> Self:
        self.held = claim(self.name)
        self.serving = threading.Thread(target=self._serve)
        self.serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        with suppress(OSError):
            self.held.shutdown(socket.SHUT_RDWR)
        self.serving.join()
        self.held.close()

    def asked(self, *words: str) -> list[tuple[str, str]]:
        """Return of which roofs what was asked, of these words or of all."""
        asked = [(each["roof"], each["ask"]) for each in [*self.heard] if "ask" in each]
        return [each for each in asked if not words or each[1] in words]

    def hang_up(self) -> None:
        """End every connection."""
        for line in [*self.lines]:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        talking = []
        with suppress(OSError):
            while True:
                line, _ = self.held.accept()
                self.lines.append(line)
                talking.append(threading.Thread(target=self._talk, args=(line,)))
                talking[-1].start()
        self.hang_up()
        for each in talking:
            each.join()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as words, suppress(OSError):
            line.sendall(written({"protocol": PROTOCOL, **self.greeting}))
            for said in map(understood, words):
                self.heard.append(said)
                if "ask" in said and (answer := self.answer(said)) is not None:
                    line.sendall(written({"id": said["id"], **answer}))
        self.lines.remove(line)
