"""A folder of spectra sorted: the star's, the lamp's, and what calibrates them, by header or, failing that, by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import named
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.header import exposed_of, whole_cards
from obsy.engine.frames.kind import kind_said
from obsy.engine.frames.start import taken_at
from obsy.errors import FrameError, UserError

ENDINGS = ".fits", ".fit", ".fts"
NAMES = {
    FrameKind.BIAS: r"bias|offset|zero",
    FrameKind.DARK: r"dark",
    FrameKind.FLAT: r"flat|tungsten",
    FrameKind.ARC: r"neonn?|arc|comp|calib|lamp|near|hgar|relco|argon",
}
"""Words of file names. Programs such as MaxIm DL call an arc or a flat of a spectrograph a light frame."""


@dataclass(frozen=True, slots=True)
class SpectrumFrame:
    """One file, and what it says of itself."""

    path: Path
    cards: Cards
    kind: FrameKind
    exposure_s: float
    began: datetime | None
    """UTC; None if the header does not prove it."""

    @property
    def target(self) -> str:
        """What it is of: its OBJECT, or the first word of its name."""
        return named(self.cards, "OBJECT", "OBJNAME") or re.split(r"[-_. \d]", self.path.stem)[0]


@dataclass(slots=True)
class SpectrumFrames:
    """The frames of one reduction."""

    lights: list[SpectrumFrame] = field(default_factory=list)
    arcs: list[SpectrumFrame] = field(default_factory=list)
    flats: list[SpectrumFrame] = field(default_factory=list)
    darks: list[SpectrumFrame] = field(default_factory=list)
    biases: list[SpectrumFrame] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """By name of a file, why it is none."""
    by_name: list[str] = field(default_factory=list)
    """Files whose kind their names tell, against or without their headers."""

    def of(self, kind: FrameKind) -> list[SpectrumFrame]:
        """Return the frames of a kind."""
        return {
            FrameKind.LIGHT: self.lights,
            FrameKind.ARC: self.arcs,
            FrameKind.FLAT: self.flats,
            FrameKind.DARK: self.darks,
            FrameKind.BIAS: self.biases,
        }[kind]


def spectrum_frames(paths: Sequence[Path], target: str | None = None) -> SpectrumFrames:
    """Return files sorted by what they are for.

    target: whose light is meant, where there are several. Raises UserError if there are several and none is named, or
    if there is no light at all.
    """
    found = SpectrumFrames()
    for path in paths:
        try:
            frame, is_named = _read(path)
        except (FrameError, OSError) as fault:
            found.refused[path.name] = str(fault)
            continue
        found.of(frame.kind).append(frame)
        if is_named:
            found.by_name.append(path.name)
    if target is not None:
        wanted = _plain(target)
        found.lights = [each for each in found.lights if wanted in (_plain(each.target), _plain(each.path.stem))]
    targets = sorted({each.target for each in found.lights})
    if len(targets) > 1:
        raise UserError(f"there are spectra of {', '.join(targets)}: name one, such as \"--object '{targets[0]}'\"")
    if not found.lights:
        told = next((f"{name}: {why}" for name, why in found.refused.items()), "no file is a light frame")
        raise UserError(f"there is no spectrum{f' of {target}' if target else ''}: {told}")
    return found


def in_folder(folder: Path) -> list[Path]:
    """Return the FITS files of a folder. Raises UserError if it cannot be read, or has none."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be read: {fault.strerror or fault}") from None
    if not paths:
        raise UserError(f"'{folder}' holds no file that ends in {', '.join(ENDINGS)}")
    return paths


def _plain(name: str) -> str:
    return re.sub(r"[\s_]", "", name).lower()


def _read(path: Path) -> tuple[SpectrumFrame, bool]:
    """Return a frame, and whether its name tells its kind."""
    with path.open("rb") as stream:
        cards = whole_cards(stream)
    said, named_so = kind_said(cards).value, _kind_named(path.stem)
    is_named = named_so is not None and said in (None, FrameKind.LIGHT)
    kind = named_so if is_named and named_so is not None else said or FrameKind.LIGHT
    exposure = exposed_of(cards)
    if kind is FrameKind.LIGHT and exposure is not None and not exposure.value > 0:
        raise FrameError("no-exposure", f"it says that it was exposed for {exposure.value:g} s")
    try:
        began = taken_at(cards).value
    except FrameError:
        began = None
    return SpectrumFrame(path, cards, kind, exposure.value if exposure else 0.0, began), is_named


def _kind_named(stem: str) -> FrameKind | None:
    words = re.sub(r"[^a-z]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem).lower())
    return next((kind for kind, each in NAMES.items() if re.search(rf"\b(?:{each})\b", words)), None)
