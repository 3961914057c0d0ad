"""What the telescope looks at during an exposure: roof, cover, sky and air put together."""

from math import atan2, cos, degrees, radians, sin

from obsy.engine.devices.ports import Pier
from obsy.engine.devices.simulated.accessories import SimulatedFocuser
from obsy.engine.devices.simulated.chance import wander
from obsy.engine.devices.simulated.ephemeris import airmass, horizontal, moon, of_j2000, overhead, standing, sun
from obsy.engine.devices.simulated.mount import ARCSEC_PER_DEG, SimulatedMount
from obsy.engine.devices.simulated.parts import Extended, MovingObject
from obsy.engine.devices.simulated.picture.brightness import Glow, Moonlight
from obsy.engine.devices.simulated.picture.scene import Air, FieldOfView, LightSource, MovingPoint, VisibleSky
from obsy.engine.devices.simulated.rotator import SimulatedRotator
from obsy.engine.devices.simulated.state import SimulatedState
from obsy.engine.devices.simulated.variables import VaryingPoint
from obsy.engine.separation import separation_deg
from obsy.schemas.train import Train

NEAR_DEG = 3.0
OVERCAST_TAKES = 0.97
PATCHINESS = 0.3
SEEING_VARIES = 0.12


class SimulatedSky:
    """The sky as one camera sees it."""

    def __init__(
        self,
        state: SimulatedState,
        train: Train,
        mount: SimulatedMount,
        focuser: SimulatedFocuser | None,
        rotator: SimulatedRotator | None = None,
    ) -> None:
        self._state, self._train, self.mount, self._focuser = state, train, mount, focuser
        self._rotator = rotator

    def light(self) -> LightSource:
        """Return what shines into the telescope now; without a panel only the roof covers it."""
        cover = self._state.train(self._train).cover
        if self._train.panel is not None and cover != "open":
            return LightSource.PANEL if cover == "light" else LightSource.NONE
        parts = self._state.parts
        roof = self._state.roof(parts.enclosure_of(parts.mount_of(self._train)))
        return LightSource.SKY if roof.value(self._state.now_s) > 0 else LightSource.NONE

    def sky(self, begin_s: float, end_s: float) -> VisibleSky:
        """Return what is seen between two moments."""
        view = self._view(begin_s, end_s)
        near = [thing for thing in self._state.parts.extended if _near(view, thing)]
        bodies = [_body(one, begin_s, end_s) for one in self._state.parts.moving_objects]
        seen = tuple(b for b in bodies if separation_deg(b.begin, (view.ra_deg, view.dec_deg)) < NEAR_DEG)
        air, stars = self._air(view, begin_s, end_s), self._state.parts.stars
        return VisibleSky(view, air, stars, tuple(near), seen, self._varying(view, begin_s, end_s))

    def _varying(self, view: FieldOfView, begin_s: float, end_s: float) -> tuple[VaryingPoint, ...]:
        """Return what the variable stars around show in the mean of an exposure."""
        here = view.ra_deg, view.dec_deg
        around = [v for v in self._state.parts.variables if separation_deg((v.ra_deg, v.dec_deg), here) < NEAR_DEG]
        return tuple(each.seen(begin_s, end_s) for each in around)

    def _view(self, begin_s: float, end_s: float) -> FieldOfView:
        middle = (begin_s + end_s) / 2
        first, here, last = (self._axis(at_s) for at_s in (begin_s, middle, end_s))
        east = ((first[0] - last[0] + 180) % 360 - 180) * cos(radians(here[1])) * ARCSEC_PER_DEG
        flipped = 180 if self.mount.pointing.pier is Pier.WEST else 0
        turned = 0.0 if self._rotator is None else self._rotator.turned_deg(middle)
        up = (self._train.rotation + turned + flipped) % 360
        return FieldOfView(*here, up, (east, (first[1] - last[1]) * ARCSEC_PER_DEG))

    def _axis(self, at_s: float) -> tuple[float, float]:
        """Return where the tube points, also while the mount stands still and the sky passes by."""
        seen = self.mount.sees(at_s)
        if seen is not None:
            return seen
        altitude, azimuth = self.mount.stands(at_s)
        return of_j2000(*overhead(altitude, azimuth, self._state.place, at_s), at_s)

    def _air(self, view: FieldOfView, begin_s: float, end_s: float) -> Air:
        state, middle = self._state, (begin_s + end_s) / 2
        seed = state.parts.scenario.seed
        altitude = horizontal(view.ra_deg, view.dec_deg, state.place, middle).altitude_deg
        thickness = airmass(altitude)
        swing = 1 + SEEING_VARIES * (wander(middle, 900, seed, "seeing") + wander(middle, 120, seed, "flutter")) / 2
        seeing = state.timeline.mean("seeing", begin_s, end_s) * thickness**0.6 * swing
        patch = 1 + PATCHINESS * wander(middle, 300, seed, "cloud")
        cloud = min(1.0, state.timeline.mean("cloud", begin_s, end_s) / 100 * patch)
        glow = self._glow(view, altitude, middle)
        blur = self._focuser.blur_arcsec(middle) if self._focuser is not None else 0.0
        return Air(seeing, blur, thickness, 1 - OVERCAST_TAKES * cloud, glow)

    def _glow(self, view: FieldOfView, altitude_deg: float, at_s: float) -> Glow:
        place, day, night = self._state.place, sun(at_s), moon(at_s)
        sun_altitude = standing(day.ra_deg, day.dec_deg, place, at_s).altitude_deg
        stood = standing(night.ra_deg, night.dec_deg, place, at_s).altitude_deg
        moon_altitude = stood - night.parallax_deg * cos(radians(stood))
        apart = separation_deg((view.ra_deg, view.dec_deg), (night.ra_deg, night.dec_deg))
        # The Sun taken as infinitely far: wrong by 0.15 deg at most.
        phase = 180 - separation_deg((day.ra_deg, day.dec_deg), (night.ra_deg, night.dec_deg))
        return Glow(altitude_deg, sun_altitude, Moonlight(moon_altitude, apart, phase))


def _near(view: FieldOfView, thing: Extended) -> bool:
    apart = separation_deg((view.ra_deg, view.dec_deg), (thing.ra_deg, thing.dec_deg))
    return apart < NEAR_DEG + thing.major_arcmin / 60


def _body(one: MovingObject, begin_s: float, end_s: float) -> MovingPoint:
    day, begin = sun((begin_s + end_s) / 2), one.place(begin_s)
    away = (_bearing(begin, (day.ra_deg, day.dec_deg)) + 180) % 360
    return MovingPoint(one.kind, one.mag, begin, one.place(end_s), away)


def _bearing(origin: tuple[float, float], goal: tuple[float, float]) -> float:
    """Return the position angle of one place from another, degrees east of north."""
    turn, low, high = radians(goal[0] - origin[0]), radians(origin[1]), radians(goal[1])
    return degrees(atan2(sin(turn) * cos(high), cos(low) * sin(high) - sin(low) * cos(high) * cos(turn)))
