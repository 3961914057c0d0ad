"""The story of a night: all that its page and its summary tell, worked out from its record and what is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.events.frames import RowLeftAside
from obsy.engine.forecast.question import Forecast
from obsy.engine.journal import moment
from obsy.engine.night_record import INTERRUPTED, Capture, NightRecord, Notice, Span, joined
from obsy.engine.report.curves import Curves
from obsy.engine.report.fitted_transits import FittedTransitStory
from obsy.engine.report.inputs import Limit, ReportInputs
from obsy.engine.report.magnitudes import MagnitudesStory
from obsy.engine.report.plans import PlanStory, plans
from obsy.engine.report.spent import MountStory, spent
from obsy.engine.report.words import by_local_clocks, hours, listed, several
from obsy.engine.schedule.shares import Debt

NO_CURVES = Curves()
_START = {"version": "obsy", "commit": "plans at commit", "scenario": "scenario", "seed": "seed"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is planned next: what is left of a night that is not finished, or the night after it."""

    night: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    """In the shape of `obsy apply --dry-run --json`."""


@dataclass(frozen=True, slots=True)
class Story:
    """One night."""

    record: NightRecord
    night: str
    site: str
    timezone: str
    headline: str
    window: Span
    """The time that the charts show."""
    dusk: datetime | None
    dawn: datetime | None
    plans: tuple[PlanStory, ...]
    notices: tuple[Notice, ...]
    """What needs attention, the gravest first; then the rows of the store that were left aside."""
    unsafe: tuple[Span, ...]
    """When it was not safe while it was dark."""
    limits: Mapping[str, Limit]
    curves: Curves
    planned: tuple[tuple[str, str, Span], ...]
    """Plan, train and time of each block as the night was planned when it began."""
    ahead: Ahead
    outlook: Forecast | None
    """When each goal will be done; None of a night that another has followed, or that is not finished."""
    spent: tuple[MountStory, ...]
    """How each mount used the dark."""
    grey: tuple[str, ...]
    """The trains whose sensors see colours and whose stacks are grey."""
    shares: tuple[Debt, ...]
    """How each share of the time stands after it."""
    magnitudes: tuple[MagnitudesStory, ...]
    """Of plans that have comparison stars."""
    fitted: tuple[FittedTransitStory, ...]
    """Transits that it covered."""
    colophon: tuple[tuple[str, str], ...]
    """At the foot: what made this night, so that it can be had again."""

    @property
    def lights(self) -> tuple[Capture, ...]:
        """The frames of the sky."""
        return tuple(capture for capture in self.record.captures if capture.kind == "light")

    @property
    def roof(self) -> tuple[Span, ...]:
        """When it was open."""
        return self.record.spans("roof")

    @property
    def taken(self) -> dict[str, tuple[Span, ...]]:
        """When each plan was taken, in the order of the night; without those that were not."""
        return {plan.plan: plan.taken for plan in self.plans if plan.taken}

    @property
    def states(self) -> dict[str, dict[str, float]]:
        """How long each state lasted, in seconds, under each enclosure that moved."""
        found: dict[str, dict[str, float]] = {}
        for span in self.record.spans("states"):
            own = found.setdefault(span.enclosure, {})
            own[span.words] = own.get(span.words, 0.0) + span.seconds
        return found

    @property
    def several(self) -> bool:
        """Whether there are several enclosures, so that it must be said which one."""
        return len(self.record.enclosures) > 1

    @property
    def finished(self) -> bool:
        """Whether nothing is left to tell."""
        return self.record.finished

    @property
    def state(self) -> str:
        """Where the night stands, in a word."""
        return INTERRUPTED if self.record.ended == INTERRUPTED else self.record.state or "begun"


