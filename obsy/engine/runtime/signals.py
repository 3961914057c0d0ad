"""What ends a night from outside: ^C, `kill`, and a terminal that is closed."""

import asyncio
import signal

from obsy.engine.journal import tell_stderr

TOLD_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STILL_CLOSING = "obsy: closing goes on; it ends by itself when the roof is seen closed"


def end_at_the_first() -> None:
    """Let the first signal cancel the task that calls this; every further one is only answered.

    An impatient person must not interrupt the closing of a roof. It holds until the event loop is closed.
    """
    task, loop, told = asyncio.current_task(), asyncio.get_running_loop(), False

    def hear() -> None:
        nonlocal told
        if told:
            tell_stderr(STILL_CLOSING)
        elif task is not None:
            told = task.cancel()

    for each in TOLD_BY:
        if signal.getsignal(each) is signal.SIG_IGN:  # `nohup`
            continue
        loop.add_signal_handler(each, hear)
