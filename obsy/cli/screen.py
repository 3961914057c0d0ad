"""What a person sees while the night runs: one line an event in a log, a living picture on a terminal."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from obsy.engine.events import ALARM, NOTICE, severity, words
from obsy.engine.journal import Entry, moment
from obsy.engine.report.words import by_local_clocks, clock, zone
from obsy.engine.schedule.goal_line import lines
from obsy.schemas.plan import Plan


def told(entry: Entry, timezone: str, several: bool = False) -> str:
    """Return an event in a line for whoever watches, with its local, marked time; empty if it is not for people.

    several: whether there are several enclosures.
    """
    said = words(entry, several) if severity(entry) >= NOTICE else ""
    at = moment(entry["time"])
    alarm = "ALARM: " if severity(entry) >= ALARM else ""
    told = f"{alarm}{by_local_clocks(said, timezone, at)}"
    return f"{clock(at, timezone, seconds=True)} {zone(at, timezone)}  {told}" if said else ""


def several_begin(entry: Entry) -> bool:
    """Return whether an entry begins a night under several enclosures."""
    return bool(entry.get("states"))


class LogLines:
    """One line an event: for logs and pipes."""

    def __init__(self, console: Console, timezone: str) -> None:
        self._console, self._timezone, self._several = console, timezone, False

    def __enter__(self) -> "LogLines":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def tell(self, entry: Entry) -> None:
        """Print the event if it is one for people."""
        self._several |= several_begin(entry)
        if line := told(entry, self._timezone, self._several):
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


class LiveScreen:
    """The night on a terminal: where it stands, how each plan gets on, and the last things that happened."""

    def __init__(self, console: Console, plans: Sequence[Plan], timezone: str) -> None:
        self._console, self._timezone, self._several = console, timezone, False
        self._plans = {plan.name: sum(line.wanted or 0 for line in lines(plan)) for plan in plans}
        self._done: Counter[str] = Counter()
        self._frames: Counter[str] = Counter()
        self._last: list[str] = []
        self._now: Entry = {}
        self._states: dict[str, str] = {}
        self._verdicts: dict[str, str] = {}
        self._doing: dict[str, str] = {}
        self._live = Live(console=console, refresh_per_second=5, transient=True)

    def __enter__(self) -> "LiveScreen":
        self._live.__enter__()
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        """Give it back; after a night that was interrupted or failed, its last word stays: roof and mount are in it."""
        self._live.__exit__(None, None, None)
        if fault is not None and self._last:
            self._console.print(self._last[-1], highlight=False, markup=False)

    def tell(self, entry: Entry) -> None:
        """Take the event into the picture."""
        self._now, self._several = entry, self._several or several_begin(entry)
        self._count(entry)
        if line := told(entry, self._timezone, self._several):
            self._last = [*self._last, line][-8:]
        self._live.update(self._draw())

    def _count(self, entry: Entry) -> None:
        where = entry.get("enclosure") or ""
        match entry["event"]:
            case "state":
                self._states[where] = f"{where} {entry['to']}" if self._several else entry["to"]
            case "verdict":
                reason = by_local_clocks(entry["reason"], self._timezone, moment(entry["time"]))
                self._verdicts[where] = f"{where} {reason}" if self._several else reason
            case "frame-taken":
                self._frames[entry["kind"]] += 1
            case "frame-accepted" if entry["plan"]:
                self._done[entry["plan"]] += 1
            case "exposure-started":
                self._doing[entry.get("train") or ""] = words(entry)
            case "block-done" | "block-failed":
                self._doing.pop(entry.get("train") or "", None)

    def _draw(self) -> Group:
        at = moment(self._now["time"])
        time = f"{at.astimezone(ZoneInfo(self._timezone)):%Y-%m-%d %H:%M:%S} {zone(at, self._timezone)}"
        states, doing = (", ".join(each.values()) for each in (self._states, self._doing))
        head = Text.assemble((time, "bold"), "   ", (states, "bold cyan"), "   ", doing)
        verdicts = Text("; ".join(self._verdicts.values()), style="dim")
        taken = "   ".join(f"{count} {kind}" for kind, count in sorted(self._frames.items()))
        return Group(head, verdicts, self._bars(), Text(taken, style="dim"), Text("\n".join(self._last)))

    def _bars(self) -> Table:
        """Tonight's accepted frames of each plan beside what it wants in all; a cadence has no end to measure by."""
        table = Table.grid(padding=(0, 2))
        for plan, wanted in self._plans.items():
            done = self._done[plan]
            bar = ProgressBar(total=wanted, completed=min(done, wanted), width=30) if wanted else Text("")
            table.add_row(plan, bar, f"{done} of {wanted}" if wanted else f"{done} tonight")
        return table


def showing(console: Console, plans: Sequence[Plan], timezone: str) -> LiveScreen | LogLines:
    """The picture on a terminal, lines elsewhere."""
    return LiveScreen(console, plans, timezone) if console.is_terminal else LogLines(console, timezone)
