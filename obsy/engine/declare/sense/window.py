"""Exposures and transits that no window is long enough for."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import Visibility, visibilities
from obsy.units import duration


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of exposures and transits longer than the target is up, any night is dark, or its dates are apart."""
    for visibility in visibilities(declared):
        yield from _exposure(visibility)
        yield from _transit(visibility)


def _exposure(visibility: Visibility) -> Iterator[Diagnostic]:
    goal, dates = visibility.entry.document.want[visibility.number], visibility.when.dates
    window_s = min(visibility.up_h, visibility.dark_h or 24.0) * 3600
    first, last = dates.span() if dates is not None else (None, None)
    if first is not None and last is not None:
        window_s = min(window_s, (last - first).total_seconds())
    if 0 < window_s < goal.exposure:
        words = (
            f"one exposure of {duration(goal.exposure)}, and at most {duration(window_s)} to take it in",
            "an exposure that fits into its window",
            "write a shorter exposure, or wider limits in 'when'",
        )
        yield visibility.entry.complain("exposure-longer-than-window", words, "want", visibility.number, "exposure")


def _transit(visibility: Visibility) -> Iterator[Diagnostic]:
    cover = visibility.entry.document.want[visibility.number].cover
    crossing = visibility.sky.events.get(cover.of) if cover is not None else None
    if cover is None or crossing is None or cover.accept != "whole":
        return
    length_h, window_h = crossing.duration_h + sum(cover.sides_s) / 3600, min(visibility.up_h, visibility.dark_h)
    if 0 < window_h < length_h:
        room_min = int((window_h - crossing.duration_h) * 30)  # at each end
        wider, name = "write wider limits in 'when'", "transit" if cover.transit else cover.of
        words = (
            f"the {name} with its baseline takes {length_h:.1f} h, and the longest window is {window_h:.1f} h",
            "a window that holds all of it",
            f"write 'baseline: {room_min} min', or wider limits in 'when'" if room_min > 0 else wider,
        )
        yield visibility.entry.complain("transit-longer-than-window", words, "want", visibility.number, "cover")
