"""Risings, transits, settings and twilights all over the Earth against skyfield with JPL's DE421, which shares no code.

Both turn the Earth by the same tables; obsy has the planets of DE440. CI tries 400 cases, `make drills` 4,000.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any

import numpy as np
import pytest
from skyfield import almanac
from skyfield.api import Star, load, load_file, wgs84

from obsy.engine.sky.body import Body, Fixed, TheSun, radius_deg
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.passages import HORIZON_DEG, passages
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.twilight import night
from obsy.moments import noon
from obsy.schemas.site import Location
from obsy.schemas.target import Planet
from tests.support.effort import EFFORT

KINDS = ("star", "sun", "twilight", "moon", "planet")
INNER = ("mercury", "venus", "mars")
OUTER = ("jupiter", "saturn", "uranus", "neptune")
FIRST, DAYS = date(1973, 1, 2), 53 * 365
"""Of these days both know how the Earth turned."""
STEP_S = 300.0
NOTHING_S = 99.0
"""What stands for an event that only one of the two knows."""


@dataclass(frozen=True)
class Case:
    kind: str
    place: Location
    day: date
    body: Body
    theirs: Any
    below_deg: float | None = None

    @property
    def start(self) -> datetime:
        return noon(self.day, self.place.longitude_deg)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=1)

    def ours(self) -> Mapping[str, list[datetime]]:
        if self.below_deg is not None:
            found = night(self.day, self.place, self.below_deg)
            return {
                "sets": [each.start for each in found.dark if each.start > found.start],
                "rises": [each.end for each in found.dark if each.end < found.end],
            }
        grid = Grid.over(self.start, self.end, STEP_S)
        (track,) = tracks([self.body], grid, self.place)
        over = passages(track, HORIZON_DEG - radius_deg(self.body, grid, self.place))
        return {
            name: [each.when for each in stands]
            for name, stands in (("rises", over.rises), ("sets", over.sets), ("transits", over.transits))
        }

    def skyfields(self) -> Mapping[str, list[datetime]]:
        time = load.timescale(builtin=True)
        span = time.from_datetime(self.start), time.from_datetime(self.end)
        observer = ephemeris()["earth"] + wgs84.latlon(*self.place)
        found = {}
        for name, search in (("rises", almanac.find_risings), ("sets", almanac.find_settings)):
            when, is_true = search(observer, self.theirs, *span, horizon_degrees=self.below_deg)
            found[name] = [each for each, true in zip(when.utc_datetime(), is_true, strict=True) if true]
        if self.below_deg is None:
            found["transits"] = list(almanac.find_transits(observer, self.theirs, *span).utc_datetime())
        return found

    def apart_s(self) -> Iterator[float]:
        ours = self.ours()
        for name, theirs in self.skyfields().items():
            if len(theirs) != len(ours[name]):
                yield NOTHING_S
            else:
                yield from (abs((one - other).total_seconds()) for one, other in zip(ours[name], theirs, strict=True))


@cache
def ephemeris() -> Any:
    """JPL's DE421, as it is packed for those who have no network."""
    return load_file(str(resources.files("skyfield_data") / "data" / "de421.bsp"))


def case(number: int) -> Case:
    rng, kind = Random(number), KINDS[number % len(KINDS)]
    latitude = rng.choice([rng.uniform(-66, 66), rng.uniform(-90, 90)])
    place = Location(latitude, rng.uniform(-180, 180), rng.uniform(0, 4000))
    day = FIRST + timedelta(days=rng.randrange(DAYS))
    if kind == "star":
        ra_deg, dec_deg = rng.uniform(0, 360), float(np.degrees(np.arcsin(rng.uniform(-1, 1))))
        return Case(kind, place, day, Fixed(ra_deg, dec_deg), Star(ra_hours=ra_deg / 15, dec_degrees=dec_deg))
    if kind in {"sun", "twilight"}:
        below = rng.choice([-6.0, -12.0, -18.0]) if kind == "twilight" else None
        return Case(kind, place, day, TheSun(), ephemeris()["sun"], below)
    name = "moon" if kind == "moon" else rng.choice([*INNER, *OUTER])
    theirs = ephemeris()[f"{name} barycenter" if name in OUTER else name]
    return Case(kind, place, day, Planet.model_validate({"body": name}), theirs)


def apart_s(numbers: range) -> Mapping[str, np.ndarray]:
    """How far ours are from skyfield's, seconds, by kind."""
    found = defaultdict(list)
    for number in numbers:
        found[KINDS[number % len(KINDS)]] += case(number).apart_s()
    return {kind: np.array(each) for kind, each in found.items()}


def judge(found: Mapping[str, np.ndarray], most: float) -> None:
    """most: the share of events that must be as near as is asked."""
    for kind, within_s in (("star", 0.3), ("sun", 0.3), ("twilight", 0.3), ("moon", 0.4), ("planet", 0.2)):
        assert np.mean(found[kind] < within_s) >= most, kind


def test_the_sky_is_skyfields_with_jpls_ephemeris_in_a_sample() -> None:
    judge(apart_s(range(len(KINDS))), 1.0)


@pytest.mark.slow(minutes=2 * EFFORT)
def test_the_sky_is_skyfields_with_jpls_ephemeris_in_hundreds_of_cases() -> None:
    judge(apart_s(range(400 * EFFORT)), 0.99)
