"""From a journal to the story of its night: pure, so that the page can be had again at any time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.journal import Entry, moment
from obsy.engine.report import course
from obsy.engine.report.headline import headline
from obsy.engine.report.inputs import ReportInputs
from obsy.engine.report.ledger import plans
from obsy.engine.report.notices import notices
from obsy.engine.report.shots import shots
from obsy.engine.report.span import Span
from obsy.engine.report.story import Curves, FrameStory, MasterStory, Story, WeatherStory

NO_CURVES = Curves()
_ABOUT = ("time", "night", "event")
_START = {"version": "obsy", "commit": "plans at commit", "scenario": "scenario", "seed": "seed"}


def tell(entries: Sequence[Entry], shelf: ReportInputs, curves: Curves = NO_CURVES) -> Story:
    """The story of the night that the entries are of.

    Raises ValueError if there is none.
    """
    if not entries:
        raise ValueError("an empty journal has no story")
    begun: Entry = next((entry for entry in entries if entry["event"] == "night-started"), {})
    intent: dict[str, Any] = begun.get("intent") or {}
    dusk, dawn = _maybe(intent.get("dusk")), _maybe(intent.get("dawn"))
    taken, roof = shots(entries), course.roof(entries)
    unsafe = tuple(span for span in course.unsafe(entries) if not dusk or not dawn or span.meets(dusk, dawn))
    states = course.states(entries)
    gained = plans(taken, shelf, intent, unsafe)
    return Story(
        night=entries[0]["night"],
        site=shelf.site or intent.get("site", ""),
        timezone=shelf.timezone,
        finished=_finished(entries),
        state=next((entry["to"] for entry in reversed(entries) if entry["event"] == "state"), "begun"),
        headline=headline(gained, taken, roof, unsafe),
        window=_window(entries, taken, roof, curves),
        dusk=dusk,
        dawn=dawn,
        notices=notices(entries),
        plans=gained,
        shots=taken,
        roof=roof,
        unsafe=unsafe,
        states=states,
        weather=tuple(_weather(entry) for entry in entries if entry["event"] == "weather"),
        limits=shelf.limits,
        masters=tuple(_master(entry) for entry in entries if entry["event"] == "master-built"),
        curves=curves,
        colophon=_colophon(begun, shelf),
    )


def _finished(entries: Sequence[Entry]) -> bool:
    """Whether it was finished, and not taken up again."""
    ends = [entry["event"] for entry in entries if entry["event"] in ("night-finished", "night-resumed")]
    return ends[-1:] == ["night-finished"]


def _window(entries: Sequence[Entry], taken: Sequence[FrameStory], roof: Sequence[Span], curves: Curves) -> Span:
    """From before sunset to after sunrise where the Sun is known; otherwise all that happened under the sky."""
    if curves.sun is not None:
        return Span(curves.sun.times[0], curves.sun.times[-1])
    lights = [shot for shot in taken if shot.kind == "light"]
    starts = [span.start for span in roof] + [shot.began for shot in lights] or [moment(entries[0]["time"])]
    ends = [span.end for span in roof] + [shot.began for shot in lights] or [moment(entries[-1]["time"])]
    around = timedelta(minutes=30)
    return Span(min(starts) - around, max(ends) + around)


def _maybe(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _weather(entry: Entry) -> WeatherStory:
    return WeatherStory(moment(entry["time"]), {name: float(v) for name, v in entry.items() if name not in _ABOUT})


def _master(entry: Entry) -> MasterStory:
    sha256 = entry.get("sha256", "")
    return MasterStory(
        moment(entry["time"]), entry["kind"], entry["filter"], entry["exposure_s"], entry["frames"], sha256
    )


def _colophon(begun: Entry, shelf: ReportInputs) -> tuple[tuple[str, str], ...]:
    """Versions and hashes: what is needed to have the same night again."""
    made = [(words, str(begun[name])) for name, words in _START.items() if begun.get(name) is not None]
    stacks = [(f"stack {stack.object} {stack.filter}", stack.sha256) for stack in shelf.stacks if stack.sha256]
    return tuple(made + stacks)
