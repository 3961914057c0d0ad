"""What a plan needs of a train must be had here."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.plan import Plan, holds
from obsy.schemas.train import Train


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each field or scale that no train offers, and for plans that no train serves in all."""
    trains = [entry.document for entry in declared.of(Train)]
    for entry in declared.of(Plan) if trains and declared.all_well("train") else ():
        plan = entry.document
        missed = list(_missed(entry, trains))
        yield from missed
        filters_fit = any(plan.roles <= set(train.roles) for train in trains)
        if not missed and filters_fit and not any(map(plan.served_by, trains)):
            words = (
                "no train has its filters, its field and its scale together",
                "a train that serves",
                "ask for less, or split the plan into one for each train",
            )
            yield entry.complain("no-train-serves", words, "needs")


def _missed(entry: Entry[Plan], trains: list[Train]) -> Iterator[Diagnostic]:
    needs = entry.document.needs
    offers = {
        "field": (needs.field, [(train.name, min(train.field) * 3600) for train in trains]),
        "scale": (needs.scale, [(train.name, train.scale) for train in trains]),
    }
    for key, (wanted, offered) in offers.items():
        if not any(holds(wanted, value) for _, value in offered):
            unit, size = ("deg", 3600.0) if key == "field" else ("arcsec", 1.0)
            has = ", ".join(f"{name} {value / size:.2f} {unit}" for name, value in offered)
            words = (
                f"needs {entry.written.said('needs', key)}; your trains have: {has}",
                "a train that serves",
                "take the plan out, or ask for less",
            )
            yield entry.complain("no-train-serves", words, "needs", key)
