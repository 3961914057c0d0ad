"""Which masters calibrate a frame, and what must be taken by day or dusk so that tonight's lights can be calibrated."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from obsy.engine.declare.instrument import Instrument
from obsy.engine.frames.frame import Frame
from obsy.engine.library.fitness import best, held_against, why, why_none
from obsy.engine.library.master import CalibrationSet, LightNeed, Master, Masters, same_exposure
from obsy.schemas.calibration import Calibration
from obsy.schemas.train import Train


def needs(
    lights: Iterable[LightNeed], masters: tuple[Master, ...], instrument: Instrument, now: datetime
) -> tuple[CalibrationSet, ...]:
    """Return the sets that are missing or too old for an instrument's lights: bias, darks, flats in the wheel's order.

    Nothing is needed when there are no lights. A flat or dark needs the bias too, so a stale bias is always renewed.
    Without a panel nothing can take a flat, nor one of which only the level is said.
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
        fresh = [m for m in masters if m.kind == kind and now - m.taken_at <= timedelta(days=max_age_d)]
        return [m for m in fresh if kind != "flat" or not m.pedestal]

    if not good("bias", calibration.bias.max_age):
        yield CalibrationSet(train.name, "bias", 0.0, None, calibration.bias.count)
    cold = [m for m in good("dark", calibration.dark.max_age) if _at_set_point(m, instrument)]
    for exposure_s in sorted({light.exposure_s for light in lights}):
        if not any(same_exposure(exposure_s, m.exposure_s) for m in cold):
            yield CalibrationSet(train.name, "dark", exposure_s, None, calibration.dark.count)
    flat = calibration.flat
    if flat is None or flat.exposure is None or train.panel is None:
        return
    done, roles = {m.filter for m in good("flat", flat.max_age)}, {light.filter for light in lights}
    for role in (*(r for r in train.roles if r in roles), *sorted(roles - set(train.roles))):
        if role not in done:
            yield CalibrationSet(train.name, "flat", flat.exposure, role, flat.count)


def _at_set_point(dark: Master, instrument: Instrument) -> bool:
    set_point, within = instrument.train.camera.temperature, instrument.calibration.dark.within
    return dark.temperature_c is None or abs(dark.temperature_c - set_point) <= within


def match(frame: Frame, masters: tuple[Master, ...], calibration: Calibration) -> Masters:
    """The best bias, dark and flat for the frame, each with why; `missing` has a line for each that there is not.

    All must be of its train, camera, binning, gain, offset and readout mode; a light's dark of its exposure, a flat's
    of no shorter one; each dark as near in temperature as `calibration.dark.within` asks; the flat of its filter. What
    a header does not say rules nothing out, and yields to what is said. Of those that may, `Fitness.rank` has the
    best.
    """
    found, reasons, missing = {}, [], []
    for kind, what in _wanted(frame).items():
        of_kind = [each for each in masters if each.train == frame.train and each.kind == kind]
        held = [held_against(frame, each, calibration) for each in of_kind]
        if (chosen := best(held)) is None:
            missing.append(f"{kind}: none {what}{why_none(held)}")
        else:
            found[kind] = chosen.master
            reasons.append(why(chosen, held))
    return Masters(**found, missing=tuple(missing), why=tuple(reasons))


def _wanted(frame: Frame) -> dict[str, str]:
    """What is looked for, by its kind, in words."""
    said = {"binning": frame.binning, "gain": frame.gain, "offset": frame.offset, "readout mode": frame.readout}
    readout = ", ".join([frame.camera or "its camera", *(f"{key} {it}" for key, it in said.items() if it is not None)])
    cold = "" if frame.temperature_c is None else f" at {frame.temperature_c:g} degC"
    return {
        "bias": f"of {readout}",
        "dark": f"of {frame.exposure_s:g} s{cold} of {readout}",
        "flat": f"in {frame.filter or 'no filter'} of {readout}",
    }


def of_train(master: Master, train: Train) -> bool:
    """Whether the master is of this train, read out as its camera is declared to be."""
    camera = train.camera
    declared = (camera.model, camera.binning, camera.gain, camera.offset)
    own = master.camera, master.binning, master.gain, master.offset
    return master.train == train.name and _alike(own, declared)


def _alike(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether nothing that both of them say differs."""
    return all(None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))
