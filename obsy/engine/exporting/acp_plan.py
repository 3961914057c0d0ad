"""Plans of ACP, and for the telescopes of iTelescope, which run it. Source: "About observing plans", DC-3 Dreams."""

from collections.abc import Sequence
from datetime import date

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.exporting.wanted import name_of, place_of, series, unsaid
from obsy.schemas.plan import Plan
from obsy.units import duration

SHORTEST_S, LONGEST_S = 0.001, 3600.0


def as_acp(entries: Sequence[Entry[Plan]], declared: Declared, today: date) -> tuple[str, list[str]]:
    """Return a plan of ACP."""
    return _plan(entries, today, "ACP")


def as_itelescope(entries: Sequence[Entry[Plan]], declared: Declared, today: date) -> tuple[str, list[str]]:
    """Return a plan for iTelescope, whose telescopes are reserved for a time."""
    text, told = _plan(entries, today, "iTelescope")
    total_s = sum(one.exposure_s * one.count for entry in entries for one in series(entry, "iTelescope"))
    reserve = f"its exposures take {duration(total_s)}: reserve more than that, by the telescope's own clock"
    return text, [*told, reserve]


def _plan(entries: Sequence[Entry[Plan]], today: date, program: str) -> tuple[str, list[str]]:
    """Lists of directives are of one length; name and place are parted by tabs, hours and degrees."""
    lines = [f"; {name_of(entries[0])}, written by obsy on {today}"]
    told: dict[str, None] = {}
    for entry in entries:
        name, place = place_of(entry, program)
        wanted = series(entry, program)
        told |= dict.fromkeys(unsaid(entry, ("angle",)))
        bad = [one for one in wanted if not SHORTEST_S <= one.exposure_s <= LONGEST_S]
        told |= {f"an exposure of {duration(one.exposure_s)}, which {program} may refuse": None for one in bad}
        lines += [
            "#filter " + ",".join(one.filter for one in wanted),
            "#count " + ",".join(str(one.count) for one in wanted),
            "#interval " + ",".join(f"{one.exposure_s:g}" for one in wanted),
            "#binning " + ",".join("1" for _ in wanted),
        ]
        lines += [f"#posang {entry.document.angle:g}"] if entry.document.angle is not None else []
        lines.append(f"{name.replace(';', ',')}\t{place.ra_deg / 15:.6f}\t{place.dec_deg:.5f}")
    filters = ", ".join(sorted({one.filter for entry in entries for one in series(entry, program)}))
    return "\n".join(lines) + "\n", [*told, f"its filters are called {filters}: see what they are called there"]
