"""What moves in a night's frames of a plan though nobody asked for it, and which known body each may be."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from obsy.engine.reduce.star_table import StarTable
from obsy.engine.runtime.astrometry import every_table
from obsy.engine.runtime.known_movers import KnownMover, KnownOrbits
from obsy.engine.runtime.photometry import NightTables
from obsy.engine.science.as_json import plain
from obsy.engine.science.astrometry.star_fit import around, star_fit
from obsy.engine.science.astrometry.straight_tracks import FEWEST, StraightTrack, straight_tracks
from obsy.engine.science.astrometry.strays import strays
from obsy.engine.sky.catalogue import cone
from obsy.schemas.site import Location


@dataclass(frozen=True, slots=True)
class UnknownMover:
    """A track with the known bodies that lie near it, the nearest first."""

    track: StraightTrack
    known: tuple[KnownMover, ...]

    @property
    def is_known(self) -> bool:
        """Return whether the nearest of them moves as it does."""
        return any(each.same_pace for each in self.known)

    def shape(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        one = self.track
        told: dict[str, Any] = plain(
            {
                "ra_deg": one.middle.ra_deg,
                "dec_deg": one.middle.dec_deg,
                "jd_utc": one.middle.jd_utc,
                "rate_arcsec_min": one.rate_arcsec_min,
                "angle_deg": one.angle_deg,
                "vt_magnitude": one.vt_magnitude,
                "chance": one.chance,
                "is_known": self.is_known,
            }
        )
        told["known"] = [asdict(each) for each in self.known]
        return told | {"positions": [plain(asdict(each)) for each in one.positions]}


def unknown_movers(
    night: NightTables, orbits: KnownOrbits, place: Location, fastest_arcsec_min: float
) -> tuple[list[UnknownMover], list[str]]:
    """Return what moves in a night's frames, each train's by themselves, and what hindered the search."""
    by_train: dict[str, list[StarTable]] = defaultdict(list)
    for each in every_table(night):
        by_train[each.observation.train or ""].append(each)
    found, hindered = [], []
    for train, tables in sorted(by_train.items()):
        if len(tables) < FEWEST:
            hindered.append(f"{train}: {len(tables)} frames with a table of stars, at least {FEWEST} are needed")
            continue
        frames, lost = strays(tables, _fitted(tables))
        hindered += [f"{train}: {many} frames: {why}" for why, many in sorted(Counter(lost).items())]
        tracks, untried = straight_tracks(frames, fastest_arcsec_min)
        if untried:
            words = f"{untried:,} lines through two detections were too many to be tried: say a smaller '--fastest'"
            hindered.append(f"{train}: {words}")
        found += [UnknownMover(each, tuple(orbits.near(each, place))) for each in tracks]
    return found, hindered


def _fitted(tables: list[StarTable]) -> Any:
    """What fits each frame to the catalogue about the middle of them all."""
    middles = np.array([around(each)[:2] for each in tables])
    first = middles[0]
    ra = first[0] + np.median((middles[:, 0] - first[0] + 180) % 360 - 180)
    towards = float(ra % 360), float(np.median(middles[:, 1]))
    return lambda table: star_fit(table, cone(*around(table)), towards)