def story_of(night: str, record: NightRecord, inputs: ReportInputs, curves: Curves = NO_CURVES) -> Story:
    """Return the story of a night; pure, so that its page can be had again at any time."""
    intent: dict[str, Any] = record.begin.get("intent") or {}
    dusk, dawn = (moment(intent[name]) if intent.get(name) else None for name in ("dusk", "dawn"))
    unsafe = tuple(
        replace(span, words=by_local_clocks(span.words, inputs.timezone, span.start))
        for span in record.spans("unsafe")
        if not dusk or not dawn or span.meets(dusk, dawn)
    )
    gained = plans(record.captures, inputs, intent, unsafe)
    return Story(
        record=record,
        night=night,
        site=inputs.site or intent.get("site", ""),
        timezone=inputs.timezone,
        headline=headline(gained, record, unsafe),
        window=_window(record, curves),
        dusk=dusk,
        dawn=dawn,
        plans=gained,
        notices=_notices(record, inputs),
        unsafe=unsafe,
        limits=inputs.limits,
        curves=curves,
        planned=tuple(
            (str(block["plan"]), str(block.get("train") or ""), Span(moment(block["start"]), moment(block["end"])))
            for block in intent.get("blocks", ())
        ),
        ahead=_ahead(night, record, inputs.following or intent),
        outlook=inputs.outlook,
        spent=spent(record, inputs, Span(dusk, dawn) if dusk and dawn else None, unsafe),
        grey=tuple(sorted({stack.train for plan in gained for stack in plan.stacks} & inputs.colour)),
        shares=inputs.shares,
        magnitudes=inputs.magnitudes,
        fitted=inputs.fitted,
        colophon=_colophon(record, inputs),
    )


def _ahead(night: str, record: NightRecord, intent: Mapping[str, Any]) -> Ahead:
    """Return what an intent says of the time after the journal's last word; of a night that is over, nothing."""
    if record.last is None or (record.finished and intent.get("night") == night):
        return Ahead(night)
    blocks = tuple(block for block in intent.get("blocks", ()) if moment(block["start"]) > record.last)
    return Ahead(intent.get("night", night), blocks)


def _notices(record: NightRecord, inputs: ReportInputs) -> tuple[Notice, ...]:
    """Return the notices of the night, and those of damaged rows that it did not meet."""
    kind, known = RowLeftAside, {notice.words for notice in record.notices}
    aside = [words for why in inputs.left_aside if (words := kind.words({"reason": why})) not in known]
    at = [record.last] if record.last else []
    return (*record.notices, *(Notice(when, kind.severity, kind.name, words, 1) for when in at for words in aside))


def _window(record: NightRecord, curves: Curves) -> Span:
    """Return from before sunset to after sunrise where the Sun is known; otherwise all that happened under the sky."""
    if curves.sun is not None:
        return Span(curves.sun.times[0], curves.sun.times[-1])
    if record.first is None or record.last is None:
        raise ValueError("an empty journal has no story")
    roof, began = record.spans("roof"), [capture.began for capture in record.captures if capture.kind == "light"]
    starts, ends = [span.start for span in roof] + began, [span.end for span in roof] + began
    around = timedelta(minutes=30)
    return Span(min(starts, default=record.first) - around, max(ends, default=record.last) + around)


def _colophon(record: NightRecord, inputs: ReportInputs) -> tuple[tuple[str, str], ...]:
    """Return versions and hashes: what is needed to have the same night again."""
    made = [(words, str(record.begin[name])) for name, words in _START.items() if record.begin.get(name) is not None]
    stacks = [(f"stack {stack.picture} {stack.filter}", stack.sha256) for stack in inputs.stacks if stack.sha256]
    return tuple(made + stacks)


def open_seconds(record: NightRecord) -> float:
    """Return how long any roof was open."""
    return sum(span.seconds for span in joined(record.spans("roof"), timedelta()))


def headline(plans: Sequence[PlanStory], record: NightRecord, unsafe: Sequence[Span]) -> str:
    """Return '9.6 h of open roof, 142 lights, 131 accepted: 6.5 h on m31, veil and ngc7331.'"""
    lights = [capture for capture in record.captures if capture.kind == "light"]
    open_s = open_seconds(record)
    if not lights:
        return _empty(open_s, len(record.captures), unsafe)
    accepted = [capture for capture in lights if capture.verdict == "accepted"]
    gained = sorted((plan for plan in plans if plan.accepted), key=lambda plan: -plan.tonight_s)
    names = listed([plan.plan for plan in gained[:3]] + [several(len(gained) - 3, "other")] * (len(gained) > 3))  # noqa: PLR2004
    gain = f": {hours(sum(capture.exposure_s for capture in accepted))} on {names}" if gained else ""
    return f"{hours(open_s)} of open roof, {several(len(lights), 'light')}, {len(accepted)} accepted{gain}."


def _empty(open_s: float, calibration: int, unsafe: Sequence[Span]) -> str:
    """A night without lights: why, and what it gave all the same."""
    also = f" {several(calibration, 'calibration frame')} were taken." if calibration else ""
    if open_s:
        return f"{hours(open_s)} of open roof, but no light was taken.{also}"
    worst = max(unsafe, key=lambda span: span.seconds, default=None)
    why = f": {worst.words}" if worst else ""
    return f"The roof stayed closed{why}.{also}"
