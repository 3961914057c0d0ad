"""What is well written, and would have no effect: each word is read by something, or is told here."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import in_use
from obsy.moments import noon
from obsy.schemas.calibration import Calibration
from obsy.schemas.quantities import FAIR
from obsy.schemas.scenario import DEVICES, OF_A_TRAIN, Conditions, Fault, Scenario
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather

NOON = time(12)
DAY = time(9), time(15)
"""Where noon of the longitude is by usual clocks; who keeps UTC far from Greenwich has nights at any hour."""
SORTS = {"roof": "enclosure", "mount": "mount", "weather": "weather"}
"""What bears a name of each of these sorts."""
Words = tuple[str, str, str]


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about offsets without a focuser, flats without a panel, and what changes or breaks nothing."""
    trains = {entry.document.name: entry for entry in declared.of(Train)}
    inputs = {entry.document.name: entry.document for entry in declared.of(Weather)}
    for train in trains.values():
        yield from _offsets(train)
    for calibration in declared.of(Calibration):
        of = trains.get(calibration.document.train)
        if of is not None and _lacks_a_panel(of.document) and _by_panel(calibration.document):
            words = (f"'{of.document.name}' has no panel to take flats of", "a panel", "remove 'flat'")
            yield calibration.complain("no-effect", words, "flat")
    for scenario in declared.of(Scenario):
        yield from _changes(scenario, inputs)
        yield from _faults(scenario, declared)


def _lacks_a_panel(train: Train) -> bool:
    """Return whether it has none to take flats of; a train that is retired takes no more."""
    return train.panel is None and train.retired is None


def _by_panel(calibration: Calibration) -> bool:
    return calibration.flat is not None and calibration.flat.light == "panel"


def _offsets(train: Entry[Train]) -> Iterator[Diagnostic]:
    """Complain of filters that focus elsewhere where nothing moves the focus."""
    for number, slot in enumerate(train.document.slots if train.document.focuser is None else ()):
        if slot.focus:
            loc = ("filter", "focus") if train.document.filters is None else ("filters", "slots", number, "focus")
            words = (f"{train.written.said(*loc)} without a focuser", "a focuser to move", "remove 'focus'")
            yield train.complain("no-effect", words, *loc)


def _changes(scenario: Entry[Scenario], inputs: dict[str, Weather]) -> Iterator[Diagnostic]:
    """Complain of changes of nothing, and of what the one input that sees a change does not measure."""
    for number, change in enumerate(scenario.document.changes):
        changed = [name for name in Conditions.model_fields if getattr(change, name) is not None]
        if not changed:
            expected = f"at least one of {', '.join(Conditions.model_fields)}"
            words = ("a change of nothing", expected, "say what changes, such as 'rain: 2.5 mm/h'")
            yield scenario.complain("no-effect", words, "changes", number)
        for name in changed:
            if _always(scenario.document, name) == {getattr(change, name)}:
                loc = ("changes", number, name)
                found = f"{scenario.written.said(*loc)} was so from the start"
                words = (found, "what changes something", "write another value, or remove it")
                yield scenario.complain("no-effect", words, *loc)
        seen = inputs.get(change.input or "")
        for name in (name for name in changed if seen is not None and name not in seen.measures):
            measured = ", ".join(seen.measures) if seen is not None else ""
            mend = f"remove '{name}'" if len(changed) > 1 else "remove its 'input', or the whole change"
            words = (f"'{change.input}' does not measure {name}", f"one of {measured}", mend)
            yield scenario.complain("no-effect", words, "changes", number, name)


def _always(scenario: Scenario, name: str) -> set[float]:
    """Return every value that a quantity ever has."""
    start = getattr(scenario.start, name)
    said = {value for change in scenario.changes if (value := getattr(change, name)) is not None}
    return said | {FAIR[name] if start is None else start}


