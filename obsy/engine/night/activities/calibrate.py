"""Take the calibration frames that tonight's lights need and the library lacks, the roof being closed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from obsy.engine.devices.ports import Exposure, Roof
from obsy.engine.events.frames import MasterBuilt, MasterFailed
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.context import NightContext
from obsy.engine.night.delivery import deliver
from obsy.engine.night.together import together
from obsy.engine.night_record import Capture
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.errors import DeviceError, ObsyError

BUILT_AFTER_S = 60.0
"""On the night's own clock, a master counts this long after its last frame was judged."""


async def run(context: NightContext) -> None:
    """Done when every set that is missing was taken, and its master built if its frames are good.

    Raises DeviceError if the roof is not seen closed: what is taken under the sky is no dark.
    """
    missing = context.missing()
    if not missing:
        return
    if (seen := (await context.keeper.look()).roof) is not Roof.CLOSED:
        raise DeviceError(f"no calibration under a roof whose switches say '{seen}'")
    trains = dict.fromkeys(wanted.train for wanted in missing)
    await together(*(_calibrate(context, context.ports.devices[train], missing) for train in trains))


async def _calibrate(context: NightContext, devices: ImagingDevices, missing: Iterable[CalibrationSet]) -> None:
    """One train's sets, one after the other."""
    await devices.camera.cool(devices.train.camera.temperature)
    for wanted in [each for each in missing if each.train == devices.train.name]:
        await _take(context, devices, wanted)
        await context.ports.clock.sleep(context.rules.verdict_s)
        if not context.tally.refused:
            await _build(context, wanted)
    await _cap(devices)


async def _build(context: NightContext, wanted: CalibrationSet) -> None:
    """Combine a set; one that cannot be combined is journaled, and taken again at dawn."""
    due = context.now() + timedelta(seconds=BUILT_AFTER_S)
    what: dict[str, Any] = {
        "train": wanted.train,
        "kind": wanted.kind,
        "filter": wanted.filter,
        "exposure_s": wanted.exposure_s,
    }
    try:
        master = await context.ports.clock.settle(context.processing.build(wanted, context.night.date), due)
    except ObsyError as why:
        context.log(MasterFailed(**what, reason=str(why)))
        return
    context.tally.masters.append(master)
    context.log(MasterBuilt(**what, frames=master.frames, sha256=master.sha256))


async def _cap(devices: ImagingDevices) -> None:
    """No light on the sensor; without a panel, the closed roof and a shutter must do."""
    if devices.panel is not None:
        await devices.panel.dark()


async def _take(context: NightContext, devices: ImagingDevices, wanted: CalibrationSet) -> None:
    """The frames of one set that are not in hand yet."""
    if wanted.kind == "flat" and devices.panel is not None:
        if devices.wheel is not None:
            await devices.wheel.select(wanted.filter or "")
        await devices.panel.light()
    else:
        await _cap(devices)
    camera = devices.train.camera
    exposure = Exposure(
        wanted.kind,
        wanted.exposure_s,
        wanted.filter,
        camera.gain,
        camera.offset,
        camera.binning,
        wanted.kind,
        asked=context.asked(wanted.train),
    )
    if devices.rotator is not None and wanted.kind == "flat":
        exposure = replace(exposure, rotation_deg=await devices.rotator.position())
    for _ in range(wanted.count - context.tally.in_hand(wanted)):
        if context.tally.refused:
            return
        began = context.now()
        path = await devices.camera.expose(exposure)
        deliver(context, Capture(path, wanted.train, wanted.kind, wanted.filter, wanted.exposure_s, began))
