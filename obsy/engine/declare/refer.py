"""Names that refer to other documents: each must be declared somewhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from obsy.diagnostics import Diagnostic, Mark, did_you_mean, nearest
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.written import Loc, Written
from obsy.schemas import scenario
from obsy.units import WEATHER

DEVICES = (*scenario.DEVICES, *scenario.THE_COMPUTER)
"""What a scenario may break besides what is declared: all of that sort, and the computer itself."""
MOST = 3
"""Names that a cure offers; more are only listed."""


class Reference(NamedTuple):
    """A key of one kind that names a document of another."""

    kind: str
    key: tuple[str, ...]
    """The way to it; `*` is every entry of a list."""
    to: str
    also: tuple[str, ...] = ()
    """Words that are allowed besides."""
    besides: tuple[str, ...] = ()
    """Other kinds whose names are allowed."""


REFERENCES = (
    Reference("site", ("horizon",), "horizon"),
    Reference("enclosure", ("site",), "site"),
    Reference("enclosure", ("night",), "night"),
    Reference("mount", ("enclosure",), "enclosure"),
    Reference("train", ("mount",), "mount"),
    Reference("weather", ("site",), "site"),
    Reference("weather", ("enclosure",), "enclosure"),
    Reference("calibration", ("train",), "train"),
    Reference("transformation", ("train",), "train"),
    Reference("override", ("site",), "site"),
    Reference("override", ("ignore",), "weather"),
    Reference("recipient", ("site",), "site"),
    Reference("heartbeat", ("site",), "site"),
    Reference("output", ("site",), "site"),
    Reference("output", ("enclosure",), "enclosure"),
    Reference("plan", ("pipeline",), "pipeline"),
    Reference("scenario", ("faults", "*", "device"), "weather", DEVICES, ("enclosure", "mount")),
    Reference("scenario", ("changes", "*", "input"), "weather"),
)


def refer(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each name that nothing bears, unless a complaint about what should bear it is told already."""
    for reference in REFERENCES:
        others = [name for kind in reference.besides for name in declared.names(kind)]
        if reference.also:
            others += [f"{train} {part}" for train in declared.names("train") for part in scenario.OF_A_TRAIN]
        known = [*declared.names(reference.to), *reference.also, *others]
        kinds = (reference.to, *reference.besides)
        places = {each.name: each.at("name") for each in declared.written if each.kind in kinds}
        for written in declared.written if declared.all_named(*kinds) else ():
            if written.kind == reference.kind:
                yield from _unknown(written, reference, known, places)


def _unknown(
    written: Written, reference: Reference, known: list[str], places: Mapping[str, Mark]
) -> Iterator[Diagnostic]:
    for loc, name in _values(written.value, reference.key, ()):
        if name not in known:
            from obsy.reworded import DEVICES as DEVICES_OTHERWISE  # noqa: PLC0415 - only what is amiss needs it

            to = "device" if reference.also else reference.to
            one = f"an {to}" if to[0] in "aeiou" else f"a {to}"
            expected = (
                f"{one} that is declared: {', '.join(dict.fromkeys(known))}" if known else f"{one} that is declared"
            )
            otherwise = DEVICES_OTHERWISE | dict.fromkeys(WEATHER, "weather") if reference.also else {}
            meant, _, sort = name.rpartition(" ")
            by_name = f"write '{meant}'" if meant in known and sort in reference.also else ""
            by_name = by_name or (f"write '{otherwise[name]}'" if name in otherwise else "")
            another = f"write {_listed(known)}" if known else "name another"
            mend = by_name or did_you_mean(name, known, f"{another}, or declare {one} with 'name: {name}'")
            near = nearest(name, known) if not by_name else None
            if near is not None and near in places:
                mend = f"did you mean '{near}', declared at {places[near]}?"
            yield Diagnostic(written.at(*loc), "unknown-reference", written.said(*loc), expected, mend)


def _listed(known: Iterable[str]) -> str:
    """Return the first few of the names, to choose from."""
    return " or ".join(f"'{each}'" for each in list(dict.fromkeys(known))[:MOST])


def _values(value: object, key: tuple[str, ...], loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every name that stands where `key` leads, with its place."""
    if not key:
        if isinstance(value, str):
            yield loc, value.strip()
    elif key[0] == "*":
        for number, item in enumerate(value if isinstance(value, list) else ()):
            yield from _values(item, key[1:], (*loc, number))
    elif isinstance(value, dict) and key[0] in value:
        yield from _values(value[key[0]], key[1:], (*loc, key[0]))
