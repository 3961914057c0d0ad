"""Safety needs evidence: each limited quantity is measured, and its reading lives long enough to be renewed."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.policy import Limits, Policy
from obsy.schemas.weather import Weather


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about limits that nothing measures, no limit at all, and readings that are always stale."""
    inputs = declared.of(Weather)
    measured = {quantity for entry in inputs for quantity in entry.document.measures}
    for policy in declared.of(Policy):
        safety = policy.document.safety
        limited = [name for name in Limits.model_fields if safety and getattr(safety.limits, name) is not None]
        if safety and not limited:
            words = ("no limit at all", "at least one limit", "add 'rain: above 0 mm/h'")
            yield policy.complain("says-nothing", words, "safety", "limits")
        for quantity in limited if declared.all_well("weather") else ():
            if quantity not in measured:
                words = (
                    f"no weather input measures {quantity}, so it would never be safe",
                    f"one whose 'measures' lists {quantity}",
                    f"add {quantity} to the 'measures' of an input that has it, or remove the limit",
                )
                yield policy.complain("nothing-measures", words, "safety", "limits", quantity)
    for entry in inputs:
        if entry.document.max_age <= entry.document.every:
            found = f"{entry.written.said('max_age')} is no longer than {entry.written.said('every')}"
            words = (found, "readings that are renewed before they expire", "write a max_age of three times 'every'")
            yield entry.complain("always-stale", words, "max_age")
