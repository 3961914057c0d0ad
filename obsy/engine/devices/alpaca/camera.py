"""A camera over Alpaca: its pixels come as an answer, and lie in the incoming folder whole or not at all."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from obsy.engine.devices.alpaca.answer import NOT_IMPLEMENTED, AlpacaRefusal
from obsy.engine.devices.alpaca.cooler import COOLER, cool, warm
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.fits import camera_cards, fits_file
from obsy.engine.devices.alpaca.image import IMAGE_BYTES, Pixels, pixels
from obsy.engine.devices.alpaca.wheel import AlpacaFilterWheel
from obsy.engine.devices.capture import FRAMES, frame_cards
from obsy.engine.devices.landing import landed
from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import ASKED_S
from obsy.errors import DeviceError
from obsy.schemas.train import Train

IDLE, ERROR = 0, 5
EARLY_S = 0.2
"""An image that is ready so much sooner than its exposure can have ended is of another one."""
SEEN_S = 2.0
"""An exposure that lasts longer is seen while it does."""
ALONE_S = 4.0
"""A camera that exposes is left alone for so long: one that has gone in the meantime is still known to be in 10 s.

One whose driver hangs, so that each question waits for its answer, is in 15 s.
"""
ENDED_LOOKS = 2
"""So many looks in a row show that an exposure has ended: a driver may stumble once."""
STOPS_WITHIN_S = 5.0
EXACT = 0.02
"""The share by which an exposure may differ from the one asked for; a bias is a driver's least exposure."""
CLOCKS_AGREE_S = 2.0
"""A camera's own word of when an exposure began counts if it is so near to when it was asked."""


