"""The guard of a drill: a process that keeps one real roof by the guard's own code, as long as its drill lives.

python -m obsy.engine.drills.real.guard ROOT SITE ROOF [anew]. Each line at stdin is one of `boundary.ORDERS`; at its
end, after an hour, and for every signal, the roof is closed, and then this ends. No night finds it where it answers.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from obsy.engine.declare.equipment import equipment_to_keep
from obsy.engine.drills.real.boundary import ORDERS, Wrong, WrongReach
from obsy.engine.drills.real.by_day import LASTS, by_day, check_may_be_drilled, drill_of, only_roof
from obsy.engine.journal import tell_stderr
from obsy.engine.runtime import reach
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.runtime.guard.guard import Guard
from obsy.engine.runtime.signals import TOLD_BY
from obsy.engine.safety.lock import claim, only_keeper
from obsy.errors import UserError


def keep(root: Path, site: str, roof: str, *, anew: bool = False) -> None:
    """Keep the roof until it is closed by order. Raise UserError if it may not be drilled, or another keeps it.

    anew: after one that has ended, perhaps over an open roof, which is closed whether it may be drilled now or not.
    """
    found = only_roof(equipment_to_keep(root, site), roof)
    if not anew:
        check_may_be_drilled(found, datetime.now(UTC))
    wrong, safety = Wrong(), by_day(found.safety)
    guard = Guard(replace(found, safety=safety), root / ".obsy" / f"indi-{site}", WrongReach(reach, wrong))
    with only_keeper(devices(found, root)), closing(claim(drill_of(root, site))) as at:
        guard.note = lambda when, event: None  # people are here
        asyncio.run(_as_long_as_it_lasts(guard, wrong, lambda: guard.run(at)))


async def _as_long_as_it_lasts(guard: Guard, wrong: Wrong, run: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        guard.ending.ordered = True

    def obey() -> None:
        said = os.read(sys.stdin.fileno(), 4096).decode().split()
        if not said:
            loop.remove_reader(sys.stdin)
            end()
        elif said[-1] in ORDERS:
            wrong.now = said[-1]

    for number in TOLD_BY:
        loop.add_signal_handler(number, end)
    loop.add_reader(sys.stdin, obey)
    loop.call_later(LASTS.total_seconds(), end)
    await run()


if __name__ == "__main__":
    try:
        keep(Path(sys.argv[1]), *sys.argv[2:4], anew="anew" in sys.argv[4:])
    except UserError as refusal:
        tell_stderr(f"obsy: {refusal}")
        raise SystemExit(1) from None
