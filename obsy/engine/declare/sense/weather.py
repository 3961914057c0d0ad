"""Safety needs evidence: each limited quantity is measured, and its reading lives long enough to be renewed."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import site_of
from obsy.engine.declare.sense.clouds import only_advises
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.policy import Limits, Policy
from obsy.schemas.weather import Weather

WAVERING = frozenset({"wind", "humidity", "temperature", "sky", "clock"})
"""What is never exactly the same for long, however calm a night is."""
LEAST_READINGS = 10


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about limits that nothing measures, no limit at all, and readings that are always stale."""
    inputs = declared.of(Weather)
    for policy in declared.of(Policy):
        safety = policy.document.safety
        limited = [name for name in Limits.model_fields if safety and getattr(safety.limits, name) is not None]
        if safety and not limited:
            words = ("no limit at all", "at least one limit", "add 'rain: above 0 mm/h'")
            yield policy.complain("says-nothing", words, "safety", "limits")
        elif safety and "rain" not in limited:
            words = ("no limit of rain", "a limit of rain: a roof is there to keep it off", "add 'rain: above 0 mm/h'")
            yield policy.complain("no-rain-limit", words, "safety", "limits", limited[0])
        for quantity in limited if declared.all_well("weather") else ():
            yield from _unfounded(policy, quantity, declared)
    for entry in inputs:
        yield from _elsewhere(entry, declared)
        yield from _unread(entry)
        yield from _stuck(entry)
        if entry.document.max_age <= entry.document.every:
            found = f"{entry.written.said('max_age')} is no longer than {entry.written.said('every')}"
            words = (found, "readings that are renewed before they expire", "write a max_age of three times 'every'")
            yield entry.complain("always-stale", words, "max_age")


def _unfounded(policy: Entry[Policy], quantity: str, declared: Declared) -> Iterator[Diagnostic]:
    """Complain of each enclosure whose limit of a quantity rests on nothing, or on advice alone."""
    measuring = [entry for entry in declared.of(Weather) if quantity in entry.document.measures]
    advice = {entry.document.name: why for entry in measuring if (why := only_advises(entry))}
    unmeasured = _blind(measuring, declared)
    for blind in unmeasured:
        words = (
            f"no weather input measures {quantity}{blind}, so it would never be safe",
            f"one whose 'measures' lists {quantity}",
            f"add {quantity} to the 'measures' of an input that has it, or remove the limit",
        )
        yield policy.complain("nothing-measures", words, "safety", "limits", quantity)
    relied_on = [entry for entry in measuring if entry.document.name not in advice]
    for blind in (blind for blind in _blind(relied_on, declared) if blind not in unmeasured):
        name, why = next(iter(advice.items()))
        words = (
            f"{quantity} rests on '{name}' alone{blind}, whose model only advises: {why}",
            f"another input that measures {quantity}, or a model of this camera",
            f"train one: 'obsy clouds train FOLDER --camera {name}'; until then remove the limit",
        )
        yield policy.complain("only-advises", words, "safety", "limits", quantity)


def _unread(entry: Entry[Weather]) -> Iterator[Diagnostic]:
    """Complain of what an input should measure and its device does not say, and of what is read for nothing."""
    source, measures = entry.document.device, entry.document.measures
    if source is None:
        return
    for name in (name for name in measures if name not in source.readable):
        expected = f"only what its device says: {', '.join(source.readable)}"
        cure = f"add '{name}' to its 'read'" if source.read is not None else f"take {name} out of 'measures'"
        yield entry.complain("not-read", (f"nothing says where {name} is read", expected, cure), "measures")
    for spare in (name for name in (source.read.spots() if source.read else ()) if name not in measures):
        words = (f"{spare} is read and not measured", f"only {', '.join(measures)}", f"add {spare} to 'measures'")
        yield entry.complain("not-read", words, "device", "read", spare)


def _stuck(entry: Entry[Weather]) -> Iterator[Diagnostic]:
    """Complain of a `stuck` that dry, clear and well-fed nights would meet, or two readings."""
    stuck, every, measures = entry.document.stuck, entry.document.every, entry.document.measures
    if stuck is None:
        return
    if not WAVERING & set(measures):
        words = (f"{', '.join(measures)} may rest all night", "stuck only beside what wavers", "remove 'stuck'")
        yield entry.complain("always-stale", words, "stuck")
    elif stuck < LEAST_READINGS * every:
        found = f"{entry.written.said('stuck')} is not ten times {entry.written.said('every')}"
        cure = "write a stuck of half an hour or longer"
        yield entry.complain("always-stale", (found, "time for ten readings", cure), "stuck")


def _elsewhere(entry: Entry[Weather], declared: Declared) -> Iterator[Diagnostic]:
    """Complain of an input that names an enclosure of another site: it would watch over neither."""
    said, name = entry.document.site, entry.document.enclosure
    roofs = [roof.document for roof in declared.of(Enclosure) if roof.document.name == name]
    site = site_of(roofs[0], declared) if len(roofs) == 1 else None
    if site is not None and said not in (None, site.name):
        words = (
            f"'{entry.document.name}' stands on '{said}', and its enclosure '{name}' on '{site.name}'",
            "the site of its enclosure",
            f"remove 'site: {said}', or name an enclosure of it",
        )
        yield entry.complain("weather-elsewhere", words, "site")


def _blind(measuring: list[Entry[Weather]], declared: Declared) -> list[str]:
    """Return the enclosures for which none of these inputs counts, in words; a single one needs no name."""
    inputs = [entry.document for entry in measuring]
    roofs = [entry.document for entry in declared.of(Enclosure)]
    if len(roofs) <= 1:
        return [] if inputs else [""]
    return [
        f" for the enclosure '{roof.name}'"
        for roof in roofs
        if site_of(roof, declared) is not None
        and not any(
            each.enclosure in (None, roof.name) and site_of(each, declared) is site_of(roof, declared)
            for each in inputs
        )
    ]
