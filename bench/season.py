"""How long the windows of 1,000 targets over 365 nights take, beside astroplan and, where it is installed, rise-set.

rise-set (`ocs-rise-set`, of Las Cumbres Observatory) needs a Fortran compiler, and is asked only if it can be imported.
A target-night of ours has altitude, twilight, a measured horizon and the Moon's distance relaxed by its altitude;
theirs have altitude, twilight and the Moon's distance. `python -m bench season [TARGETS NIGHTS]`.
"""

import resource
import sys
import time
import warnings
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.util import find_spec

import astropy.units as u
import numpy as np
from astroplan import AltitudeConstraint, AtNightConstraint, FixedTarget, MoonSeparationConstraint, Observer
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network
from bench._answer import Figures, answer
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.nights import Nights, many_nights
from obsy.engine.sky.season import SeasonWindows, season
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.site import Location

PLACE = Location(37.2236, -2.5463, 2168.0)
LOCATION = EarthLocation.from_geodetic(PLACE.longitude_deg, PLACE.latitude_deg, PLACE.elevation_m)
FIRST = date(2026, 11, 21)
FEW = 10
"""Targets that astroplan and rise-set are asked about: they take as long for each."""
DARK, HIGH = Sun.model_construct(below=-18.0), Altitude.model_construct(above=30.0)
HILLS = Skyline.through([(15.0 * n, 5.0 + 13.0 * (n * 7 % 24) / 24) for n in range(24)])


def stars(count: int) -> list[Fixed]:
    """Return places all over the sky, the same each time."""
    dice = np.random.default_rng(1)
    dec = np.degrees(np.arcsin(dice.uniform(-1, 1, count)))
    return [Fixed(float(a), float(d)) for a, d in zip(dice.uniform(0, 360, count), dec, strict=True)]


def ours(targets: Sequence[Fixed], nights: int) -> tuple[SeasonWindows, Nights, dict[str, float]]:
    """Return the windows, the Sun and Moon behind them, and how long both took, by the wall and on all processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    sky = many_nights(FIRST, nights, PLACE)
    found = season(
        targets, [DARK, HIGH, HILLS, Moon.model_validate("farther than 60 deg and relaxed below 30 deg")], sky
    )
    return found, sky, {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def astroplan_ms(targets: Sequence[Fixed], sky: Nights) -> tuple[float, float]:
    """Return processor time for each target-night of astroplan, a minute at a time, and by how many minutes it differs.

    It differs in what it says of altitude and twilight; its Moon spoils the sky from below the horizon too.
    """
    observer, times = (
        Observer(LOCATION),
        Time(sky.grid.start) + np.arange(1440) * u.min,
    )
    theirs = [FixedTarget(SkyCoord(each.ra_deg, each.dec_deg, unit="deg")) for each in targets]
    constraints = [
        AltitudeConstraint(min=30 * u.deg),
        AtNightConstraint.twilight_astronomical(),
        MoonSeparationConstraint(min=60 * u.deg),
    ]
    begun = time.process_time()
    held = [[each(observer, one, times).ravel() for each in constraints] for one in theirs]
    each_ms = 1000 * (time.process_time() - begun) / len(targets)
    minutes = np.array([np.count_nonzero(high & dark) for high, dark, _ in held])
    return each_ms, float(np.abs(60 * season(targets, [DARK, HIGH], sky).hours[:, 0] - minutes).max())


def rise_set_ms(targets: Sequence[Fixed], nights: int) -> float:
    """Return processor time for each target-night of rise-set, its dark intervals worked out before."""
    from rise_set.angle import Angle  # noqa: PLC0415 - few have it
    from rise_set.astrometry import make_ra_dec_target  # noqa: PLC0415
    from rise_set.visibility import Visibility  # noqa: PLC0415

    site = {
        "latitude": Angle(degrees=PLACE.latitude_deg),
        "longitude": Angle(degrees=PLACE.longitude_deg),
        "horizon": Angle(degrees=30),
        "ha_limit_neg": Angle(degrees=-12.0 * 15),
        "ha_limit_pos": Angle(degrees=12.0 * 15),
    }
    start = Time(FIRST.isoformat()).to_datetime()
    sees = Visibility(site, start, start + timedelta(days=nights), 30, "astronomical", -12.0, 12.0)
    sees.get_dark_intervals()
    begun = time.process_time()
    for each in targets:
        star = make_ra_dec_target(Angle(degrees=each.ra_deg), Angle(degrees=each.dec_deg))
        sees.get_observable_intervals(star, moon_distance=Angle(degrees=60))
    return 1000 * (time.process_time() - begun) / len(targets) / nights


def figures(count: int, nights: int) -> Figures:
    """Ours for all of them, theirs for a few, as processor time for a target-night."""
    targets = stars(count)
    found, sky, took = ours(targets, nights)
    each_ms = 1000 * took["cpu_s"] / count / nights
    astroplan, apart = astroplan_ms(targets[:FEW], sky)
    told: dict[str, float | int | str] = {
        **took,
        "windows": len(found.spans.target),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "target_night_us": 1000 * each_ms,
        "astroplan_target_night_ms": astroplan,
        "astroplan_over_ours": astroplan / each_ms,
        "astroplan_differs_min": apart,
    }
    if find_spec("rise_set"):
        rise_set = rise_set_ms(targets[:FEW], nights)
        told |= {"rise_set_target_night_ms": rise_set, "rise_set_over_ours": rise_set / each_ms}
    else:
        told["rise_set_target_night_ms"] = "not installed"
    return told


def main() -> None:
    """Measure and tell."""
    warnings.simplefilter("ignore")
    count, nights = [int(each) for each in sys.argv[1:] if each.isdigit()] or (1000, 365)
    answer(f"windows of {count:,} targets over {nights} nights", figures(count, nights))


if __name__ == "__main__":
    main()
