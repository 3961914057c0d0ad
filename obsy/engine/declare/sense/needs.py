"""What a plan needs of a train must be had here."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each field or scale that no train offers."""
    trains = [entry.document for entry in declared.of(Train)]
    for entry in declared.of(Plan):
        needs = entry.document.needs
        offers = {
            "field": (needs.field, [(train.name, min(train.field) * 3600) for train in trains]),
            "scale": (needs.scale, [(train.name, train.scale) for train in trains]),
        }
        for key, (wanted, offered) in offers.items():
            if wanted is not None and offered and not any(_holds(wanted, value) for _, value in offered):
                unit, size = ("deg", 3600.0) if key == "field" else ("arcsec", 1.0)
                has = ", ".join(f"{name} {value / size:.2f} {unit}" for name, value in offered)
                words = (
                    f"needs {entry.written.said('needs', key)}; your trains have: {has}",
                    "a train that serves",
                    "take the plan out, or ask for less",
                )
                yield entry.complain("no-train-serves", words, "needs", key)


def _holds(comparison: tuple[str, float], value: float) -> bool:
    sign, bound = comparison
    return value < bound if sign == "<" else value > bound
