"""A plan's `alert` is judged while the night runs: by the frames of its target that were just accepted."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import isfinite

from obsy.engine.declare.observatory import Observatory
from obsy.engine.events.observing import StarBeyond
from obsy.engine.journal import read
from obsy.engine.night.context import NightContext
from obsy.engine.night_record import Capture
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.store.store import Store, StoreError
from obsy.errors import UserError
from obsy.schemas.plan import Plan

LAST = 12
"""The newest frames of a plan by which it is judged: their zero points are worked out anew each time."""


def watches(observatory: Observatory) -> bool:
    """Return whether any plan's target is watched, and has stars to be compared with."""
    return bool(observatory.comparisons) and any(plan.alert is not None for plan in observatory.plans)


@dataclass(slots=True)
class Watching:
    """What a night has told of watched stars: each side of each plan once, however often the night is taken up."""

    setup: NightSetup
    contexts: Sequence[NightContext]
    told: set[tuple[str, str]] = field(default_factory=set)
    """Plan and side."""
    _newest: dict[str, deque[str]] = field(default_factory=dict)
    """By plan, the files that were accepted, as the camera called them."""
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "watching"))

    def begin(self) -> None:
        """Know what an earlier run of this night has told, and look at each frame that is accepted from now on."""
        journal = read(self.setup.data_root.journal(self.setup.asked.day))
        self.told |= {(each["plan"], each["side"]) for each in journal if each["event"] == StarBeyond.name}
        for context in self.contexts:
            context.accepted = partial(self._take, context)

    def _take(self, context: NightContext, capture: Capture) -> None:
        plan = next((each for each in self.setup.observatory.plans if each.name == capture.plan), None)
        if plan is None or plan.alert is None or capture.kind != "light":
            return
        files = self._newest.setdefault(plan.name, deque(maxlen=LAST))
        files.append(capture.facts(context.incoming)["frame"])
        context.send(self._look(context, plan, frozenset(files)))

    async def _look(self, context: NightContext, plan: Plan, files: frozenset[str]) -> None:
        work = self._beside.submit(self._found, plan, files)
        for event in await context.ports.clock.settle(work, context.now()):
            if (plan.name, event.side) not in self.told:
                self.told.add((plan.name, event.side))
                context.note(event)

    def _found(self, plan: Plan, files: frozenset[str]) -> list[StarBeyond]:
        """Return what is to be told of a plan by some of its frames; nothing where they cannot be compared."""
        from obsy.engine.runtime.comparisons import compared_with  # noqa: PLC0415  few nights watch; it needs astropy
        from obsy.engine.runtime.photometry import magnitudes, tables_of  # noqa: PLC0415  likewise
        from obsy.engine.science.watched_star import crossing  # noqa: PLC0415  likewise

        observatory, day = self.setup.observatory, self.setup.asked.day
        try:
            stars = compared_with(observatory, plan)
            with Store(self.setup.data_root.known_store()) as store:
                tables = tables_of(store, plan.name, day, files)
            found = magnitudes(observatory, plan, tables, stars).filters if tables else ()
        except (UserError, StoreError):  # which the page tells, or the next frame tries again
            return []
        by_v = [each for each in found if each.filter in V] or found
        told = [(each, crossing(each.found, plan.alert)) for each in by_v if plan.alert]
        return [
            StarBeyond(
                plan=plan.name, star=stars.of, side=by.side, limit=by.limit, magnitude=round(by.magnitude, 3),
                error=round(by.error, 3) if isfinite(by.error) else None, filter=each.filter, train=each.train or None,
            )
            for each, by in told if by
        ]  # fmt: skip


V = "V", "CV", "TG"
"""Filters that are compared in V: a limit is one of V where the plan takes any of them, else one of each filter."""
