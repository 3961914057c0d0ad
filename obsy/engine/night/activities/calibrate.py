"""Take the calibration frames that tonight's lights need and the library lacks, the roof being closed."""

from datetime import timedelta

from obsy.engine.devices.ports import Exposure
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.duty import Duty
from obsy.engine.night.rooms import Instrument
from obsy.engine.night.shot import Shot
from obsy.engine.night.verdicts import deliver

BUILT_AFTER_S = 60.0
"""On the night's own clock, a master counts this long after its last frame was judged."""


async def run(duty: Duty) -> None:
    """Done when every master that is missing is built."""
    if duty.ports.instrument is None:
        return
    await duty.ports.instrument.camera.cool(duty.rules.train.camera.temperature)
    for wanted in duty.missing():
        await _take(duty, duty.ports.instrument, wanted)
        await duty.ports.clock.sleep(duty.rules.verdict_s)
        due = duty.now() + timedelta(seconds=BUILT_AFTER_S)
        master = await duty.ports.clock.settle(duty.darkroom.build(wanted, duty.night.date), due)
        duty.book.masters.append(master)
        duty.log("master-built", kind=master.kind, filter=master.filter, exposure_s=master.exposure_s,
                 frames=master.frames, sha256=master.sha256)
    await _cap(duty.ports.instrument)


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
    exposure = Exposure(wanted.kind, wanted.exposure_s, wanted.filter, camera.gain, camera.offset, camera.binning, wanted.kind)
    for _ in range(wanted.count - duty.book.in_hand(wanted)):
        began = duty.now()
        path = await instrument.camera.expose(exposure)
        deliver(duty, Shot(path, wanted.kind, wanted.filter, wanted.exposure_s, began))
