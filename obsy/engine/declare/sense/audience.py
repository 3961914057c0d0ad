"""Where people are told at all, somebody must be called by an alarm, and at once."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.schemas.recipient import Recipient
from obsy.schemas.site import Site


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of sites whose recipients hear of no alarm, or all of them only later."""
    for site in declared.of(Site) if declared.all_well("recipient") else ():
        told = [each for each in declared.of(Recipient) if each.document.site in (None, site.document.name)]
        called = [each for each in told if "alarm" in each.document.hears]
        if told and not called:
            found = f"nobody hears of alarms at '{site.document.name}'"
            words = (found, "'alarm' in what one recipient hears", "add 'alarm' here")
            yield told[0].complain("nobody-called", words, "hears")
        elif called and all(each.document.after for each in called):
            soonest = min(called, key=lambda each: each.document.after)
            words = ("nobody hears of alarms at once", "one recipient without 'after'", "remove 'after'")
            yield soonest.complain("nobody-called", words, "after")
