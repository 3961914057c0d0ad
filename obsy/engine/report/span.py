"""A stretch of time in a night's story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, both UTC; `words` says what it was."""

    start: datetime
    end: datetime
    words: str = ""

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return (self.end - self.start).total_seconds()

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether any of it lies between the two."""
        return self.start < end and start < self.end


def joined(spans: Iterable[Span], gap: timedelta) -> tuple[Span, ...]:
    """Spans in order of time, those that are no farther apart than `gap` made one."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if out and span.start - out[-1].end <= gap:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end), out[-1].words)
        else:
            out.append(span)
    return tuple(out)
