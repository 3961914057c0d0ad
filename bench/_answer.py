"""How a measurement is told: a table for people, one JSON object for scripts."""

import json
import sys
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

Figures = Mapping[str, float | int | str]


def answer(question: str, figures: Figures) -> None:
    """Print the figures; with `--json` on the command line as one object on one line."""
    if "--json" in sys.argv[1:]:
        sys.stdout.write(json.dumps({"question": question, **figures}) + "\n")
        return
    table = Table("figure", "value", title=question)
    for name, value in figures.items():
        table.add_row(name, f"{value:.2f}" if isinstance(value, float) else str(value))
    Console().print(table)


def compare(question: str, before: Figures, now: Figures) -> None:
    """Print the figures beside earlier ones, and by how many per cent each has changed."""
    table = Table("figure", "before", "now", "change", title=question)
    for name, value in now.items():
        old = before.get(name)
        change = ""
        if isinstance(value, int | float) and isinstance(old, int | float) and old:
            change = f"{100 * (value / old - 1):+.1f} %"
        table.add_row(name, *(f"{each:.2f}" if isinstance(each, float) else str(each) for each in (old, value)), change)
    Console().print(table)