def _faults(scenario: Entry[Scenario], declared: Declared) -> Iterator[Diagnostic]:
    """Complain of faults of nothing, of those their device cannot have, and of those over before they begin."""
    trains = [entry.document for entry in in_use(declared)]
    for number, fault in enumerate(scenario.document.faults):
        nothing = _of_nothing(fault, trains)
        if nothing is not None:
            yield scenario.complain("no-effect", nothing, "faults", number, "device")
        for key, words in _unable(fault, declared):
            yield scenario.complain("no-effect", words, "faults", number, *([key] if key else []))
        if fault.until and fault.at and _is_over(fault.at, fault.until, declared):
            found = f"{scenario.written.said('faults', number, 'until')} is no later than the fault begins"
            words = (found, "a later time of the same night", "remove 'until', or write a later time")
            yield scenario.complain("no-effect", words, "faults", number, "until")


def _of_nothing(fault: Fault, trains: Iterable[Train]) -> Words | None:
    """Say what is wrong with a fault of a part that no train, or not the train it names, has."""
    name, _, part = fault.device.rpartition(" ")
    meant = [train for train in trains if name in ("", train.name)]
    key = OF_A_TRAIN.get(part)
    if key is None or not meant or any(getattr(train, key) is not None for train in meant):
        return None
    found = f"'{name}' has no {part}" if name else f"no train has a {part}"
    return found, "a part that is there to break", "remove the fault"


def _unable(fault: Fault, declared: Declared) -> Iterator[tuple[str, Words]]:
    """Yield what the device of a name cannot have or say, and the key that says it."""
    sorts = [sort for sort, kind in SORTS.items() if fault.device in declared.names(kind)]
    if sorts and fault.device not in DEVICES:
        yield from ((key, (found, expected, mend)) for key, found, expected, mend in fault.misfits(sorts))


def _is_over(begin: time, end: time, declared: Declared) -> bool:
    """Whether, at every site and in every season, an end comes no later in the night than its beginning."""
    by_night = all(clock < DAY[0] or clock > DAY[1] for clock in (begin, end))
    halves = (
        [NOON] if by_night and _in_the_night(begin, NOON) < _in_the_night(end, NOON) else _noons(declared) or [NOON]
    )
    return all(_in_the_night(end, half) <= _in_the_night(begin, half) for half in halves)


def _in_the_night(clock: time, half: time) -> tuple[bool, time]:
    return clock < half, clock


def _noons(declared: Declared) -> list[time]:
    """When the nights of each site begin and end by its clock, in winter and in summer."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - few clock times are asked about

    found = []
    for site in declared.of(Site):
        with suppress(ZoneInfoNotFoundError, ValueError):  # which is told at the zone
            zone, east_deg = ZoneInfo(site.document.timezone), site.document.longitude
            found += [noon(date(2026, month, 1), east_deg).astimezone(zone).time() for month in (1, 7)]
    return found


def turned(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of clock times between noon by the clock and noon by the longitude, which are of the night's other end."""
    for entry in declared.of(Scenario):
        for part in ("changes", "faults"):
            for number, timed in enumerate(getattr(entry.document, part)):
                if timed.at is not None and DAY[0] <= timed.at < DAY[1] and (words := _turned(timed.at, declared)):
                    yield entry.complain("before-noon", words, part, number, "at")


def _turned(clock: time, declared: Declared) -> Words | None:
    halves = sorted({half for half in _noons(declared) if DAY[0] <= half < DAY[1]})
    if any(NOON <= clock < half for half in halves):
        begun = datetime.combine(date.min, halves[-1]) + timedelta(seconds=59)  # a whole minute, and no earlier
        end, mend = "end", f"write '{begun:%H:%M}' or later, if its beginning is meant"
    elif any(half <= clock < NOON for half in halves):
        end, mend = "beginning", f"write a time before '{halves[0]:%H:%M}', if its end is meant"
    else:
        return None
    noons = " or ".join(f"{half:%H:%M}" for half in halves)
    found = f"{clock:%H:%M} is of the {end} of a night, which runs from noon of the longitude: {noons} by the clock"
    return found, "a time of the night", mend
