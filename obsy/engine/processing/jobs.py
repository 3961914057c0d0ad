"""A registered frame on its way to a grade: lights are reduced, calibration frames are looked at."""

from collections import defaultdict
from functools import partial

from obsy.engine.library.master import Masters
from obsy.engine.processing import lights
from obsy.engine.processing.check import CheckOrder, CheckResult, check_calibration
from obsy.engine.processing.live import StackQueues
from obsy.engine.processing.outcome import Outcome
from obsy.engine.processing.room import Room
from obsy.engine.processing.rules import Credit
from obsy.engine.processing.stacks import is_stacked, key, live_order
from obsy.engine.reduce.orders import LightResult, LiveResult
from obsy.engine.store.frames import Grade, credit, frame, grade
from obsy.engine.store.record import FrameRecord


class Jobs:
    """Has workers judge frames and writes their grades; each frame is under way once at a time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._under_way: dict[str, set[str]] = defaultdict(set)
        self._lines = StackQueues()

    def join(self, sha256: str, name: str) -> bool:
        """Whether the frame is under way; if so its grade will be told for this file too."""
        if sha256 not in self._under_way:
            return False
        self._under_way[sha256].add(name)
        return True

    def begin(self, record: FrameRecord, name: str) -> None:
        """Have a frame judged."""
        self._under_way[record.sha256].add(name)
        if record.kind != "light":
            rules = self._room.rules
            source = self._room.folders.full(record.path)
            order = CheckOrder(source, record.kind, rules.shape, rules.optics.saturation_adu)
            self._room.bench.submit(check_calibration, order, partial(self._checked, record))
        elif wanted := self._room.rules.credit(self._room.frame(record)):
            self._reduce(record, wanted, live=is_stacked(wanted))
        else:
            self._finish(record, Grade(accepted=None, reason=lights.NO_PLAN))

    def again(self, record: FrameRecord) -> None:
        """Reduce a light once more if the library now has what it lacked."""
        wanted = self._room.rules.credit(self._room.frame(record))
        if wanted and len(self._room.masters_for(record).missing) < len(record.missing):
            self._under_way[record.sha256].add(record.source)
            self._reduce(record, wanted, live=False)

    def answer(self, name: str, record: FrameRecord) -> None:
        """Tell whoever asks what the store knows of this frame."""
        self._room.outcomes.answer(name, Outcome(bool(record.accepted), record.reason, dict(record.measures)))

    def _reduce(self, record: FrameRecord, wanted: Credit, *, live: bool) -> None:
        credit(record.sha256, wanted.plan, wanted.goal)
        masters = self._room.masters_for(record)
        order = lights.order(record, wanted, masters, self._room.rules, self._room.folders)
        if live:
            self._lines.expect(key(record), record.sha256)
        self._room.bench.submit(self._room.craft.reduce_light, order, partial(self._reduced, record, wanted, masters))

    def _reduced(self, record: FrameRecord, wanted: Credit, masters: Masters, result: LightResult | Exception) -> None:
        if isinstance(result, Exception):
            verdict = Grade(accepted=None, reason=f"not-reduced: {result}", missing=masters.missing)
        else:
            verdict = lights.grade(result, masters, self._room.folders)
        self._finish(record, verdict)
        joins = frame(record.sha256) if verdict.accepted and verdict.aligned else None
        self._lines.settle(key(record), record.sha256, joins)
        self._add_live(key(record), wanted)

    def _checked(self, record: FrameRecord, result: CheckResult | Exception) -> None:
        if isinstance(result, Exception):
            self._finish(record, Grade(accepted=None, reason=f"not-checked: {result}"))
            return
        measures = {"level_adu": result.level_adu, "saturated": result.saturated}
        self._finish(record, Grade(accepted=not result.reason, reason=result.reason, measures=measures))

    def _finish(self, record: FrameRecord, verdict: Grade) -> None:
        grade(record.sha256, verdict)
        outcome = Outcome(bool(verdict.accepted), verdict.reason, dict(verdict.measures or {}))
        for name in sorted(self._under_way.pop(record.sha256, set())):
            self._room.outcomes.answer(name, outcome)
        self._room.tell(
            "frame-graded",
            {
                "frame": record.source,
                "object": record.object,
                "filter": record.filter,
                "kind": record.kind,
                "accepted": verdict.accepted,
                "reason": verdict.reason,
            },
        )

    def _add_live(self, stack: tuple[str, str], wanted: Credit) -> None:
        if joining := self._lines.next(stack):
            order = live_order(joining, wanted, self._room.folders)
            self._room.bench.submit(self._room.craft.add_live, order, partial(self._added, stack, wanted))

    def _added(self, stack: tuple[str, str], wanted: Credit, result: LiveResult | Exception) -> None:
        self._lines.free(stack)
        facts: dict[str, object] = {"object": stack[0], "filter": stack[1]}
        if isinstance(result, Exception):
            self._room.tell("live-stack-failed", facts | {"reason": str(result)})
        else:
            self._room.tell("live-stack", facts | {"frames": result.frames, "preview": str(result.preview)})
        self._add_live(stack, wanted)
