"""What a person sees while the night runs: one line an event in a log, a living picture on a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from obsy.engine.events import NOTICE, severity, words
from obsy.engine.journal import Entry
from obsy.engine.schedule.goal_line import lines
from obsy.schemas.plan import Plan


def told(entry: Entry) -> str:
    """Return an event in a sentence for whoever watches; empty for those that only the journal needs."""
    return words(entry) if severity(entry) >= NOTICE else ""


class LogLines:
    """One line an event: for logs and pipes."""

    def __init__(self, console: Console) -> None:
        """Write there."""
        self._console = console

    def __enter__(self) -> "LogLines":
        """Nothing to prepare."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def tell(self, entry: Entry) -> None:
        """Print the event if it is one for people."""
        if said := told(entry):
            self._console.print(f"{entry['time'][11:19]}  {said}", highlight=False, markup=False, soft_wrap=True)


class LiveScreen:
    """The night on a terminal: where it stands, how each plan gets on, and the last things that happened."""

    def __init__(self, console: Console, plans: Sequence[Plan]) -> None:
        """Nothing has happened yet."""
        self._plans = {plan.name: sum(line.wanted or 0 for line in lines(plan)) for plan in plans}
        self._done: Counter[str] = Counter()
        self._frames: Counter[str] = Counter()
        self._last: list[str] = []
        self._now: Entry = {}
        self._state, self._verdict, self._doing = "", "", ""
        self._live = Live(console=console, refresh_per_second=5, transient=True)

    def __enter__(self) -> "LiveScreen":
        """Take the screen."""
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._live.__exit__(None, None, None)

    def tell(self, entry: Entry) -> None:
        """Take the event into the picture."""
        self._now = entry
        self._count(entry)
        if said := told(entry):
            self._last = [*self._last, f"{entry['time'][11:19]}  {said}"][-8:]
        self._live.update(self._draw())

    def _count(self, entry: Entry) -> None:
        match entry["event"]:
            case "state":
                self._state = entry["to"]
            case "verdict":
                self._verdict = entry["reason"]
            case "frame-taken":
                self._frames[entry["kind"]] += 1
            case "frame-accepted" if entry["plan"]:
                self._done[entry["plan"]] += 1
            case "exposure-started":
                self._doing = f"{entry['object']} {entry['filter']} {entry['exposure_s']:g} s"

    def _draw(self) -> Group:
        time = self._now["time"]
        doing = self._doing if self._state == "observing" else ""
        head = Text.assemble(
            (f"{time[:10]} {time[11:19]} UTC", "bold"), "   ", (self._state, "bold cyan"), "   ", doing
        )
        taken = "   ".join(f"{count} {kind}" for kind, count in sorted(self._frames.items()))
        return Group(
            head, Text(self._verdict, style="dim"), self._bars(), Text(taken, style="dim"), Text("\n".join(self._last))
        )

    def _bars(self) -> Table:
        """Tonight's accepted frames of each plan beside what it wants in all; a cadence has no end to measure by."""
        table = Table.grid(padding=(0, 2))
        for plan, wanted in self._plans.items():
            done = self._done[plan]
            bar = ProgressBar(total=wanted, completed=min(done, wanted), width=30) if wanted else Text("")
            table.add_row(plan, bar, f"{done} of {wanted}" if wanted else f"{done} tonight")
        return table


def showing(console: Console, plans: Sequence[Plan]) -> LiveScreen | LogLines:
    """The picture on a terminal, lines elsewhere."""
    return LiveScreen(console, plans) if console.is_terminal else LogLines(console)
