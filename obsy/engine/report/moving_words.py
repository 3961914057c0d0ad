"""What a night's positions say, in words."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Protocol

import numpy as np

from obsy.engine.science.astrometry.catalogue_age import catalogue_error_arcsec

if TYPE_CHECKING:
    from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
    from obsy.engine.science.astrometry.straight_tracks import StraightTrack


class KnownBody(Protocol):
    """A body near a track."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    @property
    def away_arcsec(self) -> float:
        """Return how far from the track it is."""

    @property
    def same_pace(self) -> bool:
        """Return whether it moves as the track does."""


def facts(found: "MovingTarget") -> Iterator[tuple[str, str]]:
    """Yield what each fact is about, and what it says."""
    here = found.positions
    if isfinite(found.rate_arcsec_min):
        way = f"{found.rate_arcsec_min:.3f} arcsec a minute towards {found.angle_deg:.0f} deg (north through east)"
        yield "motion", f"{way}; it moved {found.pace[0]:.3f} +- {found.pace[1]:.3f} of that"
    if here:
        east, north, error = found.mean_offset
        yield "O-C", f"{east:+.2f} arcsec east, {north:+.2f} north, +- {error:.2f}"
        one, rms = (np.median([getattr(each, name) for each in here]) for name in ("error_arcsec", "rms_arcsec"))
        stars = int(np.median([each.stars for each in here]))
        yield "errors", f"{one:.2f} arcsec of a frame; {stars} stars fit within {rms:.2f} arcsec"
        common = catalogue_error_arcsec(here[0].jd_utc)
        yield "catalogue", f"Tycho-2 as of 2000, without motions: all may be off by {common:.2f} arcsec together"
        yield from _brightness(found)
    for each in found.left_out:
        yield "left out", each
    for each in found.doubts:
        yield "doubt", each


def _brightness(found: "MovingTarget") -> Iterator[tuple[str, str]]:
    """Yield its magnitude in each filter, by the catalogue's VT."""
    filters = sorted({each.filter or "no filter" for each in found.positions})
    for name in filters:
        some = [each for each in found.positions if (each.filter or "no filter") == name]
        middle, error = (np.median([getattr(each, of) for each in some]) for of in ("vt_magnitude", "magnitude_error"))
        yield "brightness", f"{middle:.2f} +- {error:.2f} mag a frame in {name}, by the stars' VT"


def mover_words(number: int, track: "StraightTrack", known: Sequence[KnownBody]) -> Iterator[str]:
    """Yield what is said of a body that moves through the frames, and of what it may be."""
    here = track.middle
    way = f"{track.rate_arcsec_min:.3f} arcsec a minute towards {track.angle_deg:.0f} deg"
    yield f"{number:>3} at {here.ra_deg:.5f} {here.dec_deg:+.5f} deg in {len(track.positions)} frames, {way}"
    chance = "below 1e-9" if track.chance < 1e-9 else f"{track.chance:.0e}"  # noqa: PLR2004
    yield f"    brightness   {track.vt_magnitude:.1f} mag by the stars' VT; by chance {chance} such tracks"
    if not known:
        yield "    known        nothing within 2 arcmin"
    for each in known:
        pace = "moves alike" if each.same_pace else "moves otherwise: it is another"
        yield f"    known        {each.name}, {each.away_arcsec:.0f} arcsec away, {pace}"
