"""Why an override is not honoured: it lasts too long, names what there is not, or leaves rain unwatched."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import chosen, site_of
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from obsy.schemas.site import Site
from obsy.schemas.weather import Weather
from obsy.units import duration

TWICE = "one-too-many"
"""Another is about the same at the same time: the tighter limit counts."""


class Refusal(NamedTuple):
    """Why an override is not honoured."""

    code: str
    key: str
    words: tuple[str, str, str]
    """What was found, what was expected, how to mend it."""


def concerned(override: Override, found: Declared) -> Site | None:
    """Return the site whose limits or input it is about; None if that is not known."""
    if override.ignore is None:
        return chosen(override.site, [entry.document for entry in found.of(Site)])
    ignored = chosen(override.ignore, [entry.document for entry in found.of(Weather)])
    return site_of(ignored, found) if ignored is not None else None


def faults(overrides: Iterable[Override], safety: Safety, found: Declared) -> Iterator[tuple[Override, Refusal]]:
    """Yield why overrides are not honoured: for what each of them says, or for what those of its site say together."""
    fit = list[Override]()
    for each in overrides:
        alone = [*_alone(each, safety, found)]
        yield from ((each, fault) for fault in alone)
        if not alone:
            fit.append(each)
    for each in fit:
        others = [other for other in fit if concerned(other, found) is concerned(each, found)]
        yield from ((each, fault) for fault in _together(each, others, found))


def _alone(override: Override, safety: Safety, found: Declared) -> Iterator[Refusal]:
    longest, lasts = safety.longest_override, (override.until - override.since).total_seconds()
    if lasts > longest:
        said = (f"it lasts {duration(lasts)}", f"at most {duration(longest)}, as the policy says", "let it end earlier")
        yield Refusal("override-too-long", "until", said)
    counts = {name for name in type(safety.limits).model_fields if getattr(safety.limits, name) is not None}
    for name in sorted(_limited(override) - counts):
        others, besides = sorted(counts - {"rain"}), _limited(override) & counts
        expected = (
            f"one that it has: {', '.join(others)}" if others else "a limit that it has; rain's is never overridden"
        )
        mend = f"remove {name}" if besides else "delete the override, or add the limit to the policy"
        yield Refusal("no-effect", "limits", (f"the policy has no limit of {name}", expected, mend))
    if concerned(override, found) is None:
        yield _nowhere(override, [entry.document for entry in found.of(Site)])
    for each in _ignored(override, found):
        if not _is_watched(each, {each.name}, found):
            words = f"without '{each.name}' nothing measures rain"
            yield _unwatched(words, "mend the sensor, or add another one for rain: without one the roof stays closed")


def _nowhere(override: Override, sites: Collection[Site]) -> Refusal:
    names = ", ".join(each.name for each in sites)
    if override.ignore is not None:
        said = (f"no weather input is named '{override.ignore}'", "one that is declared", "name one, or delete it")
        return Refusal("unknown-reference", "ignore", said)
    if override.site is not None:
        return Refusal("unknown-reference", "site", (f"no site is named '{override.site}'", names, "name one of them"))
    return Refusal("which-one", "limits", ("limits of no site", f"'site', one of {names}", "say which one is meant"))


def _together(override: Override, every: Iterable[Override], found: Declared) -> Iterator[Refusal]:
    """Yield what is wrong only because of others in force at the same time. every: the override, and others."""
    others = [each for each in every if each.since < override.until and override.since < each.until]
    for other in others:
        for name in sorted(_limited(override) & _limited(other)) if other is not override else ():
            mend = f"remove {name} from one of them, or let one end before the other begins"
            said = (f"'{other.name}' limits {name} at the same time", "one limit of a quantity at a time", mend)
            yield Refusal(TWICE, "limits", said)
        if other is not override and override.ignore is not None and other.ignore == override.ignore:
            mend = "delete one of the two, or let one end before the other begins"
            said = (f"'{other.name}' ignores it at the same time", "one override of an input at a time", mend)
            yield Refusal(TWICE, "ignore", said)
    for each in _ignored(override, found):
        for moment in sorted({max(override.since, other.since) for other in others}):
            at_once = [other for other in others if other.since <= moment < other.until]
            if not _is_watched(each, {other.ignore for other in at_once}, found):
                names = " and ".join(f"'{other.name}'" for other in at_once if other.ignore is not None)
                yield _unwatched(f"with {names} at once nothing measures rain", "let one end before the other begins")
                break


def _unwatched(words: str, mend: str) -> Refusal:
    return Refusal("rain-unwatched", "ignore", (words, "another input that measures rain", mend))


def _limited(override: Override) -> set[str]:
    return set(override.limits.said() if override.limits is not None else ())


def _ignored(override: Override, found: Declared) -> list[Weather]:
    """Return the input for rain that an override ignores, if it is one."""
    every = (entry.document for entry in found.of(Weather))
    return [each for each in every if each.name == override.ignore and "rain" in each.measures]


def _is_watched(ignored: Weather, deaf: Collection[str | None], found: Declared) -> bool:
    """Return whether anything measures rain, of what counts wherever the ignored input does, and is heard."""
    site = site_of(ignored, found)
    heard = (entry.document for entry in found.of(Weather) if entry.document.name not in deaf)
    return any(
        "rain" in each.measures and each.enclosure in (None, ignored.enclosure) and site_of(each, found) is site
        for each in heard
    )
