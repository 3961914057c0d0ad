"""One short exposure that says where the telescope points, and how its camera stands."""

from datetime import timedelta

from obsy.engine.devices.ports import Clock, Exposure, Pointing
from obsy.engine.safety.asking import ask
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.setting_up import SOLVED_S
from obsy.errors import DeviceError

SOLVES_WITHIN_S = 60.0
LONGEST = 4.0
"""How much longer than declared an exposure becomes where the stars do not show."""


async def look(
    clock: Clock, devices: ImagingDevices, believed: Pointing, how: tuple[str, float], what: str
) -> Pointing | str:
    """Return where it points, or in words why that is not known.

    how: the filter's role and the exposure, seconds. what: who asks. Raise DeviceError if the camera fails.
    """
    train, camera, (role, seconds) = devices.train, devices.train.camera, how
    asked = Exposure("centring", seconds, role, camera.gain, camera.offset, camera.binning, "centring")
    try:
        path = await devices.camera.expose(asked)
    except DeviceError as error:
        raise DeviceError(f"{what} stopped: {error}") from error
    due = clock.now() + timedelta(seconds=SOLVED_S)
    work = devices.pool.submit(devices.pointed, path, believed, train.scale)
    try:
        return await ask("the plate solver", lambda: clock.settle(work, due), SOLVES_WITHIN_S)
    except DeviceError as error:
        return str(error)
    finally:
        path.unlink(missing_ok=True)  # it has said what it had to say
