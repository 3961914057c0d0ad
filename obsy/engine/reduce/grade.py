"""Whether a light is good enough: its measures against the declared policy."""

from collections.abc import Iterator

from obsy.engine.reduce.orders import Measures
from obsy.schemas.policy import Quality

Fault = tuple[str, str]
"""A stable code and the words for people."""


FEWEST = 3
"""Noise alone brings forth one or two; fewer than this say nothing of focus or tracking."""


def grade(measures: Measures, quality: Quality | None, *, trails: bool = False) -> Fault | None:
    """Why a measured light is rejected, the weightiest reason only; None if it is good enough.

    A limit on something that could not be measured is not met. One whose stars are meant to leave `trails` is judged by
    its background alone.
    """
    faults = _faults(measures, quality)
    return next((each for each in faults if not trails or each[0] == "background"), None)


def _faults(measures: Measures, quality: Quality | None) -> Iterator[Fault]:
    stars = measures.stars or 0
    if stars < FEWEST:
        yield "no-stars", f"no-stars: {stars or 'none'} above the noise, too few to judge by"
    if quality is None:
        return
    if quality.stars is not None and stars < quality.stars.at_least:
        yield "stars", f"stars: {stars}, fewer than {quality.stars.at_least}"
    limits = (
        ("fwhm", measures.fwhm_arcsec, quality.fwhm.below if quality.fwhm else None, " arcsec", 1),
        ("eccentricity", measures.eccentricity, quality.eccentricity.below if quality.eccentricity else None, "", 2),
        ("background", measures.background_adu, quality.background.below if quality.background else None, " adu", 0),
    )
    for code, value, limit, unit, digits in limits:
        if limit is None:
            continue
        if value is None:
            yield code, f"{code}: could not be measured, and must be below {limit:g}{unit}"
        elif value >= limit:
            yield code, f"{code}: {_beyond(value, limit, digits)}{unit}, above {limit:g}"


def _beyond(value: float, limit: float, digits: int) -> str:
    """The value with as few digits as still show that it is beyond the limit."""
    while round(value, digits) <= limit < value and digits < 6:  # noqa: PLR2004
        digits += 1
    return f"{value:.{digits}f}"
