"""What must be taken by day or dusk so that tonight's lights can be calibrated."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from obsy.engine.declare.instrument import Instrument
from obsy.engine.library.master import CalibrationSet, LightNeed, Master
from obsy.engine.library.match import of_train


def needs(
    lights: Iterable[LightNeed], masters: tuple[Master, ...], instrument: Instrument, now: datetime
) -> tuple[CalibrationSet, ...]:
    """Return the sets that are missing or too old for an instrument's lights: bias, darks, flats in the wheel's order.

    Nothing is needed when there are no lights. A flat or dark needs the bias too, so a stale bias is always renewed.
    Without a panel nothing can take a flat.
    """
    wanted = {light for light in lights if light.train == instrument.name}
    if not wanted:
        return ()
    fresh = tuple(master for master in masters if of_train(master, instrument.train))
    return tuple(_missing(wanted, fresh, instrument, now))


def _missing(
    lights: set[LightNeed], masters: tuple[Master, ...], instrument: Instrument, now: datetime
) -> Iterator[CalibrationSet]:
    """The sets no good master of the camera stands for."""
    train, calibration = instrument.train, instrument.calibration

    def good(kind: str, max_age_d: float) -> list[Master]:
        return [m for m in masters if m.kind == kind and now - m.taken_at <= timedelta(days=max_age_d)]

    if not good("bias", calibration.bias.max_age):
        yield CalibrationSet(train.name, "bias", 0.0, None, calibration.bias.count)
    cold = [m for m in good("dark", calibration.dark.max_age) if _at_set_point(m, instrument)]
    for exposure_s in sorted({light.exposure_s for light in lights} - {m.exposure_s for m in cold}):
        yield CalibrationSet(train.name, "dark", exposure_s, None, calibration.dark.count)
    flat = calibration.flat
    if flat is None or train.panel is None:
        return
    done, roles = {m.filter for m in good("flat", flat.max_age)}, {light.filter for light in lights}
    for role in (*(r for r in train.roles if r in roles), *sorted(roles - set(train.roles))):
        if role not in done:
            yield CalibrationSet(train.name, "flat", flat.exposure, role, flat.count)


def _at_set_point(dark: Master, instrument: Instrument) -> bool:
    set_point, within = instrument.train.camera.temperature, instrument.calibration.dark.within
    return dark.temperature_c is None or abs(dark.temperature_c - set_point) <= within
