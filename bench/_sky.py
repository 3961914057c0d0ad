"""Cases of the sky: the Earth, targets, Sun, Moon and planets, twilight, transits, light time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import astropy.units as u
import numpy as np
from astroplan import EclipsingSystem, Observer
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time
from astropy.utils import iers

from bench._case import Case
from obsy.engine.sky import earth, instants, moon, rotation, sun
from obsy.engine.sky.barycentre import light_time_d
from obsy.engine.sky.body import Body, Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.location import Location
from obsy.engine.sky.solar_system import SolarSystemBody
from obsy.engine.sky.tracks import tracks
from obsy.engine.sky.transit import Ephemeris, transits
from obsy.engine.sky.twilight import SUNSET_DEG, night

PLACE = Location(37.2236, -2.5463, 2168.0)
LOCATION = EarthLocation.from_geodetic(PLACE.longitude_deg, PLACE.latitude_deg, PLACE.elevation_m)
GRID = Grid(datetime(2026, 11, 21, 12, tzinfo=UTC), 60.0, 1441)
STAR, EPOCH, PERIOD_D = Fixed(31.042742, 46.687851), 2455867.402743, 2.1500082
START, END = datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 12, 21, tzinfo=UTC)


def sky() -> list[Case]:
    """The cases, on the minutes of one night."""
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, (20, 1)), np.degrees(np.arcsin(rng.uniform(-1, 1, (20, 1))))
    stars = [Fixed(float(one[0]), float(other[0])) for one, other in zip(ra, dec, strict=True)]
    return [
        _tables(),
        Case(
            "20 targets with Sun and Moon over a night",
            {"ours": _cold(lambda: _altitudes(stars)), "astropy": lambda: _with_luminaries(ra, dec)},
            _apart,
            "deg",
            3,
        ),
        Case(
            "one planet over a night",
            {"ours": _cold(lambda: _altitudes([SolarSystemBody("jupiter")])), "astropy": lambda: _body("jupiter")},
            _apart,
            "deg",
            3,
        ),
        _twilight(),
        *_transits(),
    ]


def _cold(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work, without what an earlier run has kept."""

    def run() -> Any:
        for kept in (earth.earth_on, sun.sun, moon.moon, moon.illuminated_percent, instants.instants):
            kept.cache_clear()
        return work()

    return run


def _apart(ours: Any, theirs: Any) -> float:
    return float(np.abs(ours - theirs).max())


def _altitudes(bodies: list[Body] | list[Fixed] | list[SolarSystemBody]) -> Any:
    return np.stack([track.altitude_deg for track in tracks(bodies, GRID, PLACE)])


def _frame() -> AltAz:
    return AltAz(obstime=Time(GRID.start) + GRID.seconds * u.s, location=LOCATION)


def _body(name: str) -> Any:
    frame = _frame()
    return get_body(name, frame.obstime, LOCATION).transform_to(frame).alt.deg[None]


def _with_luminaries(ra: Any, dec: Any) -> Any:
    with erfa_astrom.set(ErfaAstromInterpolator(300 * u.s)):
        _body("sun")
        _body("moon")
        return SkyCoord(ra, dec, unit="deg").transform_to(_frame()).alt.deg


def _tables() -> Case:
    times = instants.instants(GRID)

    def ours() -> Any:
        rotation._table.cache_clear()  # noqa: SLF001 (a table that is read afresh)
        return rotation.rotation(times).pole_x

    def theirs() -> Any:
        iers.IERS_Auto.iers_table = None
        return iers.IERS_Auto.open().pm_xy(times)[0].to_value(u.rad)

    return Case("Earth rotation tables read", {"ours": ours, "astropy": theirs}, _apart, "rad", 2)


def _twilight() -> Case:
    def ours() -> Any:
        found = night(date(2026, 11, 21), "Europe/Madrid", PLACE)
        return [found.sunset, found.dusk, found.dawn, found.sunrise]

    def theirs() -> Any:
        observer, noon, fine = Observer(location=LOCATION), Time("2026-11-21T11:00"), {"n_grid_points": 300}
        found = (
            observer.sun_set_time(noon, "next", horizon=SUNSET_DEG * u.deg, **fine),
            observer.sun_set_time(noon, "next", horizon=-18 * u.deg, **fine),
            observer.sun_rise_time(noon, "next", horizon=-18 * u.deg, **fine),
            observer.sun_rise_time(noon, "next", horizon=SUNSET_DEG * u.deg, **fine),
        )
        return [when.to_datetime(UTC) for when in found]

    return Case("sunset, dusk, dawn and sunrise", {"ours": _cold(ours), "astroplan": theirs}, _seconds, "s at most")


def _seconds(ours: list[datetime], theirs: list[datetime]) -> float:
    return max(abs((one - other).total_seconds()) for one, other in zip(ours, theirs, strict=True))


def _transits() -> list[Case]:
    star = SkyCoord(STAR.ra_deg, STAR.dec_deg, unit="deg")

    def ours() -> Any:
        found = transits(Ephemeris(EPOCH, PERIOD_D, 3.12), STAR, PLACE, START, END)
        return [transit.middle for transit in found]

    def theirs() -> Any:
        system = EclipsingSystem(Time(EPOCH, format="jd", scale="tdb"), PERIOD_D * u.day)
        middle = system.next_primary_eclipse_time(Time(START), n_eclipses=int((END - START) / timedelta(PERIOD_D)))
        return (middle - middle.light_travel_time(star, location=LOCATION)).utc.to_datetime(UTC)

    times = instants.instants(GRID)[::10]
    return [
        Case("transits of a month", {"ours": ours, "astroplan": theirs}, _first_seconds, "s"),
        Case(
            "light time to the barycentre",
            {
                "ours": lambda: 86400 * light_time_d(STAR, times, PLACE),
                "astropy": lambda: times.light_travel_time(star, location=LOCATION).to_value("s"),
            },
            _apart,
            "s",
        ),
    ]


def _first_seconds(ours: list[datetime], theirs: list[datetime]) -> float:
    return abs((ours[0] - theirs[0]).total_seconds())
