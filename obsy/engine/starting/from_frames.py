"""Trains as the headers of frames tell them, for cameras that nobody has declared."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import NamedTuple

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.taken_with import TakenWith
from obsy.engine.starting.found import number
from obsy.engine.starting.measured_camera import MeasuredCamera, measured_camera
from obsy.engine.starting.told_values import ToldValues, several, three
from obsy.engine.starting.wheel import as_said, slots_of
from obsy.schemas.model import plain_name
from obsy.schemas.telescope import FASTEST, SLOWEST
from obsy.schemas.train import ARCSECONDS_PER_RADIAN

Measure = Callable[[Sequence[Frame], int | None, int | None, int], MeasuredCamera]
ALIKE = 0.02
"""Focal lengths that differ by less are one telescope, focused and measured anew."""
APART = 1.2
"""A conversion by a pair of flats that differs by more from the header's is told."""
USUAL_RATIO = 5.0
"""Focal length by aperture of the telescope that is guessed."""
GUESSED = "aperture", "temperature", "conversion", "read_noise", "dark_current", "full_well", "pedestal"
"""What the document must say, whether frames do or not."""
UNTOLD = "download", "timeout", "panel"
"""What it must say, and no frame does."""
IN_USE = timedelta(days=365)
"""A camera whose newest frame is older is retired: winters, clouds and repairs are shorter."""
USUAL_FLAT = "3 s"
FULL_ADU = 65535
"""Where 16 bits end."""


class UndeclaredFrame(NamedTuple):
    """A frame that no declared train took, and what its header says of its instrument."""

    frame: Frame
    taken: TakenWith


@dataclass(frozen=True)
class FoundTrain:
    """A train as its frames tell it."""

    name: str
    frames: int
    values: Mapping[str, str | int]
    """As the template takes them."""
    filters: tuple[tuple[str, str], ...]
    """Role and label of each."""
    flats: str
    """How long a flat is exposed: as most of theirs, if there are any."""
    why: Mapping[str, str]
    """Of which frames each value is; a value that is not here is guessed."""
    newest: date
    """The day, UTC, of its newest frame."""

    @property
    def place(self) -> str:
        """Return where its document is to be in an observatory."""
        return f"site/{self.name}.yaml"

    @property
    def guesses(self) -> tuple[str, ...]:
        """Return what no frame says, as the document calls it."""
        told = (key for key in GUESSED if key not in self.why)
        return (*told, *UNTOLD, *(["change of filters"] if len(self.filters) > 1 else []))

    def retired(self, today: date) -> date | None:
        """Return since when it is no more, the day after its newest frame; None if it may be in use."""
        return self.newest + timedelta(days=1) if today - self.newest > IN_USE else None


def trains_of(
    seen: Iterable[UndeclaredFrame], taken: Iterable[str] = (), measure: Measure = measured_camera
) -> tuple[list[FoundTrain], list[str]]:
    """Return the trains that took these frames, and why some of them are told by none.

    taken: names that documents have already. measure: reads pairs of biases and flats.
    """
    cameras: defaultdict[tuple[str, tuple[int, int]], list[UndeclaredFrame]] = defaultdict(list)
    for each in seen:
        cameras[each.taken.camera.casefold(), each.taken.size].append(each)
    found, remarks, names = [], [], set(taken)
    for (_, size), frames in sorted(cameras.items()):
        called = frames[0].taken.camera or f"a camera of {size[0]} x {size[1]} px"
        if missing := _untold(frames):
            remarks.append(f"{called}, {several(len(frames))}: {missing}")
            continue
        name = _free(plain_name(frames[0].taken.camera) or f"camera-{size[0]}x{size[1]}", names)
        names.add(name)
        found.append(_train(name, called, frames, measure))
    return found, remarks


def _untold(frames: Sequence[UndeclaredFrame]) -> str:
    """Say why these frames tell no train; empty if they do."""
    if all(each.taken.pixel_um is None for each in frames):
        return "no header has the size of a pixel (XPIXSZ): declare its train by hand"
    known = sorted(_focal_lengths(frames))
    if not known:
        return "no header has a focal length (FOCALLEN) or a scale: declare its train by hand"
    if known[-1] > known[0] * (1 + ALIKE):
        lengths = f"focal lengths from {known[0]:.0f} to {known[-1]:.0f} mm"
        return f"{lengths}, and trains are told apart by their cameras: declare one of them by hand"
    return ""


