"""How each mount spent the dark: exposing, on the way between frames, or idle, and then why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from obsy.engine.night_record import INTERRUPTED, Capture, NightRecord, Span, joined
from obsy.engine.observed import BlockRun, GaveWay, PlanLeft, Wait
from obsy.engine.report.inputs import ReportInputs, TrainPlace
from obsy.engine.report.plans import shot
from obsy.engine.schedule.learned import LearnedOverheads
from obsy.engine.separation import is_west

NEVER, NOTHING_LEFT = "nothing could be taken", "nothing was left that could be taken"
DOING = {
    "calibrating": "calibration frames were taken",
    "opening": "the roof opened",
    "closing": "the roof closed",
    "waiting": NEVER,
    "sheltering": "waiting for it to stay safe",
    "observing": "between two blocks",
    "catching-up": NOTHING_LEFT,
    "finishing": NOTHING_LEFT,
    "finished": NOTHING_LEFT,
    INTERRUPTED: "obsy did not run",
}
"""What the states of the usual table say of an idle mount."""
FAULT = "after a fault"
NO_CAUSE = frozenset({DOING["observing"], DOING["closing"]})
"""What after the last block says no more than that nothing was left."""


@dataclass(frozen=True, slots=True)
class BlockStory:
    """One block: what lay between its frames, as the schedule expected it and as it was, in seconds."""

    run: BlockRun
    frames: int
    expected_s: float
    actual_s: float


@dataclass(frozen=True, slots=True)
class Idle:
    """When a mount did nothing for one reason."""

    words: str
    spans: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        """Together."""
        return sum(span.seconds for span in self.spans)


@dataclass(frozen=True, slots=True)
class MountStory:
    """One mount's dark hours, in seconds: `dark_s` is the sum of the exposed, those on the way, and the idle."""

    mount: str
    trains: tuple[str, ...]
    dark_s: float
    exposed_s: float
    """Trains that expose at once are counted once."""
    idle: tuple[Idle, ...]
    """The longest first."""
    blocks: tuple[BlockStory, ...]
    """Those that took frames."""
    flips: int | None
    """How often it changed sides; None for one that need not, or of which nobody noted it."""
    focus: tuple[int, int]
    """Runs that found a focus, and that found none."""
    changes: tuple[PlanLeft, ...] = ()
    """Where it left its plan."""
    learned: tuple[tuple[str, LearnedOverheads], ...] = ()
    """Each train, and how long its steps took in the nights before."""

    @property
    def idle_s(self) -> float:
        """All of it."""
        return sum(each.seconds for each in self.idle)

    @property
    def between_s(self) -> float:
        """Slewing, focusing, changing filters and reading out."""
        return max(0.0, self.dark_s - self.exposed_s - self.idle_s)

    @property
    def overheads_s(self) -> tuple[float, float]:
        """Of the blocks that took frames: as the schedule expected, and as they were."""
        return sum(each.expected_s for each in self.blocks), sum(each.actual_s for each in self.blocks)


def spent(
    record: NightRecord, inputs: ReportInputs, dark: Span | None, unsafe: Sequence[Span]
) -> tuple[MountStory, ...]:
    """Return how each mount spent the dark: all of it, or of a night that is not finished, so far."""
    if dark is None or record.last is None:
        return ()
    dark = dark if record.finished else Span(dark.start, min(dark.end, record.last))
    if dark.seconds <= 0:
        return ()
    known = [each.train for each in record.captures if each.kind == "light"] + [run.train for run in record.blocks]
    places = {**inputs.places, **{train: TrainPlace() for train in known if train not in inputs.places}}
    return tuple(
        _mount(places, name, (record, dark, unsafe), inputs) for name in sorted({r.mount for r in places.values()})
    )


def _mount(
    places: Mapping[str, TrainPlace], name: str, night: tuple[NightRecord, Span, Sequence[Span]], inputs: ReportInputs
) -> MountStory:
    record, dark, unsafe = night
    trains = tuple(train for train, place in places.items() if place.mount == name)
    place = places[trains[0]]
    lights = [each for each in record.captures if each.kind == "light" and each.train in trains]
    shots = [shot(each) for each in lights]
    runs = [run for run in record.blocks if run.train in trains]
    own = [_own(run, runs, lights) for run in runs]
    busy = [
        Span(run.began, run.ended or max([run.began, *(each.end for each in taken)]))
        for run, taken in zip(runs, own, strict=True)
    ]
    gaps = list(_gaps(dark, joined([*busy, *shots], timedelta())))
    tried = {run.plan for run in runs}
    reasons = _reasons(record, place, tried, [span for span in unsafe if span.enclosure in ("", place.enclosure)])
    last = max((span.end for span in [*busy, *shots]), default=None)
    idle: dict[str, list[Span]] = defaultdict(list)
    for gap in gaps:
        for piece in _cut(gap, reasons):
            idle[_why(piece, reasons, last)].append(piece)
    focus = [run for run in record.focus if run.train in trains]
    return MountStory(
        mount=name,
        trains=trains,
        dark_s=dark.seconds,
        exposed_s=sum(_within(shot, dark).seconds for shot in joined(shots, timedelta()) if shot.meets(*_ends(dark))),
        idle=tuple(
            sorted((Idle(words, tuple(spans)) for words, spans in idle.items()), key=lambda each: -each.seconds)
        ),
        blocks=tuple(_block(run, taken) for run, taken in zip(runs, own, strict=True) if taken),
        flips=_flips(runs, [side for train, side in inputs.sides if train in trains], inputs) if place.flips else None,
        focus=(sum(run.found for run in focus), sum(not run.found for run in focus)),
        changes=tuple(each for each in record.changes if each.mount in ("", name)),
        learned=tuple((train, inputs.learned[train]) for train in trains if train in inputs.learned),
    )


