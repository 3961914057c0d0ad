"""Why a transit is worth taking, in sentences."""

from datetime import datetime
from textwrap import wrap
from zoneinfo import ZoneInfo

from obsy.engine.choice.transits.coming import ComingTransit
from obsy.engine.choice.transits.exposure import LADDER_S
from obsy.schemas.goal import BASELINE_S
from obsy.schemas.site import Site
from obsy.units import duration

WIDTH = 118
"""Signs in a line of a page, and of a comment."""
WELL_KNOWN, NEEDED = 0.2, 0.8
"""Shares of the ephemeris' variance that are taken away: below the one it gains little, above the other much."""


def clock(when: datetime, site: Site) -> str:
    """Return a time of the site's clock."""
    return f"{when.astimezone(ZoneInfo(site.timezone)):%H:%M}"


def when(each: ComingTransit, site: Site) -> str:
    """Return when it comes, and how much of it can be had."""
    first, middle, last = (clock(at, site) for at in (each.transit.ingress, each.transit.middle, each.transit.egress))
    return f"night of {each.night}, {first} to {last} (middle {middle}), {had(each)}"


def had(each: ComingTransit) -> str:
    """Return which part of it can be had."""
    if each.accept == "whole":
        return f"whole, with {duration(BASELINE_S)} on both sides"
    lacks = [f"of the {part} {100 * share:.0f} %" for part, share in each.parts.items() if share < 1.0]
    half = "each half by itself" if each.accept == "either" else f"the half with the {each.accept}"
    return f"{half}; {', '.join(lacks)}"


def why(each: ComingTransit, site: Site) -> tuple[str, ...]:
    """Return what the star, the exposures, the ephemeris, the air and the Moon make of it, a sentence each."""
    return (_signal(each), _interest(each), _sky(each, site))


def exposing(each: ComingTransit) -> str:
    """Return how it is best exposed."""
    shot = each.exposure
    text = f"{shot.exposure_s:g} s in {shot.role}"
    if shot.filled is None:
        return f"{text}, a guess"
    filled = f"its brightest pixel {100 * shot.filled:.0f} % full"
    if shot.defocus is None:
        return f"{text}, in focus, {filled}"
    disc = f"a disc of {shot.defocus.disc_px:.0f} px, {shot.defocus.shift_mm:.2g} mm out of focus"
    if shot.is_in_focus:
        return f"{text}, in focus, {filled}; better {shot.defocus.exposure_s:g} s, defocused to {disc}"
    return (
        f"{text}, defocused to {disc}, as obsy cannot by itself: in focus {LADDER_S[0]:g} s fills its brightest pixel"
    )


def lines(text: str, begin: str) -> list[str]:
    """Return a text in lines of a page; a number and its '%' stay together."""
    kept = text.replace(" %", "\0%")
    return [each.replace("\0", " ") for each in wrap(kept, WIDTH, initial_indent=begin, subsequent_indent=begin)]


def _signal(each: ComingTransit) -> str:
    depth, worth = each.planet.depth, each.worth
    deep = "nobody says how deep" if depth is None else f"{100 * depth:.2g} % deep"
    mag = "a star of unknown brightness" if each.planet.mag is None else f"a star of magnitude {each.planet.mag:.1f}"
    known = f"signal to noise {worth.snr:.0f}" if worth.snr is not None else "signal to noise unknown,"
    return f"{deep}, {mag}; {known} in {worth.frames} frames of {exposing(each)}"


def _interest(each: ComingTransit) -> str:
    """Return who needs it: how far the ephemeris may be wrong, and what this would make of it."""
    error_s, worth = each.transit.error.total_seconds(), each.worth
    if not error_s:
        return "nobody says how far its ephemeris may be wrong"
    said = f"its ephemeris may be wrong by {_minutes(error_s)}"
    if error_s > each.planet.ephemeris.duration_h * 3600:
        said += ", more than it lasts: it may be missed"
    if worth.timing_s is None or worth.gain is None:
        return said
    told = f"{said}, and this tells its middle to {_minutes(worth.timing_s)}"
    if worth.gain > NEEDED:
        return f"{told}: it is wanted"
    return f"{told}: it is known better already" if worth.gain < WELL_KNOWN else told


def _sky(each: ComingTransit, site: Site) -> str:
    moon, flips = each.moon, f", the mount changes sides near {clock(each.flip, site)}" if each.flip else ""
    high = f"{each.altitude_deg:.0f} deg high, air mass {each.airmass:.1f}{flips}"
    if not moon.is_up:
        return f"{high}, the Moon is down"
    return f"{high}, the Moon ({moon.lit_percent:.0f} % lit) is {moon.apart_deg:.0f} deg away"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"  # noqa: PLR2004
