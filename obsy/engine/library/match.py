"""Which masters calibrate a frame."""

from obsy.engine.frames.frame import Frame
from obsy.engine.library.master import Master, Masters
from obsy.schemas.calibration import Calibration
from obsy.schemas.train import Train


def match(frame: Frame, masters: tuple[Master, ...], calibration: Calibration) -> Masters:
    """The newest bias, dark and flat that fit the frame; `missing` has a line for each that there is not.

    All must be of its train, camera, binning, gain and offset; the dark of its exposure and its temperature, as near as
    `calibration.dark.within` asks; the flat of its filter. What a header does not say rules nothing out.
    """
    same = [master for master in masters if _same_readout(frame, master)]
    bias = _newest([m for m in same if m.kind == "bias"])
    dark = _newest([m for m in same if m.kind == "dark" and _same_dark(frame, m, calibration.dark.within)])
    flat = _newest([m for m in same if m.kind == "flat" and m.filter == frame.filter])
    said = {"binning": frame.binning, "gain": frame.gain, "offset": frame.offset}
    readout = ", ".join([frame.camera or "its camera", *(f"{key} {it}" for key, it in said.items() if it is not None)])
    cold = "" if frame.temperature_c is None else f" at {frame.temperature_c:g} degC"
    reasons = (
        (bias, f"bias: none of {readout}"),
        (dark, f"dark: none of {frame.exposure_s:g} s{cold} of {readout}"),
        (flat, f"flat: none in {frame.filter or 'no filter'} of {readout}"),
    )
    return Masters(bias, dark, flat, tuple(reason for master, reason in reasons if master is None))


def of_train(master: Master, train: Train) -> bool:
    """Whether the master is of this train, read out as its camera is declared to be."""
    camera = train.camera
    declared = (camera.model, camera.binning, camera.gain, camera.offset)
    return master.train == train.name and _alike(_readout(master), declared)


def _same_readout(frame: Frame, master: Master) -> bool:
    return master.train == frame.train and _alike(_readout(master), _readout(frame))


def _readout(which: Frame | Master) -> tuple[object, ...]:
    return which.camera, which.binning, which.gain, which.offset


def _alike(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether nothing that both of them say differs."""
    return all(None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))


def _same_dark(frame: Frame, dark: Master, within_c: float) -> bool:
    if abs(dark.exposure_s - frame.exposure_s) > 1e-3 * max(frame.exposure_s, 1.0):
        return False
    return None in (dark.temperature_c, frame.temperature_c) or abs(_gap(dark, frame)) <= within_c


def _gap(dark: Master, frame: Frame) -> float:
    return (dark.temperature_c or 0.0) - (frame.temperature_c or 0.0)


def _newest(masters: list[Master]) -> Master | None:
    """The latest taken; of two taken at once, the one whose hash sorts last, so that the choice is always the same."""
    return max(masters, key=lambda master: (master.taken_at, master.sha256), default=None)