def _own(run: BlockRun, runs: Sequence[BlockRun], lights: Iterable[Capture]) -> list[Span]:
    """Return when the frames of a block were exposed: those of its train, until that begins another."""
    after = min((other.began for other in runs if other.train == run.train and other.began > run.began), default=None)
    mine = (each for each in lights if each.train == run.train and each.began >= run.began)
    return [shot(each) for each in mine if after is None or each.began < after]


def _ends(span: Span) -> tuple[datetime, datetime]:
    return span.start, span.end


def _within(span: Span, dark: Span) -> Span:
    return Span(max(span.start, dark.start), min(span.end, dark.end))


def _gaps(dark: Span, busy: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of the dark; busy: in order, apart from each other."""
    at = dark.start
    for span in busy:
        if span.start > at:
            yield Span(at, min(span.start, dark.end))
        at = max(at, span.end)
        if at >= dark.end:
            return
    yield Span(at, dark.end)


def _reasons(record: NightRecord, place: TrainPlace, tried: Collection[str], unsafe: Sequence[Span]) -> list[Span]:
    """Return everything that may keep a mount from observing; what comes first explains what comes later.

    tried: the plans that it took blocks of.
    """
    nights = [night for night in record.enclosures if night.enclosure in ("", place.enclosure)] or record.enclosures
    waits = [wait for wait in record.waits if wait.mount in ("", place.mount)]
    gave_way = [each for each in record.gave_way if each.plan in tried]
    states = (span for night in nights for span in night.states)
    return [
        *(Span(span.start, span.end, f"not safe: {span.words}") for span in unsafe),
        *(span for wait in waits for span in _gave_way(wait, gave_way)),
        *(Span(wait.at, wait.until, f"{NEVER} before {wait.plan}") for wait in waits),
        *(Span(span.start, span.end, _doing(span)) for span in states),
    ]


def _gave_way(wait: Wait, gave_way: Iterable[GaveWay]) -> Iterator[Span]:
    """Yield the parts of a wait in which a plan gave way that the mount would else have gone on with."""
    for each in gave_way:
        if Span(each.at, each.until).meets(wait.at, wait.until):
            words = f"{NEVER} before {wait.plan}: {each.plan} gave way, since it failed too often in a row"
            yield Span(max(wait.at, each.at), min(wait.until, each.until), words)


def _doing(state: Span) -> str:
    """Return what was done in a state; of a roof, also that a fault closed it."""
    said = DOING.get(state.words, f"in the state '{state.words}'")
    return f"{said} {FAULT}" if (state.words, state.on) == ("closing", "failed") else said


def _cut(gap: Span, reasons: Iterable[Span]) -> Iterator[Span]:
    """Yield a gap in pieces, within each of which nothing begins or ends."""
    edges = {edge for span in reasons for edge in _ends(span) if gap.start < edge < gap.end}
    for start, end in pairwise(sorted({gap.start, gap.end, *edges})):
        yield Span(start, end)


def _why(piece: Span, reasons: Iterable[Span], last: datetime | None) -> str:
    """Return the first reason that held; after the last block, and without another, that nothing was left."""
    said = next((span.words for span in reasons if span.meets(*_ends(piece))), "")
    if last is None or piece.start < last:
        return said or "the journal does not say"
    return said if said and said not in NO_CAUSE else NOTHING_LEFT


def _block(run: BlockRun, shots: Sequence[Span]) -> BlockStory:
    """Return what a block lost: before its first frame, and between its frames."""
    exposed_s = sum(shot.seconds for shot in shots)
    each_s = (run.end - run.start).total_seconds() / max(run.count, 1) - run.exposure_s
    expected_s = (run.start - run.began).total_seconds() + len(shots) * each_s
    ended = run.ended or max(shot.end for shot in shots)
    return BlockStory(run, len(shots), expected_s, (ended - run.began).total_seconds() - exposed_s)


def _flips(runs: Iterable[BlockRun], said: Sequence[str], inputs: ReportInputs) -> int | None:
    """Return how often the mount changed sides between frames, as these say; else between aims; None if none is known.

    said: the side of the pier, by the headers of the frames.
    """
    aims = [(run.ra_deg, run.aimed) for run in runs if run.ra_deg is not None and run.aimed]
    sides: Sequence[object] = said or [is_west(ra_deg, aimed, inputs.longitude_deg) for ra_deg, aimed in aims]
    return sum(one != other for one, other in pairwise(sides)) if sides else None
