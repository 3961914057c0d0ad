"""An override is dated, names what there is, and never leaves rain unwatched."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.refusals import faults
from obsy.schemas.override import Override
from obsy.schemas.policy import Policy


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each override that would not be honoured."""
    safety = next((each.document.safety for each in declared.of(Policy) if each.document.safety is not None), None)
    if safety is None or not all(declared.all_well(kind) for kind in ("site", "enclosure", "weather")):
        return
    entries = {id(entry.document): entry for entry in declared.of(Override)}
    for override, fault in faults([entry.document for entry in declared.of(Override)], safety, declared):
        if fault.code != "unknown-reference":  # told of every name that nothing bears
            yield entries[id(override)].complain(fault.code, fault.words, fault.key)


def expired(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of each override that ended before this day."""
    for entry in declared.of(Override):
        if entry.document.until <= declared.today:
            words = (f"'{entry.document.name}' has ended", "overrides that are still to end", "delete it")
            yield entry.complain("expired", words, "until")
