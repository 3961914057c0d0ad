"""A mount over INDI: parked is its claim, the coordinates are its encoders."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import remainder

from obsy.engine.devices.directions import altitude_azimuth, of_date, off_deg, off_park_deg
from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import MountState, Pier, Pointing
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location
from obsy.units import DEGREES_PER_HOUR

PARK, COORDINATES, MODE = "TELESCOPE_PARK", "EQUATORIAL_EOD_COORD", "ON_COORD_SET"
PLACE, TRACKING, TIME = "GEOGRAPHIC_COORD", "TELESCOPE_TRACK_STATE", "TIME_UTC"
TAKES_WITHIN_S = 5.0
ARRIVED_WITHIN_DEG = 0.5
"""More than a mount lags behind the sky in a long slew: it tells the answer from those sent before the request."""
BESIDE_DEG = 10.0 / 3600
"""What the sky moves in less than a second; a mount that stands off by more did not follow it while it slewed."""
HEARS_WITHIN_S = 2.0
"""Within this a driver has heard a request and says that it slews: what comes sooner may have been on its way."""
SET_S = 5.0
"""A clock that was set by less is still that of a mount with another one."""
SPEAKS_EVERY_S = 30.0
"""Drivers send the coordinates every second, also of a mount that is parked; older ones are of a driver that hangs."""
_PIERS = {"PIER_EAST": Pier.EAST, "PIER_WEST": Pier.WEST}
_GONE = MountState(parked=None, tracking=None, altitude_deg=None, azimuth_deg=None)


class IndiMount:
    """A Mount behind an INDI driver."""

    def __init__(
        self,
        device: IndiDevice,
        observer: Location,
        settle_s: float = 0.0,
        rests: ParkPosition | None = None,
        slews_within_s: float = 0.0,
    ) -> None:
        """Nothing has been moved.

        rests: where it parks. slews_within_s: how long a slew may take, if that is longer than the device's limit.
        """
        self._slews_within_s = slews_within_s
        self._device, self._observer, self._settle_s, self._rests = device, observer, settle_s, rests
        self._told = False
        self._clock_before: Vector | None = None
        self._begun, self._begun_s = device.clock.now(), device.clock.monotonic()

    async def park(self) -> None:
        """Park, also when it is said to be parked; a driver that has just started may not know where it stands."""
        await self._device.known()  # a driver says "connected" before it has told what it has
        with suppress(Exception):  # a mount that cannot be told is parked all the same, and then seen or not
            self._say_where_it_stands()
        await self._device.turn(PARK, "PARK")

    async def unpark(self) -> None:
        """Unpark, also when it is said to be unparked; where it points is reckoned from where it stands."""
        await self._device.known()
        self._say_where_it_stands()
        await self._device.turn(PARK, "UNPARK")

    async def slew(self, pointing: Pointing) -> None:
        """Go there and track; the target is sent once more to a mount that stands beside it at the end."""
        await self._device.turn(MODE, "TRACK")
        limit_s = max(self._device.timeout_s, self._slews_within_s)
        target = of_date(pointing.ra_deg, pointing.dec_deg, self._device.clock.now())
        begun_s = self._device.clock.monotonic()
        try:
            await self._go(target, limit_s)
            if self._is_beside(target):
                await self._go(target, limit_s - (self._device.clock.monotonic() - begun_s))
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await self.stop()
            raise
        await self._device.clock.sleep(self._settle_s)

    async def stop(self) -> None:
        """Stop whatever moves, tracking too, which some drivers go on with after an abort."""
        await self._device.ready()
        self._device.line.press(self._device.name, "TELESCOPE_ABORT_MOTION", "ABORT")
        if (tracks := self._device.vector(TRACKING)) is not None and tracks.chosen() != "TRACK_OFF":
            self._device.line.press(self._device.name, TRACKING, "TRACK_OFF")

    async def state(self) -> MountState:
        """What it says of itself; all unknown if the device is gone."""
        try:
            await self._device.ready()
        except DeviceError:
            return _GONE
        tracks = self._device.vector(TRACKING)
        side = self._device.vector("TELESCOPE_PIER_SIDE")
        parked = _is_parked(self._device.vector(PARK))
        altitude, azimuth = self._points(self._device.vector(COORDINATES), at_rest=parked is True)
        return MountState(
            parked=parked,
            tracking=None if tracks is None else tracks.chosen() == "TRACK_ON",
            altitude_deg=altitude,
            azimuth_deg=azimuth,
            pier=_PIERS.get((side.chosen() if side else None) or "", Pier.UNKNOWN),
        )

    async def reckoning(self) -> Reckoning:
        """Return with which place it reckons, and which time it confirmed when it was told one.

        What drivers say of their clock before that is when they were told last, by whomever.
        """
        await self._device.known()
        known, clock, here = self._device.vector(PLACE), self._device.vector(TIME), self._observer
        has = known.values if known is not None and known.state != "Alert" else {}
        off = {element: float(has[element]) for element in ("LAT", "LONG") if element in has}
        return Reckoning(
            off["LAT"] - here.latitude_deg if "LAT" in off else None,
            remainder(off["LONG"] - here.longitude_deg, 360.0) if "LONG" in off else None,
            _off_s(clock) if clock is not None and self._told and clock is not self._clock_before else None,
        )

    async def tell(self) -> None:
        """Tell it its place and its time, and return when it has answered. Raise DeviceTimeout if it does not."""
        await self._device.known()
        self._say_where_it_stands()
        clock = self._clock_before = self._device.vector(TIME)
        self._told = True
        if clock is None:
            return
        now, losses = self._device.clock.now(), self._device.losses()
        said = {"UTC": f"{now:%Y-%m-%dT%H:%M:%S}", "OFFSET": str(clock.values.get("OFFSET", "0"))}
        self._device.line.put(self._device.name, TIME, {each: said[each] for each in said if each in clock.values})
        patient = replace(self._device, timeout_s=TAKES_WITHIN_S)
        what = f"the time of '{self._device.name}'"
        await patient.until(lambda: self._device.vector(TIME) is not clock, what, losses)

    async def side_for(self, pointing: Pointing) -> Pier:  # noqa: ARG002
        """Return that nobody knows: INDI's drivers foretell no side of the pier."""
        return Pier.UNKNOWN

    async def _go(self, target: tuple[float, float], within_s: float) -> None:
        """Send the target and return once it has arrived."""
        device, asked_s = self._device, self._device.clock.monotonic()
        before, losses = device.vector(COORDINATES), device.losses()
        device.line.put(device.name, COORDINATES, {"RA": target[0] / DEGREES_PER_HOUR, "DEC": target[1]})

        def arrived() -> bool:
            heard = device.clock.monotonic() - asked_s >= HEARS_WITHIN_S
            return self._arrived(before, target) and heard

        await replace(device, timeout_s=within_s).until(arrived, f"the target of '{device.name}'", losses)

    def _is_beside(self, target: tuple[float, float]) -> bool:
        """Whether it tracks beside its target: a mount that does not track while it slews ends behind the sky."""
        sent, tracks = self._device.vector(COORDINATES), self._device.vector(TRACKING)
        follows = tracks is None or tracks.chosen() != "TRACK_OFF"
        return follows and sent is not None and off_deg(_place(sent), target) > BESIDE_DEG

    def _arrived(self, before: Vector | None, target: tuple[float, float]) -> bool:
        """What was said before the slew began says nothing of its end, however near the target is."""
        now = self._device.vector(COORDINATES)
        if now is None or now is before:
            return False
        if now.state == "Alert":
            raise DeviceError(f"'{self._device.name}' says that the slew has failed")
        return _arrived(now, target)

    def _say_where_it_stands(self) -> None:
        """Tell it, also when it says so itself: a driver that began anew may show a place that it does not reckon with.

        INDI's own mounts (1.9.9) show what they saved last, and take it for true only once somebody says it.
        """
        known, place = self._device.vector(PLACE), self._observer
        if known is None:
            return
        longitude = place.longitude_deg % 360.0 % 360.0  # as INDI counts; a hair west of Greenwich is 360 after once
        numbers = {"LAT": place.latitude_deg, "LONG": longitude, "ELEV": place.elevation_m}
        has = {element: value for element, value in numbers.items() if element in known.values}
        self._device.line.put(self._device.name, PLACE, has)

    def _points(self, sent: Vector | None, *, at_rest: bool) -> tuple[float | None, float | None]:
        """Altitude and azimuth of the coordinates it last sent, if that was a moment ago.

        A mount may have a clock of its own: once the computer's was set, one that claims to be parked is parked by
        either of the two times.
        """
        if sent is None or sent.received is None or sent.state == "Alert":
            return None, None
        if not -SPEAKS_EVERY_S <= (self._device.clock.now() - sent.received).total_seconds() <= SPEAKS_EVERY_S:
            return None, None
        moments = [sent.received]
        if at_rest and self._rests is not None and abs(set_s := self._set_s()) > SET_S:
            moments.append(sent.received - timedelta(seconds=set_s))
        return min((altitude_azimuth(*_place(sent), self._observer, each) for each in moments), key=self._off_rest)

    def _set_s(self) -> float:
        """How far the computer's clock was set since the beginning, seconds."""
        clock = self._device.clock
        return (clock.now() - self._begun).total_seconds() - (clock.monotonic() - self._begun_s)

    def _off_rest(self, place: tuple[float, float]) -> float:
        """How far a place, altitude and azimuth, lies from where it parks, degrees, in the worse of the two."""
        return 0.0 if self._rests is None else off_park_deg(*place, self._rests)


def _is_parked(park: Vector | None) -> bool | None:
    if park is None or park.state == "Alert" or park.chosen() is None:
        return None
    return park.chosen() == "PARK" and park.state != "Busy"


def _off_s(sent: Vector) -> float | None:
    """How much later its clock was than ours as it said so, seconds; None if it says nothing that can be read."""
    try:
        when = datetime.fromisoformat(str(sent.values.get("UTC")))
    except ValueError:
        return None
    if sent.received is None or sent.state == "Alert":
        return None
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - sent.received).total_seconds()


def _place(sent: Vector) -> tuple[float, float]:
    """RA and Dec of date, degrees."""
    return float(sent.values["RA"]) * DEGREES_PER_HOUR, float(sent.values["DEC"])


def _arrived(sent: Vector, target: tuple[float, float]) -> bool:
    return sent.state in {"Ok", "Idle"} and off_deg(_place(sent), target) <= ARRIVED_WITHIN_DEG
