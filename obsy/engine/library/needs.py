"""What must be taken by day or dusk so that tonight's lights can be calibrated."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from obsy.engine.library.master import CalibrationSet, LightNeed, Master
from obsy.engine.library.match import of_camera
from obsy.schemas.calibration import Calibration
from obsy.schemas.train import Train


def needs(
    lights: Iterable[LightNeed], masters: tuple[Master, ...], calibration: Calibration, train: Train, now: datetime
) -> tuple[CalibrationSet, ...]:
    """The sets that are missing or too old for these lights: bias, darks by exposure, flats in the wheel's order.

    Nothing is needed when there are no lights. A flat or dark needs the bias too, so a stale bias is always renewed.
    """
    wanted = set(lights)
    if not wanted:
        return ()
    fresh = tuple(master for master in masters if of_camera(master, train.camera))
    return tuple(_missing(wanted, fresh, calibration, train, now))


def _missing(
    lights: set[LightNeed], masters: tuple[Master, ...], calibration: Calibration, train: Train, now: datetime
) -> Iterator[CalibrationSet]:
    """The sets no good master of the camera stands for."""

    def good(kind: str, max_age_d: float) -> list[Master]:
        return [m for m in masters if m.kind == kind and now - m.taken_at <= timedelta(days=max_age_d)]

    if not good("bias", calibration.bias.max_age):
        yield CalibrationSet("bias", 0.0, None, calibration.bias.count)
    cold = [m for m in good("dark", calibration.dark.max_age) if _at_set_point(m, calibration, train)]
    for exposure_s in sorted({light.exposure_s for light in lights} - {m.exposure_s for m in cold}):
        yield CalibrationSet("dark", exposure_s, None, calibration.dark.count)
    done = {m.filter for m in good("flat", calibration.flat.max_age)}
    roles = {light.filter for light in lights}
    for role in (*(r for r in train.roles if r in roles), *sorted(roles - set(train.roles))):
        if role not in done:
            yield CalibrationSet("flat", calibration.flat.exposure, role, calibration.flat.count)


def _at_set_point(dark: Master, calibration: Calibration, train: Train) -> bool:
    return dark.temperature_c is None or abs(dark.temperature_c - train.camera.temperature) <= calibration.dark.within
