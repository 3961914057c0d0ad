"""What processing has to say, brought into the journal at the night's own pace."""

from collections.abc import Mapping
from queue import SimpleQueue

from obsy.engine.events import EVENTS
from obsy.engine.night.context import NightContext

TOLD = {"frame-quarantined", "archive-refused", "live-stack-failed", "stack-failed"}
"""What a person must hear of; everything else the night learns by asking for it."""
EVERY_S = 60.0


class Notices:
    """Filled in processing's thread, emptied in the night's."""

    def __init__(self) -> None:
        """Nothing to tell."""
        self._waiting: SimpleQueue[tuple[str, Mapping[str, object]]] = SimpleQueue()

    def hear(self, name: str, facts: Mapping[str, object]) -> None:
        """Keep what must be told."""
        if name in TOLD:
            self._waiting.put((name, facts))

    def tell(self, context: NightContext) -> None:
        """Journal what has been heard."""
        while not self._waiting.empty():
            name, facts = self._waiting.get()
            context.log(EVENTS[name](**facts))

    async def keep_telling(self, context: NightContext) -> None:
        """Tell for ever, once a minute."""
        while True:
            self.tell(context)
            await context.ports.clock.sleep(EVERY_S)
