"""What keeps a roof or calls people stands where the guard reads it, and where no friend's file lies."""

from collections.abc import Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.folders import ROOMS

OURS = {"site", "enclosure", "mount", "weather", "override", "policy", "recipient", "heartbeat", "output"}
"""What `equipment` and `recipients` read."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each document outside `site/` and `library/` that the guard, or who tells people, would not read."""
    for written in (each for each in declared.written if each.kind in OURS):
        file = Path(written.at().file)
        if not any(file.is_relative_to(declared.root / room) for room in ROOMS):
            found = f"the {written.kind} '{written.name}' among the plans"
            expected = "one in site/: who keeps the roof or calls people reads no plans, which come from friends too"
            words = (found, expected, f"move it to {declared.root / 'site'}")
            yield Diagnostic(written.at("kind"), "not-among-plans", *words)
