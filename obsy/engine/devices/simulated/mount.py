"""A mount with slew times, pointing errors, drift, and a limit past the meridian."""

import asyncio
from collections.abc import Callable, Mapping
from math import cos, hypot, nan, radians

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import MountState, Pier, Pointing
from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.ephemeris import (
    AltAz,
    horizontal,
)
from obsy.engine.devices.simulated.state import SLOW, Motion, MountRecord, SimulatedState, TrackedTarget
from obsy.engine.devices.simulated.timeline import Trouble
from obsy.engine.separation import separation_deg
from obsy.engine.sidereal import DEGREES_PER_S
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.mount import Mount

SEEN_PARKED_DEG = 0.5
LOST_S = 120.0
"""How much later than expected a mount that never arrives is given up."""
PUSHED_DEG = 40.0
ERROR_ARCSEC = 25.0
"""Unsaid, a slew misses by about so much, each another way."""
REPEATS = 40.0
"""A mount that misses by a declared amount does so the same way again, to a fraction of it."""
DRIFT_ARCSEC_MIN = 0.25
ARCSEC_PER_DEG = 3600.0
Offset = tuple[float, float]
"""East and north."""


class SimulatedMount:
    """A mount on one pier; it goes on slewing, or tracking, when obsy dies."""

    def __init__(self, state: SimulatedState, declared: Mount) -> None:
        self._state, self._declared = state, declared

    @property
    def pointing(self) -> MountRecord:
        """Return where it truly points, and what it tracks."""
        return self._state.mount(self._declared)

    async def state(self) -> MountState:
        """Return what it claims and what its encoders read."""
        return self._said(await self._state.faults("mount", self._declared.name))

    def _said(self, found: Mapping[str, Trouble]) -> MountState:
        now, mount = self._state.now_s, self.pointing
        if "garbage" in found:
            return MountState(True, False, nan, nan, mount.pier)
        altitude, azimuth = self.stands()
        if "lie" in found:
            park, claims = self._declared.park, found["lie"].told.says is not None
            stands = (altitude, azimuth) if claims else (park.altitude, park.azimuth)
            return MountState(True, False, stands[0], stands[1] % 360, mount.pier)
        moving = mount.altitude.moving(now)
        return MountState(mount.parked and not moving, self.tracks(now), altitude, azimuth % 360, mount.pier)

    async def unpark(self) -> None:
        """Unpark, without moving."""
        await self._state.faults("mount", self._declared.name)
        self._write(parked=False)

    async def park(self) -> None:
        """Go to the park position and stop there."""
        park = self._declared.park
        if self.pointing.parked and self.rests():
            return
        await self._go((park.azimuth, park.altitude), None, Pier.UNKNOWN)

    async def slew(self, pointing: Pointing) -> None:
        """Go to a position and track it. Raises DeviceError where it may not point, or while parked."""
        if self.pointing.parked:
            raise DeviceError("the mount was asked to slew, but it is parked")
        now, place = self._state.now_s, self._state.place
        there = horizontal(pointing.ra_deg, pointing.dec_deg, place, now)
        limits = self._declared.altitude
        low, high = limits.above or 0.0, 90.0 if limits.below is None else limits.below
        if not low <= there.altitude_deg <= high:
            reach = f"it reaches {low:g} to {high:g} deg"
            raise DeviceError(f"the mount was asked to point at altitude {there.altitude_deg:.1f} deg; {reach}")
        await self._go((there.azimuth_deg, there.altitude_deg), pointing, self._side(there))

    async def reckoning(self) -> Reckoning:
        """Return that it reckons with what is true."""
        await self._state.faults("mount", self._declared.name)
        return Reckoning(0.0, 0.0, 0.0)

    async def tell(self) -> None:
        """Take note of nothing new."""
        await self._state.faults("mount", self._declared.name)

    async def side_for(self, pointing: Pointing) -> Pier:
        """Return the side on which it would hang there now."""
        await self._state.faults("mount", self._declared.name)
        return self._side(horizontal(pointing.ra_deg, pointing.dec_deg, self._state.place, self._state.now_s))

    async def stop(self) -> None:
        """Stop where it is."""
        await self._state.faults("mount", self._declared.name)
        self._halt()

    def stands(self, at_s: float | None = None) -> tuple[float, float]:
        """Return the true altitude and azimuth, degrees."""
        now = self._state.now_s if at_s is None else at_s
        mount = self.pointing
        aim = mount.aim
        if aim is None or mount.altitude.moving(now):
            return mount.altitude.value(now), mount.azimuth.value(now)
        last = now if aim.until_s is None or now < aim.since_s else min(now, aim.until_s)
        there = horizontal(*self._meant(aim, last), self._state.place, last)
        return there.altitude_deg, there.azimuth_deg

    def rests(self) -> bool:
        """Return whether it truly stands still at its park position."""
        now, park = self._state.now_s, self._declared.park
        altitude, azimuth = self.stands()
        if self.pointing.altitude.moving(now) or self.tracks(now):
            return False
        return separation_deg((azimuth, altitude), (park.azimuth, park.altitude)) < SEEN_PARKED_DEG

    def tracks(self, at_s: float) -> bool:
        """Return whether it tracks at a moment."""
        mount = self.pointing
        if mount.aim is None or mount.altitude.moving(at_s):
            return False
        return mount.aim.until_s is None or at_s < mount.aim.until_s

    def sees(self, at_s: float) -> tuple[float, float] | None:
        """Return the true ICRS position of the optical axis, degrees; None if it does not track, nor did.

        Past its limit it stands still, and the sky moves on under it.
        """
        aim = self.pointing.aim
        if aim is None or self.pointing.altitude.moving(at_s):
            return None
        last = at_s if aim.until_s is None else min(at_s, aim.until_s)
        ra, dec = self._meant(aim, last)
        minutes = max(0.0, last - aim.since_s) / 60
        east, north = (e + d * minutes for e, d in zip(aim.error_arcsec, aim.drift_arcsec_min, strict=True))
        ra += east / ARCSEC_PER_DEG / max(cos(radians(dec)), 0.01) + (at_s - last) * DEGREES_PER_S
        return ra % 360, dec + north / ARCSEC_PER_DEG

    @staticmethod
    def _meant(aim: TrackedTarget, at_s: float) -> tuple[float, float]:
        hours = max(0.0, at_s - aim.since_s) / 3600
        dec = aim.dec_deg + aim.dec_rate * hours / ARCSEC_PER_DEG
        return aim.ra_deg + aim.ra_rate * hours / ARCSEC_PER_DEG / max(cos(radians(dec)), 0.01), dec

    def _side(self, there: AltAz) -> Pier:
        if self._declared.type != "german-equatorial":
            return Pier.UNKNOWN
        return Pier.WEST if there.hour_angle_deg < 0 else Pier.EAST

    async def _go(self, goal: tuple[float, float], pointing: Pointing | None, side: Pier) -> None:
        state, declared = self._state, self._declared
        found = await state.faults("mount", declared.name)
        now = state.now_s
        altitude, azimuth = self.stands()
        flips = {self.pointing.pier, side} == {Pier.EAST, Pier.WEST}
        way = separation_deg((azimuth, altitude), goal) + (180 if flips else 0)
        needed = (way / declared.slew + declared.settle) * (SLOW if "slow" in found else 1)
        self._check_roof(now, needed)
        if "stuck" in found:
            await state.clock.sleep(needed)
            raise DeviceError("the mount was asked to move, but stays where it is")
        aim = None if pointing is None else self._aim(pointing, side, now + needed)
        turn = (goal[0] - azimuth + 180) % 360 - 180
        end = now + needed * (1000 if "timeout" in found else 1)
        self._write(
            altitude=Motion(origin=altitude, goal=goal[1], begin_s=now, end_s=end),
            azimuth=Motion(origin=azimuth, goal=azimuth + turn, begin_s=now, end_s=end),
            aim=aim,
            parked=pointing is None,
            pier=side,
        )
        await self._arrive(needed, late="timeout" in found)

    async def _arrive(self, needed: float, *, late: bool) -> None:
        try:
            await self._state.clock.sleep(needed + (LOST_S if late else 0))
        except asyncio.CancelledError:
            self._halt()
            raise
        if late:
            self._halt()
            raise DeviceTimeout(f"the mount did not arrive within {needed + LOST_S:.0f} s")

    def _halt(self) -> None:
        altitude, azimuth = self.stands()
        self._write(
            altitude=Motion(origin=altitude, goal=altitude),
            azimuth=Motion(origin=azimuth, goal=azimuth),
            aim=None,
            parked=self.pointing.parked and self.rests(),
        )

    def hold(self) -> None:
        """Keep it where it points on the sky, as a guider does."""
        self._steer(lambda here, minutes: (here, (0.0, 0.0)))

    def let_go(self) -> None:
        """Let it drift again from there."""
        aim = self.pointing.aim
        if aim is not None:
            drift = _beside(DRIFT_ARCSEC_MIN, *self._seed(aim.since_s), "drift")
            self._steer(lambda here, minutes: ((here[0] - drift[0] * minutes, here[1] - drift[1] * minutes), drift))

    def nudge(self, east_arcsec: float, north_arcsec: float) -> None:
        """Move it a little, as a guider does that dithers; only while it is held."""
        self._steer(lambda here, minutes: ((here[0] + east_arcsec, here[1] + north_arcsec), (0.0, 0.0)))

    def _steer(self, steered: Callable[[Offset, float], tuple[Offset, Offset]]) -> None:
        """Change its error and its drift, given the error now and the minutes since it came to its target."""
        aim, now = self.pointing.aim, self._state.now_s
        if aim is None or not self.tracks(now):
            return
        minutes = max(0.0, now - aim.since_s) / 60
        east, north = (e + d * minutes for e, d in zip(aim.error_arcsec, aim.drift_arcsec_min, strict=True))
        error, drift = steered((east, north), minutes)
        self._write(aim=aim.model_copy(update={"error_arcsec": error, "drift_arcsec_min": drift}))

    def _seed(self, since_s: float) -> tuple[object, ...]:
        return (self._state.parts.scenario.seed, "mount", self._declared.name, since_s)

    def move_by_hand(self) -> None:
        """Let somebody push it out of its park, and leave it there."""
        altitude, azimuth = self.stands()
        away = MountRecord(
            altitude=Motion(origin=altitude, goal=min(altitude + PUSHED_DEG, 80.0)),
            azimuth=Motion(origin=azimuth, goal=azimuth + PUSHED_DEG),
            parked=False,
        )
        self._state.set_mount(self._declared, away)

    def _check_roof(self, now: float, needed: float) -> None:
        enclosure = self._state.parts.enclosure_of(self._declared)
        roof = self._state.roof(enclosure)
        if enclosure.clearance == "free":
            return
        if min(roof.value(now), roof.value(now + needed)) < 1 or roof.moving(now):
            raise self._state.collide("the mount moved while the roof was not open, and struck it")

    def _aim(self, pointing: Pointing, side: Pier, since_s: float) -> TrackedTarget:
        seed = self._seed(since_s)
        past = self._declared.meridian.past if self._declared.meridian else None
        hour = horizontal(pointing.ra_deg, pointing.dec_deg, self._state.place, since_s).hour_angle_deg
        until = None
        if side is Pier.WEST and past is not None:
            until = since_s - hour / DEGREES_PER_S + past
        return TrackedTarget(
            ra_deg=pointing.ra_deg,
            dec_deg=pointing.dec_deg,
            ra_rate=pointing.ra_rate,
            dec_rate=pointing.dec_rate,
            error_arcsec=self._error(side, since_s),
            drift_arcsec_min=_beside(DRIFT_ARCSEC_MIN, *seed, "drift"),
            since_s=since_s,
            until_s=until,
        )

    def _error(self, side: Pier, since_s: float) -> tuple[float, float]:
        """How far beside its target a slew ends, arcseconds east and north."""
        scenario, name = self._state.parts.scenario, self._declared.name
        seed = (*self._seed(since_s), "error")
        if scenario.misses is None and self._declared.centre is None:
            return _beside(ERROR_ARCSEC, *seed)
        size = ERROR_ARCSEC if scenario.misses is None else scenario.misses
        east, north = _beside(1.0, scenario.seed, "mount", name, side, "misses")
        here = _beside(size / REPEATS, *seed)
        return size * east / hypot(east, north) + here[0], size * north / hypot(east, north) + here[1]

    def _write(self, **facts: object) -> None:
        self._state.set_mount(self._declared, MountRecord.model_validate(dict(self.pointing) | facts))


class QuickMount(SimulatedMount):
    """A mount in a scenario in which nothing is late."""

    def state_now(self) -> MountState:
        """Return what `state` does without being waited for."""
        return self._said(self._state.faults_now("mount", self._declared.name))


def _beside(size: float, *seed: object) -> tuple[float, float]:
    """Return an offset (east, north) in a random direction, 0.5 to 1.5 times a size long."""
    east, north = between(-1, 1, *seed, "east"), between(-1, 1, *seed, "north")
    length = between(0.5, 1.5, *seed, "length") * size / max(hypot(east, north), 1e-9)
    return east * length, north * length