def _focal_lengths(frames: Sequence[UndeclaredFrame]) -> list[float]:
    """Return each focal length, mm: by the scales of solutions if there are any, for those were measured."""
    measured = [
        ARCSECONDS_PER_RADIAN * taken.pixel_um * taken.binning / 1000 / taken.scale_arcsec
        for _, taken in frames
        if taken.scale_arcsec is not None and taken.pixel_um is not None
    ]
    return measured or [taken.focal_mm for _, taken in frames if taken.focal_mm is not None]


def _train(name: str, called: str, frames: Sequence[UndeclaredFrame], measure: Measure) -> FoundTrain:
    told, (columns, rows) = ToldValues(), frames[0].taken.size
    told.say("camera", called, several(len(frames)))
    told.say("size", f"{columns} x {rows} px", several(len(frames)))
    told.middle("pixel", "um", (each.taken.pixel_um for each in frames))
    focal = told.middle("focal_length", "mm", _focal_lengths(frames)) or 0.0
    if off := sorted({each.taken.focal_mm or focal for each in frames if not _is_alike(each.taken.focal_mm, focal)}):
        told.doubt("focal_length", f"by their scale; headers say {off[0]:g} mm")
    fits = (each for each in frames if each.taken.aperture_mm and FASTEST <= focal / each.taken.aperture_mm <= SLOWEST)
    if told.middle("aperture", "mm", (each.taken.aperture_mm for each in fits)) is None:
        told.guess("aperture", number(focal / USUAL_RATIO, "mm"))
    told.most("bayer", (each.taken.bayer for each in frames))
    _camera(told, frames, measure)
    labels = sorted({each.frame.filter for each in frames if each.frame.filter})
    flats = Counter(each.frame.exposure_s for each in frames if each.frame.kind is FrameKind.FLAT)
    flat = number(flats.most_common(1)[0][0], "s") if flats else USUAL_FLAT
    newest = max(each.frame.taken_at for each in frames).astimezone(UTC).date()
    return FoundTrain(name, len(frames), told.values, tuple(slots_of(as_said(labels))), flat, told.why, newest)


def _is_alike(said: float | None, focal: float) -> bool:
    return said is None or 1 / (1 + ALIKE) <= said / focal <= 1 + ALIKE


def _camera(told: ToldValues, frames: Sequence[UndeclaredFrame], measure: Measure) -> None:
    lights = [each for each in frames if each.frame.kind is FrameKind.LIGHT] or list(frames)
    settings = [
        told.most(key, (each for each in said if each is not None and each >= 0))
        for key, said in (
            ("gain", [each.frame.gain for each in lights]),
            ("offset", [each.frame.offset for each in lights]),
            ("binning", [each.taken.binning for each in lights]),
        )
    ]
    for key, setting in zip(("gain", "offset"), settings, strict=False):
        if setting is None:
            told.say(key, 0, "no frame says one")
    set_to, was = ([each.taken.set_c for each in lights], [each.frame.temperature_c for each in lights])
    is_set = any(each is not None for each in set_to)
    told.middle("temperature", "degC", set_to if is_set else (None if each is None else round(each) for each in was))
    conversion = told.middle("conversion", "e/adu", (each.taken.conversion for each in lights))
    _measured(told, conversion, measure([each.frame for each in frames], settings[0], settings[1], settings[2] or 1))


def _measured(told: ToldValues, conversion: float | None, measured: MeasuredCamera) -> None:
    """Add what pairs of biases and flats say; conversion: as headers have it, e/adu."""
    if (by_flats := measured.conversion) is not None:
        if conversion is None:
            conversion = by_flats
            told.say("conversion", number(three(by_flats), "e/adu"), "a pair of flats")
        elif not 1 / APART <= by_flats / conversion <= APART:
            told.doubt("conversion", f"a pair of flats says {number(three(by_flats), 'e/adu')}")
    if measured.pedestal_adu is not None:
        told.say("pedestal", number(round(measured.pedestal_adu, 1), "adu"), "a pair of biases")
    if conversion is not None:
        told.guess("full_well", number(round(conversion * FULL_ADU), "e"))
        if measured.read_noise_adu:
            told.say("read_noise", number(three(conversion * measured.read_noise_adu), "e"), "a pair of biases")


def _free(name: str, names: set[str]) -> str:
    further = (f"{name}-{number}" for number in range(2, len(names) + 3))
    return next(each for each in (name, *further) if each not in names)
