"""A camera over INDI: its files come over the wire, and lie in the incoming folder whole or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from obsy.engine.devices.capture import FRAMES, frame_cards, label_of
from obsy.engine.devices.indi.camera_profiles import INFO, Spot, element_of, profiles
from obsy.engine.devices.indi.connection import Blob, Vector
from obsy.engine.devices.indi.cooler import cool, warm
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.file import said_by_driver, with_cards
from obsy.engine.devices.indi.neighbours import introduce, neighbours
from obsy.engine.devices.landing import landed
from obsy.engine.devices.ports import Exposure
from obsy.errors import DeviceError
from obsy.schemas.train import Train

EXPOSURE, FILE, KIND = "CCD_EXPOSURE", "CCD1", "CCD_FRAME_TYPE"
SENSOR = "CCD_INFO"
EARLY_S = 0.2
"""A file that comes so much sooner than its exposure can have ended is of another one."""
STOPS_WITHIN_S = 2.0
"""A driver that has given up an exposure says so; its answer must not be taken for one to the next exposure."""
EXACT, BIAS_S = 0.02, 0.5
"""The share by which a file's exposure may differ from the one asked for; a bias is a driver's least exposure."""


class IndiCamera:
    """A Camera behind an INDI driver."""

    def __init__(self, device: IndiDevice, train: Train, incoming: Path, mount: str | None) -> None:
        """Nothing was asked of it. Focus frames go to the folder `focus` beside `incoming`.

        mount: the INDI name of the mount that carries it.
        """
        self._device, self._train = device, train
        self._beside = neighbours(train, mount)
        self._incoming = incoming
        self._cold: tuple[float, int] | None = None
        """The set point, and how often the driver had gone when it was reached."""

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point; at once if the camera has no cooler.

        Raise DeviceError soon if it gets no colder.
        """
        await self._device.known()
        losses = self._device.losses()
        await cool(self._device, celsius)
        self._cold = celsius, losses

    async def stay_cool(self) -> None:
        """Cool again if the driver has begun anew since: it forgets the set point."""
        await self._device.known()
        if self._cold is not None and self._cold[1] != self._device.losses():
            await self.cool(self._cold[0])

    async def warm(self) -> None:
        """Let the sensor warm up slowly, then switch the cooler off."""
        self._cold = None
        await self._device.known()
        await warm(self._device)

    async def expose(self, exposure: Exposure) -> Path:
        """Return the finished file; given up, it leaves none. Raise DeviceError if the driver fails or sends none."""
        await self._device.known()
        losses = self._device.losses()  # of now: a driver that begins anew meanwhile has forgotten what it is told next
        settings = await self._prepare(exposure)
        line, name = self._device.line, self._device.name
        line.listen(name)
        line.take(name, FILE)  # of an exposure that was given up
        before = self._device.vector(EXPOSURE)
        try:
            line.put(name, EXPOSURE, {"CCD_EXPOSURE_VALUE": exposure.seconds})
            blob = await self._arrives(exposure.seconds, before, losses)
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await self._give_up()
            raise
        self._examine(exposure, blob)
        content = partial(with_cards, blob.content, frame_cards(self._train, exposure, settings))
        return await landed(self._incoming, self._train, exposure, self._device.clock.now(), content)

    async def _prepare(self, exposure: Exposure) -> dict[str, int]:
        """Have the camera take whole FITS frames as they are asked for; return what of its settings could be set."""
        device = self._device
        introduce(device, self._beside)
        await device.choose("UPLOAD_MODE", "UPLOAD_CLIENT")
        await device.choose("CCD_TRANSFER_FORMAT", "FORMAT_FITS")
        await device.choose("CCD_COMPRESSION", "INDI_DISABLED")
        await device.choose(KIND, f"FRAME_{FRAMES[exposure.kind].upper()}")
        optics = self._train.telescope
        if device.vector("SCOPE_INFO") is not None:
            await device.keep("SCOPE_INFO", {"FOCAL_LENGTH": optics.focal_length, "APERTURE": optics.aperture})
        await device.keep("CCD_BINNING", {"HOR_BIN": exposure.binning, "VER_BIN": exposure.binning})
        if (sensor := device.vector(SENSOR)) is not None:
            whole = {"X": 0.0, "Y": 0.0, "WIDTH": sensor.values["CCD_MAX_X"], "HEIGHT": sensor.values["CCD_MAX_Y"]}
            await device.keep("CCD_FRAME", {edge: float(pixels) for edge, pixels in whole.items()})
        found = profiles(device.vector(INFO))
        for name, switch in (each for profile in found for each in profile.switches):
            if element_of(device.vector(name), switch, 0) is not None:
                await device.choose(name, switch)
        asked = (
            ("gain", [each.gain for each in found], exposure.gain),
            ("offset", [each.offset for each in found if each.offset is not None], exposure.offset),
        )
        return {setting: value for setting, spots, value in asked if await self._has_set(spots, value)}

    async def _has_set(self, spots: Sequence[Spot], value: int) -> bool:
        """Set it where the driver keeps it, and return whether it does."""
        for name, element in spots:
            now = self._device.vector(name)
            has = element_of(now, element, value)
            if now is not None and has is not None:
                await (self._device.keep(name, {has: value}) if element else self._device.choose(name, has))
                return True
        return False

    async def _arrives(self, seconds: float, before: Vector | None, losses: int) -> Blob:
        """The file, once it is there; one that comes sooner than it can have been exposed is of another exposure."""
        camera, clock, came = self._train.camera, self._device.clock, list[Blob]()
        begun_s = clock.monotonic()

        def seen() -> bool:
            state, file = self._device.vector(EXPOSURE), self._device.line.take(self._device.name, FILE)
            over = clock.monotonic() - begun_s >= seconds - EARLY_S
            if state is not None and state is not before and state.state == "Alert":
                raise DeviceError(f"'{self._device.name}' says that the exposure has failed")
            if state is not None and state is not before and state.state == "Idle" and not over:
                raise DeviceError(f"an exposure of {seconds:g} s with '{self._device.name}' was ended by someone else")
            if file is not None and over:
                came.append(file)
            return bool(came)

        patient = replace(self._device, timeout_s=seconds + camera.download + camera.timeout)
        await patient.until(seen, f"the file of '{self._device.name}' of an exposure of {seconds:g} s", losses)
        return came[0]

    async def _give_up(self) -> None:
        """Abort, and let the driver say so."""
        before, losses = self._device.vector(EXPOSURE), self._device.losses()
        self._device.line.press(self._device.name, "CCD_ABORT_EXPOSURE", "ABORT")
        patient = replace(self._device, timeout_s=STOPS_WITHIN_S)
        await patient.until(lambda: _stands(self._device.vector(EXPOSURE), before), "the end of the exposure", losses)

    def _examine(self, exposure: Exposure, blob: Blob) -> None:
        """Raise DeviceError if the driver says of its file that it is not the one that was asked for."""
        if blob.format != ".fits":
            raise DeviceError(f"'{self._device.name}' sent a file of the format '{blob.format}': set it to FITS")
        exposed_s = said_by_driver(blob.content, "EXPTIME")
        most_off_s = BIAS_S if exposure.kind == "bias" else EXACT * max(exposure.seconds, 1.0)
        if isinstance(exposed_s, float) and abs(exposed_s - exposure.seconds) > most_off_s:
            asked = f"{exposure.seconds:g} s were asked for"
            raise DeviceError(f"'{self._device.name}' sent a file of {exposed_s:g} s, but {asked}")
        if exposure.filter is None or self._train.filters is None:
            return
        stands, wanted = said_by_driver(blob.content, "FILTER"), label_of(self._train, exposure.filter)
        if stands != wanted and stands in {slot.label for slot in self._train.slots}:
            raise DeviceError(f"the filter wheel of '{self._train.name}' stands at '{stands}', not at '{wanted}'")


def _stands(now: Vector | None, before: Vector | None) -> bool:
    return now is not None and now is not before and now.state != "Busy"
