"""An override is dated, names what there is, and never leaves rain unwatched."""

from collections.abc import Iterator
from datetime import UTC, datetime

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.overrides import faults
from obsy.schemas.override import Override
from obsy.schemas.policy import Policy
from obsy.schemas.weather import Weather


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each override that would not be honoured."""
    safety = next((each.document.safety for each in declared.of(Policy) if each.document.safety is not None), None)
    if safety is None or not declared.all_well("weather"):
        return
    weather = [each.document for each in declared.of(Weather)]
    for entry in declared.of(Override):
        for fault in faults(entry.document, safety, weather):
            if fault.code != "unknown-reference":  # told of every name that nothing bears
                yield entry.complain(fault.code, fault.words, fault.key)


def expired(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of each override that has ended."""
    now = datetime.now(UTC)
    for entry in declared.of(Override):
        if entry.document.until <= now:
            words = (f"'{entry.document.name}' has ended", "overrides that are still to end", "delete it")
            yield entry.complain("expired", words, "until")
