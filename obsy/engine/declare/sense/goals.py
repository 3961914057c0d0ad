"""Goals of one plan must be told apart, because each frame counts for one of them."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.plan import Plan


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each filter that is wanted twice with one exposure."""
    for entry in declared.of(Plan):
        seen: dict[tuple[str, float], int] = {}
        for number, goal in enumerate(entry.document.want):
            for role in goal.filter:
                first = seen.setdefault((role, round(goal.exposure, 3)), number)
                if first != number:
                    line = entry.written.at("want", first).line
                    words = (
                        f"{role} with {goal.exposure:g} s is wanted in line {line} already",
                        "one goal for each filter and exposure, so that a frame counts for one",
                        "add the two amounts together, or choose another exposure",
                    )
                    yield entry.complain("goal-twice", words, "want", number, "filter")
