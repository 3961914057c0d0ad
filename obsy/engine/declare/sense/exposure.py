"""Exposures that no window is long enough for."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import visibilities


def check(declared: Declared) -> Iterator[Diagnostic]:
    """A complaint for each exposure longer than its target is up, any night is dark, or its dates are apart."""
    for visibility in visibilities(declared):
        goal, dates = visibility.entry.document.want[visibility.number], visibility.when.dates
        window_s = min(visibility.up_h, visibility.dark_h or 24.0) * 3600
        if dates is not None and dates.after is not None and dates.before is not None:
            window_s = min(window_s, (dates.before - dates.after).total_seconds())
        if 0 < window_s < goal.exposure:
            words = (
                f"one exposure of {goal.exposure:g} s, and at most {window_s:.0f} s to take it in",
                "an exposure that fits into its window",
                "write a shorter exposure, or wider limits in 'when'",
            )
            yield visibility.entry.complain("exposure-longer-than-window", words, "want", visibility.number, "exposure")
