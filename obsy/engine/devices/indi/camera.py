"""A camera over INDI: its files come over the wire, and lie in the incoming folder whole or not at all."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from obsy.engine.devices.capture import FRAMES, file_name
from obsy.engine.devices.indi.connection import Blob
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.file import with_cards
from obsy.engine.devices.ports import Exposure
from obsy.engine.identity import Card
from obsy.errors import DeviceError
from obsy.schemas.train import Train

EXPOSURE, FILE, KIND = "CCD_EXPOSURE", "CCD1", "CCD_FRAME_TYPE"
WARMTH, COOLER, SENSOR = "CCD_TEMPERATURE", "CCD_COOLER", "CCD_INFO"
SETTINGS = {
    "gain": (("CCD_GAIN", "GAIN"), ("CCD_CONTROLS", "Gain")),
    "offset": (("CCD_OFFSET", "OFFSET"), ("CCD_CONTROLS", "Offset")),
}
"""Where drivers keep a setting: the simulators, QHY and ToupTek in a property of its own, ZWO among its controls."""
COOLED_WITHIN_C, COOLS_WITHIN_S = 0.5, 2700.0
WARMS_C, WARMS_S, WARM_C = 5.0, 30.0, 15.0
"""It is warmed so many degrees at a time, with so many seconds between, until so warm; then the cooler is off."""


class IndiCamera:
    """A Camera behind an INDI driver."""

    def __init__(self, device: IndiDevice, train: Train, incoming: Path, scratch: Path) -> None:
        """Nothing was asked of it. Focus frames go to the folder `focus` beside `incoming`."""
        self._device, self._train = device, train
        self._incoming, self._scratch = incoming, scratch

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point; at once if the camera has no cooler."""
        await self._device.known()
        if self._device.vector(WARMTH) is not None:
            patient = replace(self._device, timeout_s=COOLS_WITHIN_S)
            await patient.set(WARMTH, {"CCD_TEMPERATURE_VALUE": celsius}, COOLED_WITHIN_C)

    async def warm(self) -> None:
        """Let the sensor warm up slowly, then switch the cooler off."""
        await self._device.known()
        while (sent := self._device.vector(WARMTH)) is not None:
            now_c = float(sent.values["CCD_TEMPERATURE_VALUE"])
            if now_c >= WARM_C:
                break
            self._device.line.put(self._device.name, WARMTH, {"CCD_TEMPERATURE_VALUE": min(now_c + WARMS_C, WARM_C)})
            await self._device.clock.sleep(WARMS_S)
            if (now := self._device.vector(WARMTH)) is None or float(now.values["CCD_TEMPERATURE_VALUE"]) <= now_c:
                break  # the air is no warmer
        await self._device.choose(COOLER, "COOLER_OFF")

    async def expose(self, exposure: Exposure) -> Path:
        """Return the finished file; given up, it leaves none. Raise DeviceError if the driver fails or sends none."""
        await self._device.known()
        settings = await self._prepare(exposure)
        line, name = self._device.line, self._device.name
        line.listen(name)
        line.take(name, FILE)  # of an exposure that was given up
        try:
            line.put(name, EXPOSURE, {"CCD_EXPOSURE_VALUE": exposure.seconds})
            blob = await self._arrives(exposure.seconds)
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                line.press(name, "CCD_ABORT_EXPOSURE", "ABORT")
            raise
        return await self._write(exposure, blob, settings)

    async def _prepare(self, exposure: Exposure) -> dict[str, int]:
        """Have the camera take whole FITS frames as they are asked for; return what of its settings could be set."""
        device = self._device
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
        asked = {"gain": exposure.gain, "offset": exposure.offset}
        return {setting: value for setting, value in asked.items() if await self._has_set(setting, value)}

    async def _has_set(self, setting: str, value: int) -> bool:
        for name, element in SETTINGS[setting]:
            now = self._device.vector(name)
            if now is not None and element in now.values:
                await self._device.keep(name, {element: value})
                return True
        return False

    async def _arrives(self, seconds: float) -> Blob:
        """The file, once it is there."""
        camera, came = self._train.camera, list[Blob]()

        def seen() -> bool:
            state = self._device.vector(EXPOSURE)
            if state is not None and state.state == "Alert":
                raise DeviceError(f"'{self._device.name}' says that the exposure has failed")
            if (blob := self._device.line.take(self._device.name, FILE)) is not None:
                came.append(blob)
            return bool(came)

        patient = replace(self._device, timeout_s=seconds + camera.download + camera.timeout)
        await patient.until(seen, f"the file of '{self._device.name}' of an exposure of {seconds:g} s")
        return came[0]

    async def _write(self, exposure: Exposure, blob: Blob, settings: Mapping[str, int]) -> Path:
        """Write it beside, where nothing is watched, and move it into place."""
        if blob.format != ".fits":
            raise DeviceError(f"'{self._device.name}' sent a file of the format '{blob.format}': set it to FITS")
        name = file_name(exposure, exposure.filter or "", self._train.name, self._device.clock.now())
        folder = self._incoming.with_name("focus") if exposure.kind == "focus" else self._incoming
        beside = self._scratch / name

        def write() -> None:
            for each in (beside.parent, folder):
                each.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(with_cards(blob.content, self._cards(exposure, settings)))

        await asyncio.to_thread(write)
        os.replace(beside, folder / name)
        return folder / name

    def _cards(self, exposure: Exposure, settings: Mapping[str, int]) -> list[Card]:
        """What obsy knows better than the driver."""
        train = self._train
        cards: list[Card] = [
            ("OBJECT", exposure.object, "Object name"),
            ("TELESCOP", train.name, "Telescope name"),
            ("FOCALLEN", train.telescope.focal_length, "Focal Length (mm)"),
            ("APTDIA", train.telescope.aperture, "Telescope diameter (mm)"),
            *((setting.upper(), value, setting.capitalize()) for setting, value in settings.items()),
            *exposure.asked.cards(),
        ]
        if exposure.filter is not None and (train.filters is not None or train.filter is not None):
            label = next(slot.label for slot in train.slots if slot.role == exposure.filter)
            cards.append(("FILTER", label, "Filter"))
        return cards
