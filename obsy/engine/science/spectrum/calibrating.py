"""Which biases, darks and flats of a folder were read out as its spectra were: only these are taken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import text
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.header import binning, temperature
from obsy.engine.frames.settings import gain, setting
from obsy.engine.library.fitness import NAMES
from obsy.engine.science.spectrum.spectrum_frames import SpectrumFrame, SpectrumFrames

WITHIN_C = 2.0
"""So much warmer or colder a dark may be: its current doubles in some 6 degrees."""
KINDS = FrameKind.BIAS, FrameKind.DARK, FrameKind.FLAT


def calibrating(frames: SpectrumFrames) -> tuple[SpectrumFrames, list[str]]:
    """Return the frames with only what calibrates the first light, and in words what was left out."""
    first, left = frames.lights[0], Counter[str]()
    kept: dict[FrameKind, list[SpectrumFrame]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for each in frames.of(kind):
            if against := ", ".join(_against(first.cards, each)):
                left[f"{kind.value} of {against}"] += 1
            else:
                kept[kind].append(each)
    told = [f"left out, for the spectra were not taken so: {many} {what}" for what, many in sorted(left.items())]
    biases, darks, flats = (kept[kind] for kind in KINDS)
    return replace(frames, biases=biases, darks=darks, flats=flats), told


def _against(light: Cards, frame: SpectrumFrame) -> Iterator[str]:
    """Yield what rules a frame out: settings of the readout that both say and that differ, and a dark's temperature."""
    mine, its = _readout(light), _readout(frame.cards)
    for part, want in mine.items():
        if None not in (want, its[part]) and want != its[part]:
            yield f"{NAMES.get(part, '')}{its[part]}"
    cold, warm = temperature(light).value, temperature(frame.cards).value
    if frame.kind is FrameKind.DARK and cold is not None and warm is not None and abs(cold - warm) > WITHIN_C:
        yield f"{warm:g} degC"


def _readout(cards: Cards) -> dict[str, object]:
    across = binning(cards)
    return {
        "size": f"{cards.get('NAXIS1')} x {cards.get('NAXIS2')} px",
        "binning": across and across[0],
        "gain": gain(cards),
        "offset": setting(cards, "OFFSET", "BLKLEVEL"),
        "readout": text(cards, "READOUTM") or None,
    }
