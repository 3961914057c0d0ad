"""What may hang is done beside those who ask for it."""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread


class Aside:
    """A thread that does one thing after the other, beside those who ask; a hanging disk or screen holds up only it."""

    def __init__(self) -> None:
        self._deeds: SimpleQueue[tuple[Future[None], Callable[[], None]]] = SimpleQueue()
        self._thread: Thread | None = None

    def do(self, deed: Callable[[], None]) -> "Future[None]":
        """Return at once; the future is done when the deed is."""
        done: Future[None] = Future()
        self._deeds.put((done, deed))
        if self._thread is None:
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()
        return done

    def settle(self, within_s: float) -> None:
        """Return when all that was asked is done, or has taken too long."""
        with suppress(FutureTimeout):
            self.do(lambda: None).result(within_s if self._thread else 0.0)

    def _run(self) -> None:
        while True:
            done, deed = self._deeds.get()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                deed()
            except BaseException as failure:  # noqa: BLE001 - raised where it was asked
                done.set_exception(failure)
            else:
                done.set_result(None)
