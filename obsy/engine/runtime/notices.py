"""What processing has to say, brought into the journal at the night's own pace."""

from queue import SimpleQueue

from obsy.engine.events import Event
from obsy.engine.night.context import NightContext

EVERY_S = 60.0


class Notices:
    """Filled in processing's thread, emptied in the night's."""

    def __init__(self) -> None:
        """Nothing to tell."""
        self._waiting: SimpleQueue[Event] = SimpleQueue()

    def hear(self, event: Event) -> None:
        """Keep what must be told."""
        self._waiting.put(event)

    def tell(self, context: NightContext) -> None:
        """Journal what has been heard."""
        while not self._waiting.empty():
            context.log(self._waiting.get())

    async def keep_telling(self, context: NightContext) -> None:
        """Tell for ever, once a minute."""
        while True:
            self.tell(context)
            await context.ports.clock.sleep(EVERY_S)
