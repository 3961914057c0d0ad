"""A mount over Alpaca: parked is its claim, altitude and azimuth are its encoders."""

from contextlib import suppress
from datetime import UTC, datetime
from math import remainder

from obsy.engine.devices.alpaca.answer import NOT_IMPLEMENTED, AlpacaRefusal
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.directions import altitude_azimuth, of_date, off_deg, off_park_deg
from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.devices.ports import MountState, Pier, Pointing
from obsy.errors import DeviceError
from obsy.schemas.mount import ParkPosition
from obsy.schemas.site import Location
from obsy.units import DEGREES_PER_HOUR

UPRIGHT_DEG = 90.0
ARRIVED_WITHIN_DEG = 0.5
"""A mount that has stopped further off has not arrived, whatever it says."""
BESIDE_DEG = 10.0 / 3600
"""What the sky moves in less than a second; a mount that stands off by more did not follow it while it slewed."""
HEARS_WITHIN_S = 2.0
"""Within this a driver that has taken a request says that it slews; some do so only after they have answered."""
TELLS_WITHIN_S = 3.0
"""A driver that asks its mount each second says where it stands so much later than that it is parked."""
STOPS_WITHIN_S = 5.0
CLOCK_SET_S = 1.0
"""A clock that is off by less is left alone: the network is not better."""
OTHER, OF_DATE, J2000 = 0, 1, 2
"""Equinoxes in which a mount speaks; `other` is taken for that of date. Source: ASCOM, EquatorialCoordinateType."""
_PIERS: dict[float, Pier] = {0: Pier.EAST, 1: Pier.WEST}
_GONE = MountState(parked=None, tracking=None, altitude_deg=None, azimuth_deg=None)


