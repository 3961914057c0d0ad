"""What a plan needs of a train must be had here: its filters, its field, its scale and a guider."""

import re
from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, nearest
from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.plan import Plan, holds
from obsy.schemas.train import Train

GREEK = str.maketrans("αβ", "ab")


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of filters, fields and scales that no train offers, and of plans that no train serves in all."""
    trains = [entry.document for entry in declared.of(Train)]
    for entry in declared.of(Plan) if trains and declared.all_well("train") else ():
        plan = entry.document
        filters, missed = list(_filters(entry, trains)), list(_missed(entry, trains))
        yield from filters
        yield from missed
        framed = any(train.can_stand_at(plan.angle) for train in trains)  # else `no-rotator` says so
        if framed and not filters and not missed and not any(map(plan.served_by, trains)):
            words = (
                "no train has its filters, its field, its scale, its angle and the guiding that it asks for together",
                "a train that serves",
                "ask for less, or split the plan into one for each train",
            )
            yield entry.complain("no-train-serves", words, "needs")


def _filters(entry: Entry[Plan], trains: list[Train]) -> Iterator[Diagnostic]:
    """Complain of each filter that no wheel has; if there is none, of filters that are spread over several trains."""
    called = {word: slot.role for train in trains for slot in train.slots for word in (slot.label, slot.role)}
    known, roles = list(dict.fromkeys(role for train in trains for role in train.roles)), entry.document.roles
    for number, goal in enumerate(entry.document.want):
        for nth, role in [(nth, role) for nth, role in enumerate(goal.filter) if role not in known]:
            said = role.translate(GREEK)
            meant = nearest(said, called) or next((word for word in called if word.startswith(said)), None)
            others = f"choose one, or add '{role}' to the 'filters' of a train"
            mend = f"did you mean '{called[meant]}'?" if meant is not None else others
            several = [called.get(part, "") for part in re.split(r"\s*[+,/&]\s*|\s+", role)]
            mend = f"write '[{', '.join(several)}]'" if len(several) > 1 and all(several) else mend
            words = (f"filter: '{role}'", f"a filter in the wheel: {', '.join(known)}", mend)
            yield entry.complain("filter-not-in-wheel", words, "want", number, "filter", nth)
    if roles <= set(known) and not any(roles <= set(train.roles) for train in trains):
        words = (", ".join(sorted(roles)), "filters of one train", "split the plan into one for each train")
        yield entry.complain("filters-of-several-trains", words, "want")


def _missed(entry: Entry[Plan], trains: list[Train]) -> Iterator[Diagnostic]:
    needs = entry.document.needs
    if entry.document.guiding == "required" and not any(train.guider for train in trains):
        mend = "declare the 'guider' of a train, or remove 'guiding': one that is there guides anyway"
        yield entry.complain(
            "no-train-serves", ("guiding: no train has a guider", "a train that serves", mend), "guiding"
        )
    if needs.field is None and needs.scale is None:
        return
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