class AlpacaCamera:
    """A Camera behind an Alpaca driver."""

    def __init__(
        self, device: AlpacaDevice, train: Train, incoming: Path, wheel: AlpacaFilterWheel | None = None
    ) -> None:
        """Nothing was asked of it. Focus frames go to the folder `focus` beside `incoming`.

        wheel: what has to stand at the filter of an exposure from its begin to its end.
        """
        self._device, self._train, self._incoming, self._wheel = device, train, incoming, wheel
        self._cold: float | None = None

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point; at once if the camera has no cooler.

        Raise DeviceError soon if it gets no colder.
        """
        await self._device.ready()
        await cool(self._device, celsius)
        self._cold = celsius

    async def stay_cool(self) -> None:
        """Cool again if the cooler is off or has another set point: a driver that begins anew forgets both."""
        await self._device.ready()
        if self._cold is None or not await self._device.has("cansetccdtemperature"):
            return
        holds = await self._device.flag(COOLER) and await self._device.number("setccdtemperature") == self._cold
        if not holds:
            await self.cool(self._cold)

    async def warm(self) -> None:
        """Let the sensor warm up slowly, then switch the cooler off."""
        self._cold = None
        await self._device.ready()
        await warm(self._device)

    async def expose(self, exposure: Exposure) -> Path:
        """Return the finished file; given up, it leaves none. Raise DeviceError if the driver fails or sends none."""
        device, camera = self._device, self._train.camera
        await device.ready()
        await self._rests()
        shape, settings = await self._prepare(exposure)
        seconds = await self._possible(exposure)
        is_light = FRAMES[exposure.kind] in ("Light", "Flat")
        await self._filter_holds(exposure)
        before = await device.flag("imageready"), await self._said_start()
        try:
            asked, asked_s = device.clock.now(), device.clock.monotonic()
            await device.tell("startexposure", Duration=seconds, Light=is_light)
            await self._arrives(seconds, asked_s, *before)
            page = await device.line.get(
                f"/api/v1/{device.name}/imagearray", {}, camera.download + camera.timeout, IMAGE_BYTES
            )
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await device.tell("abortexposure", STOPS_WITHIN_S)
            raise
        counts = pixels(page, device.name)
        exposed_s = await self._examine(seconds, shape, counts)
        await self._filter_holds(exposure)
        celsius, began = await device.number_if_said("ccdtemperature"), await self._began(asked)
        cards = camera_cards(self._train, exposure, exposed_s, began, celsius)
        cards += [(ASKED_S, seconds, "[s] exposure that was asked for")] if exposed_s != seconds else []
        cards += frame_cards(self._train, exposure, settings)
        return await landed(self._incoming, self._train, exposure, device.clock.now(), lambda: fits_file(counts, cards))

    async def _rests(self) -> None:
        """Return when it exposes nothing; what is under way is nobody's any more."""
        if await self._device.number("camerastate") in (IDLE, ERROR):
            return
        await self._device.tell("abortexposure", STOPS_WITHIN_S)

        async def idle() -> bool:
            return await self._device.number("camerastate") == IDLE

        await self._device.until(idle, f"the end of an earlier exposure of '{self._device.name}'", STOPS_WITHIN_S)

    async def _prepare(self, exposure: Exposure) -> tuple[tuple[int, int], dict[str, int]]:
        """Have it take whole frames as they are asked for; return rows and columns, and what could be set."""
        device, binning = self._device, exposure.binning
        await device.tell("binx", BinX=binning)
        await device.tell("biny", BinY=binning)
        columns, rows = await device.whole("cameraxsize") // binning, await device.whole("cameraysize") // binning
        await device.tell("startx", StartX=0)
        await device.tell("starty", StartY=0)
        await device.tell("numx", NumX=columns)
        await device.tell("numy", NumY=rows)
        asked = {"gain": exposure.gain, "offset": exposure.offset}
        return (rows, columns), {name: value for name, value in asked.items() if await self._has_set(name, value)}

    async def _has_set(self, name: str, value: int) -> bool:
        """Set gain or offset, and return whether it has one. Raise DeviceError if it takes no such value.

        A driver counts in steps, or numbers its own names for them. Source: ASCOM, Camera.Gain.
        """
        try:
            await self._device.number(name)
        except AlpacaRefusal as refusal:
            if refusal.number != NOT_IMPLEMENTED:
                raise
            return False
        try:
            names = await self._device.ask(f"{name}s")
        except AlpacaRefusal:  # it counts in steps
            names = None
        sent = (
            self._numbered(name, value, [str(each) for each in names]) if isinstance(names, list) and names else value
        )
        await self._device.tell(name, **{name.capitalize(): sent})
        return True

    def _numbered(self, name: str, value: int, names: list[str]) -> int:
        """The place of a setting among the driver's names for it: by the number that a name ends in, if any does."""
        ends = [each.strip().rpartition(" ")[2] for each in names]
        numbers = [int(each) if each.isdecimal() else None for each in ends]
        if not any(each is not None for each in numbers):
            numbers = [*range(len(names))]
        if value not in numbers:
            cure = f"write the number of one of these as its '{name}'"
            raise DeviceError(f"'{self._device.name}' has no {name} {value}, but {', '.join(names)}: {cure}")
        return numbers.index(value)

    async def _possible(self, exposure: Exposure) -> float:
        """How long it exposes: a bias as short as it can."""
        if exposure.kind != "bias":
            return exposure.seconds
        return max(exposure.seconds, await self._device.number_if_said("exposuremin") or 0.0)

    async def _filter_holds(self, exposure: Exposure) -> None:
        if self._wheel is not None and exposure.filter is not None:
            await self._wheel.hold(exposure.filter)

    async def _arrives(self, seconds: float, asked_s: float, was_ready: bool, said_start: str | None) -> None:
        """Return when its image is ready; one that is sooner than it can have been exposed is of another exposure.

        So is one that was ready before, if the camera was never seen to expose and says no other start of it. Where
        the camera rests before the exposure can have ended, somebody else has ended it, whatever image it has.
        """
        device, begun_s, exposed = self._device, self._device.clock.monotonic(), not was_ready
        soonest_s = asked_s + seconds - max(EARLY_S, EXACT * seconds)
        began, ended_looks = False, 0

        def left_s() -> float:
            return begun_s + seconds - EARLY_S - device.clock.monotonic()

        async def seen() -> bool:
            nonlocal exposed, began, ended_looks
            state = await device.number("camerastate")
            if state == ERROR:
                raise DeviceError(f"'{device.name}' says that the exposure has failed")
            over = left_s() <= 0.0
            began = began or state != IDLE
            if state != IDLE and not over:
                exposed, ended_looks = True, 0
                return False
            ready = await device.flag("imageready")
            exposed = exposed or state != IDLE or not ready
            early = device.clock.monotonic() < soonest_s and (began or not ready)
            ended_looks = ended_looks + 1 if early else 0
            if ended_looks >= ENDED_LOOKS:
                raise DeviceError(f"an exposure of {seconds:g} s with '{device.name}' was ended by someone else")
            return ready and over

        camera, what = self._train.camera, f"the image of '{device.name}' of an exposure of {seconds:g} s"
        limit_s = seconds + camera.download + camera.timeout
        await device.until(seen, what, limit_s, lambda: min(ALONE_S, left_s()) if exposed and not ended_looks else 0.0)
        if exposed or (start := await self._said_start()) != said_start:
            return
        if start is not None or seconds > SEEN_S:
            raise DeviceError(f"'{device.name}' took no exposure of {seconds:g} s: its image is the one of before")

    async def _examine(self, seconds: float, shape: tuple[int, int], counts: Pixels) -> float:
        """Return for how long it exposed, as asked if it does not say. Raise DeviceError if that is not what was asked.

        So it does for an image of another size.
        """
        if counts.shape != shape:
            came, asked = (f"{columns} x {rows}" for rows, columns in (counts.shape, shape))
            raise DeviceError(f"'{self._device.name}' sent an image of {came} pixels, but {asked} were asked for")
        exposed_s = await self._device.number_if_said("lastexposureduration")
        if exposed_s is not None and abs(exposed_s - seconds) > EXACT * max(seconds, 1.0):
            raise DeviceError(f"'{self._device.name}' exposed for {exposed_s:g} s, but {seconds:g} s were asked for")
        return seconds if exposed_s is None else exposed_s

    async def _said_start(self) -> str | None:
        """When the exposure began of which it has the image, in its own words; None if it does not say."""
        try:
            said = await self._device.ask("lastexposurestarttime")
        except AlpacaRefusal:
            return None
        return str(said) if said else None

    async def _began(self, asked: datetime) -> datetime:
        """When the exposure began, UTC: by the camera where its clock is right, else when it was asked."""
        with suppress(ValueError, OverflowError):  # nobody can read it
            said = datetime.fromisoformat(await self._said_start() or "")
            said = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
            if abs((said - asked).total_seconds()) <= CLOCKS_AGREE_S:
                return said
        return asked
