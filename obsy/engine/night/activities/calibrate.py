"""Take the calibration frames that tonight's lights need and the library lacks, the roof being closed."""

from datetime import timedelta

from obsy.engine.devices.ports import Exposure, Roof
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.duty import Duty
from obsy.engine.night.rooms import Instrument
from obsy.engine.night.shot import Shot
from obsy.engine.night.verdicts import deliver
from obsy.errors import DeviceError, ObsyError

BUILT_AFTER_S = 60.0
"""On the night's own clock, a master counts this long after its last frame was judged."""


async def run(duty: Duty) -> None:
    """Done when every set that is missing was taken, and its master built if its frames are good.

    Raises DeviceError if the roof is not seen closed: what is taken under the sky is no dark.
    """
    if duty.ports.instrument is None or not duty.missing():
        return
    if (seen := await duty.ports.enclosure.state()) is not Roof.CLOSED:
        raise DeviceError(f"no calibration under a roof whose switches say '{seen}'")
    await duty.ports.instrument.camera.cool(duty.rules.train.camera.temperature)
    for wanted in duty.missing():
        await _take(duty, duty.ports.instrument, wanted)
        await duty.ports.clock.sleep(duty.rules.verdict_s)
        if not duty.refused:
            await _build(duty, wanted)
    await _cap(duty.ports.instrument)


async def _build(duty: Duty, wanted: CalibrationSet) -> None:
    """Combine a set; one that cannot be combined is journaled, and taken again at dawn."""
    due = duty.now() + timedelta(seconds=BUILT_AFTER_S)
    what = {"kind": wanted.kind, "filter": wanted.filter, "exposure_s": wanted.exposure_s}
    try:
        master = await duty.ports.clock.settle(duty.darkroom.build(wanted, duty.night.date), due)
    except ObsyError as why:
        duty.log("master-failed", **what, reason=str(why))
        return
    duty.book.masters.append(master)
    duty.log("master-built", **what, frames=master.frames, sha256=master.sha256)


async def _cap(instrument: Instrument) -> None:
    """No light on the sensor; without a panel, the closed roof and a shutter must do."""
    if instrument.panel is not None:
        await instrument.panel.dark()


async def _take(duty: Duty, instrument: Instrument, wanted: CalibrationSet) -> None:
    """The frames of one set that are not in hand yet."""
    if wanted.kind == "flat" and instrument.panel is not None:
        await instrument.wheel.select(wanted.filter or "")
        await instrument.panel.light()
    else:
        await _cap(instrument)
    camera = duty.rules.train.camera
    exposure = Exposure(
        wanted.kind, wanted.exposure_s, wanted.filter, camera.gain, camera.offset, camera.binning, wanted.kind
    )
    for _ in range(wanted.count - duty.book.in_hand(wanted)):
        if duty.refused:
            return
        began = duty.now()
        path = await instrument.camera.expose(exposure)
        deliver(duty, Shot(path, wanted.kind, wanted.filter, wanted.exposure_s, began))
