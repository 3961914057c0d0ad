"""Triggers that never come: of what nothing measures, of dates that are past, of a star that nobody knows."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.names import cure, known
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.schemas.rule import Rule
from obsy.schemas.weather import Weather


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of each rule that would never ask for its plan."""
    measured = {quantity for each in declared.of(Weather) for quantity in each.document.measures}
    for entry in declared.of(Rule):
        trigger = entry.document.trigger
        if trigger.of is not None and key(trigger.of) not in own_names(declared) and known(trigger.of) is None:
            mend = cure(trigger.of, "declare a plan whose target has this name and a place")
            words = (entry.written.said("trigger", "of"), "a name that obsy knows", mend)
            yield entry.complain("unknown-target", words, "trigger", "of")
        yield from _unmeasured(entry, measured) if declared.all_well("weather") else ()
        yield from _past(entry, declared)


def _unmeasured(entry: Entry[Rule], measured: Collection[str]) -> Iterator[Diagnostic]:
    asked = entry.document.trigger.weather
    for quantity in asked.said() if asked is not None else ():
        if quantity not in measured:
            words = (
                f"no weather input measures {quantity}, so it would never happen",
                f"one whose 'measures' lists {quantity}",
                f"add {quantity} to the 'measures' of an input that has it, or remove '{quantity}'",
            )
            yield entry.complain("nothing-measures", words, "trigger", "weather", quantity)


def _past(entry: Entry[Rule], declared: Declared) -> Iterator[Diagnostic]:
    when = entry.document.trigger.when
    end = when.dates.span()[1] if when is not None and when.dates is not None else None
    if end is not None and end + timedelta(days=1) < declared.today:
        words = ("its dates are past", "dates to come", "write later ones, or delete it")
        yield entry.complain("expired", words, "trigger", "when", "dates")
