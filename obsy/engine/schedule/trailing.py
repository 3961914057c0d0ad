"""How far what moves among the stars trails in one exposure, where its mount is not told how it moves."""

from math import hypot

from obsy.engine.schedule.request import Block

WIDE_ARCSEC = 2.0
"""The width of a star in good seeing: a longer trail is told of."""


def trail_arcsec(block: Block) -> float:
    """Return how far the target of a block moves while one of its frames is exposed, arcseconds."""
    return hypot(block.ra_rate, block.dec_rate) * block.request.line.goal.exposure / 3600
