"""What a state of the table does, by the word that stands after `do`; a new activity is one file and one line here."""

from collections.abc import Awaitable, Callable

from obsy.engine.night.activities import calibrate, close, finish, observe, open, rest, wait
from obsy.engine.night.context import NightContext

ACTIVITIES: dict[str, Callable[[NightContext], Awaitable[None]]] = {
    "wait": wait.run,
    "calibrate": calibrate.run,
    "open": open.run,
    "observe": observe.run,
    "close": close.run,
    "finish": finish.run,
    "rest": rest.run,
}