class AlpacaMount:
    """A Mount behind an Alpaca driver."""

    def __init__(
        self,
        device: AlpacaDevice,
        observer: Location,
        settle_s: float = 0.0,
        rests: ParkPosition | None = None,
        slews_within_s: float = 0.0,
    ) -> None:
        """Nothing has been moved.

        rests: where it parks. slews_within_s: how long a slew may take, if that is longer than the device's limit.
        """
        self._rests = rests
        self._device, self._observer, self._settle_s = device, observer, settle_s
        self._slews_within_s = slews_within_s

    async def park(self) -> None:
        """Park, also when it is said to be parked. A driver may answer at once, or only when it is done."""
        await self._device.ready()
        await self._device.tell("park", self._device.timeout_s)
        await self._device.until(self._parked, f"'{self._device.name}' parked")
        looks_until_s = self._device.clock.monotonic() + TELLS_WITHIN_S
        while not await self._is_at_rest() and self._device.clock.monotonic() < looks_until_s:
            await self._device.clock.sleep(self._device.glance_s)

    async def unpark(self) -> None:
        """Unpark, also when it is said to be unparked."""
        await self._device.ready()
        await self._device.tell("unpark", self._device.timeout_s)

        async def unparked() -> bool:
            return not await self._device.flag("atpark")

        await self._device.until(unparked, f"'{self._device.name}' unparked")

    async def slew(self, pointing: Pointing) -> None:
        """Go there and track; the target is sent once more to a mount that stands beside it at the end."""
        await self._device.ready()
        with suppress(AlpacaRefusal):  # one that cannot be told to track does so by itself, or is seen beside
            await self._device.tell("tracking", Tracking=True)
        limit_s = max(self._device.timeout_s, self._slews_within_s)
        target, begun_s = await self._spoken(pointing), self._device.clock.monotonic()
        try:
            await self._go(target, limit_s)
            if off_deg(await self._place(), target) > BESIDE_DEG:
                await self._go(target, limit_s - (self._device.clock.monotonic() - begun_s))
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await self.stop()
            raise
        await self._device.clock.sleep(self._settle_s)

    async def stop(self) -> None:
        """Stop whatever moves, tracking too. It is told at once: nothing is asked of it before."""
        faults: list[DeviceError] = []
        asks: tuple[tuple[str, dict[str, object]], ...] = (("abortslew", {}), ("tracking", {"Tracking": False}))
        for member, said in asks:
            try:
                await self._device.tell(member, STOPS_WITHIN_S, **said)
            except DeviceError as fault:
                faults.append(fault)
        if faults and (await self._device.flag("slewing") or await self._tracks()):
            raise faults[0]  # a mount that is parked refuses, and stands

    async def state(self) -> MountState:
        """What it says of itself; all unknown if the device is gone."""
        try:
            await self._device.ready()
            altitude, azimuth = await self._points()
            return MountState(
                parked=await self._parked(),
                tracking=await self._tracks(),
                altitude_deg=altitude,
                azimuth_deg=azimuth,
                pier=await self._pier(),
            )
        except DeviceError:
            return _GONE

    async def side_for(self, pointing: Pointing) -> Pier:
        """Return the side on which it would hang there now; unknown of one that does not foretell it."""
        ra_deg, dec_deg = await self._spoken(pointing)
        where = {"RightAscension": ra_deg / DEGREES_PER_HOUR, "Declination": dec_deg}
        side = await self._device.number_if_said("destinationsideofpier", **where)
        return _PIERS.get(side, Pier.UNKNOWN) if side is not None else Pier.UNKNOWN

    async def reckoning(self) -> Reckoning:
        """Return with which place and time it reckons, as far as it says."""
        await self._device.ready()
        latitude = await self._device.number_if_said("sitelatitude")
        longitude = await self._device.number_if_said("sitelongitude")
        return Reckoning(
            None if latitude is None else latitude - self._observer.latitude_deg,
            None if longitude is None else remainder(longitude - self._observer.longitude_deg, 360.0),
            await self._clock_off_s(),
        )

    async def tell(self) -> None:
        """Tell it its place, and its time if that is off. What it refuses to take, it says afterwards."""
        await self._device.ready()
        off_s = await self._clock_off_s()
        place = self._observer
        said: tuple[tuple[str, object], ...] = (
            ("SiteLatitude", place.latitude_deg),
            ("SiteLongitude", remainder(place.longitude_deg, 360.0)),
            ("SiteElevation", place.elevation_m),
        )
        for name, value in said:
            with suppress(AlpacaRefusal):
                await self._device.tell(name.lower(), **{name: value})
        if off_s is not None and abs(off_s) > CLOCK_SET_S:
            with suppress(AlpacaRefusal):
                now = f"{self._device.clock.now():%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
                await self._device.tell("utcdate", UTCDate=now)

    async def _clock_off_s(self) -> float | None:
        """How much later its clock is than ours, seconds; None if it says nothing that can be read."""
        try:
            said = await self._device.ask("utcdate")
            when = datetime.fromisoformat(str(said).replace("Z", "+00:00"))
        except (AlpacaRefusal, ValueError):
            return None
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
        return (when - self._device.clock.now()).total_seconds()

    async def _is_at_rest(self) -> bool:
        """Whether its encoders say so too; where it rests elsewhere, who sees to the roof tells."""
        return self._rests is None or off_park_deg(*await self._points(), self._rests) <= ARRIVED_WITHIN_DEG

    async def _parked(self) -> bool:
        return await self._device.flag("atpark") and not await self._device.flag("slewing")

    async def _tracks(self) -> bool | None:
        return await self._device.flag("tracking") if await self._device.has("tracking") is not None else None

    async def _pier(self) -> Pier:
        side = await self._device.number_if_said("sideofpier")  # not every mount has one, and some not now
        return _PIERS.get(side, Pier.UNKNOWN) if side is not None else Pier.UNKNOWN

    async def _spoken(self, pointing: Pointing) -> tuple[float, float]:
        """RA and Dec, degrees, as the mount counts them. Raise DeviceError if nobody knows how it counts."""
        system = await self._device.whole("equatorialsystem")
        if system == J2000:
            return pointing.ra_deg, pointing.dec_deg
        if system not in (OTHER, OF_DATE):
            raise DeviceError(
                f"'{self._device.name}' counts in an equinox that obsy does not know (EquatorialSystem {system}): "
                "set it to that of date, or to J2000, in its driver"
            )
        return of_date(pointing.ra_deg, pointing.dec_deg, self._device.clock.now())

    async def _go(self, target: tuple[float, float], within_s: float) -> None:
        """Send the target and return once it has arrived."""
        device, asked_s = self._device, self._device.clock.monotonic()
        hours = target[0] / DEGREES_PER_HOUR
        await device.tell("slewtocoordinatesasync", device.timeout_s, RightAscension=hours, Declination=target[1])

        async def arrived() -> bool:
            heard = device.clock.monotonic() - asked_s >= HEARS_WITHIN_S
            stands = not await device.flag("slewing") and off_deg(await self._place(), target) <= ARRIVED_WITHIN_DEG
            return heard and stands

        await device.until(arrived, f"the target of '{device.name}'", within_s)

    async def _place(self) -> tuple[float, float]:
        """RA and Dec, degrees, as the mount counts them."""
        hours, degrees = await self._device.number("rightascension"), await self._device.number("declination")
        return hours * DEGREES_PER_HOUR, degrees

    async def _points(self) -> tuple[float, float]:
        """Altitude and azimuth. A mount that tells its own is believed: its coordinates hang on its clock too."""
        try:
            altitude, azimuth = await self._device.number("altitude"), await self._device.number("azimuth")
            if abs(altitude) > UPRIGHT_DEG:
                raise DeviceError(f"'{self._device.name}' says that it stands {altitude:g} deg high")
            return altitude, azimuth
        except AlpacaRefusal as refusal:
            if refusal.number != NOT_IMPLEMENTED:
                raise
        ra_deg, dec_deg = await self._place()
        now = self._device.clock.now()
        if await self._device.number("equatorialsystem") == J2000:
            ra_deg, dec_deg = of_date(ra_deg, dec_deg, now)
        return altitude_azimuth(ra_deg, dec_deg, self._observer, now)
