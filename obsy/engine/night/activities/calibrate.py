"""Take the calibration frames that tonight's lights need and the library lacks, the roof being closed."""

from datetime import timedelta

from obsy.engine.capture import Capture
from obsy.engine.devices.ports import Exposure, Roof
from obsy.engine.events.frames import MasterBuilt, MasterFailed
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.context import NightContext
from obsy.engine.night.delivery import deliver
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.errors import DeviceError, ObsyError

BUILT_AFTER_S = 60.0
"""On the night's own clock, a master counts this long after its last frame was judged."""


async def run(context: NightContext) -> None:
    """Done when every set that is missing was taken, and its master built if its frames are good.

    Raises DeviceError if the roof is not seen closed: what is taken under the sky is no dark.
    """
    if context.ports.instrument is None or not context.missing():
        return
    if (seen := await context.ports.enclosure.state()) is not Roof.CLOSED:
        raise DeviceError(f"no calibration under a roof whose switches say '{seen}'")
    await context.ports.instrument.camera.cool(context.rules.train.camera.temperature)
    for wanted in context.missing():
        await _take(context, context.ports.instrument, wanted)
        await context.ports.clock.sleep(context.rules.verdict_s)
        if not context.refused:
            await _build(context, wanted)
    await _cap(context.ports.instrument)


async def _build(context: NightContext, wanted: CalibrationSet) -> None:
    """Combine a set; one that cannot be combined is journaled, and taken again at dawn."""
    due = context.now() + timedelta(seconds=BUILT_AFTER_S)
    try:
        master = await context.ports.clock.settle(context.processing.build(wanted, context.night.date), due)
    except ObsyError as why:
        context.log(MasterFailed(kind=wanted.kind, filter=wanted.filter, exposure_s=wanted.exposure_s, reason=str(why)))
        return
    context.tally.masters.append(master)
    context.log(
        MasterBuilt(
            kind=wanted.kind,
            filter=wanted.filter,
            exposure_s=wanted.exposure_s,
            frames=master.frames,
            sha256=master.sha256,
        )
    )


async def _cap(instrument: ImagingDevices) -> None:
    """No light on the sensor; without a panel, the closed roof and a shutter must do."""
    if instrument.panel is not None:
        await instrument.panel.dark()


async def _take(context: NightContext, instrument: ImagingDevices, wanted: CalibrationSet) -> None:
    """The frames of one set that are not in hand yet."""
    if wanted.kind == "flat" and instrument.panel is not None:
        await instrument.wheel.select(wanted.filter or "")
        await instrument.panel.light()
    else:
        await _cap(instrument)
    camera = context.rules.train.camera
    exposure = Exposure(
        wanted.kind, wanted.exposure_s, wanted.filter, camera.gain, camera.offset, camera.binning, wanted.kind
    )
    for _ in range(wanted.count - context.tally.in_hand(wanted)):
        if context.refused:
            return
        began = context.now()
        path = await instrument.camera.expose(exposure)
        deliver(context, Capture(path, wanted.kind, wanted.filter, wanted.exposure_s, began))
