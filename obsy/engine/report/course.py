"""The course of a night: its states, when the roof was open, and when it was not safe."""

from collections.abc import Sequence
from datetime import datetime

from obsy.engine.journal import Entry, moment
from obsy.engine.report.span import Span

INTERRUPTED = "interrupted"
"""Between the last word of a run that was cut off and the first of the next."""


def states(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """Each state from the event that led to it to the one that led out of it; `words` is its name."""
    spans: list[Span] = []
    name, start, last = "", None, None
    for entry in entries:
        at = moment(entry["time"])
        start = start or at
        match entry["event"]:
            case "state":
                spans.append(Span(start, at, entry["from"]))
                name, start = entry["to"], at
            case "night-resumed" if last is not None:
                spans += [Span(start, last, name), Span(last, at, INTERRUPTED)]
                name, start = "", at
        last = at
    if start is not None and last is not None and name:
        spans.append(Span(start, last, name))
    return tuple(span for span in spans if span.words and span.end > span.start)


def roof(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """When the roof was open; one that no entry closes is open until the last."""
    return _between(entries, ("roof-opened",), ("roof-closed",))


def unsafe(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """When the verdict was unsafe, with the reason it turned."""
    spans: list[Span] = []
    since: tuple[datetime, str] | None = None
    for entry in entries:
        if entry["event"] == "verdict":
            if since is not None:
                spans.append(Span(since[0], moment(entry["time"]), since[1]))
            since = None if entry["safe"] else (moment(entry["time"]), entry["reason"])
    if since is not None:
        spans.append(Span(since[0], moment(entries[-1]["time"]), since[1]))
    return tuple(spans)


def _between(entries: Sequence[Entry], begins: tuple[str, ...], ends: tuple[str, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    since: datetime | None = None
    for entry in entries:
        if entry["event"] in begins:
            since = since or moment(entry["time"])
        elif entry["event"] in ends and since is not None:
            spans.append(Span(since, moment(entry["time"])))
            since = None
    if since is not None:
        spans.append(Span(since, moment(entries[-1]["time"])))
    return tuple(spans)
