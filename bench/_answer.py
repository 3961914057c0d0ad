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
