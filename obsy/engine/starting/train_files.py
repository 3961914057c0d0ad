"""Documents of the trains that frames tell of: checked with all that is declared, then put beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from os.path import abspath
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.folders import ROOMS
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import survey
from obsy.engine.declare.text import text_of
from obsy.engine.frames.header import describe
from obsy.engine.frames.packed import cards_within
from obsy.engine.frames.taken_with import taken_with
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.render import render_yaml
from obsy.engine.starting.folder import TEMPLATES
from obsy.engine.starting.from_frames import FoundTrain, UndeclaredFrame, trains_of
from obsy.errors import FrameError, UnfitFiles, UserError

TEMPLATE_IN = {"site": "telescope.yaml", "library": "calibration.yaml"}
"""What is rendered for a train in each of these rooms."""


def undeclared(paths: Iterable[Path], rules: ProcessingRules) -> Iterator[UndeclaredFrame]:
    """Yield the frames that no declared train took; what is no frame, or cannot be read, is passed by."""
    for path in paths:
        with suppress(FrameError, OSError):
            cards = cards_within(path)
            frame = describe(cards, path, "")
            if rules.identified(frame, path).train is None:
                yield UndeclaredFrame(frame, taken_with(cards))


def documents(train: FoundTrain, mount: str) -> dict[str, str]:
    """Return the documents of a train and of what its lights need, by their places in an observatory.

    mount: the one that carries it, empty where there is no choice.
    """
    values = {"bayer": "none", "camera_device": "", "wheel_device": "", "focuser_device": "", "panel_device": ""}
    values |= {"train": train.name, "carried_by": mount, "is_found": "yes", "flats": train.flats}
    every = {**values, **train.values, "why": train.why, "filters": train.filters}
    return {
        f"{room}/{train.name}.yaml": render_yaml(f"{TEMPLATES}/{room}/{template}", **every)
        for room, template in TEMPLATE_IN.items()
    }


@dataclass(frozen=True)
class TrainProposal:
    """The trains that frames tell of, as documents."""

    root: Path
    trains: tuple[FoundTrain, ...]
    texts: Mapping[str, str]
    """Of their documents and of what calibrates their lights, by their places below the root, where nothing is."""
    remarks: tuple[str, ...]
    """Why other frames tell of none."""

    def as_json(self) -> dict[str, object]:
        """Return it for a machine."""
        trains = [
            {"file": each.place, "yaml": self.texts[each.place], "frames": each.frames, "guesses": list(each.guesses)}
            for each in self.trains
        ]
        return {"trains": trains, "remarks": list(self.remarks)}

    def put(self, plans: Sequence[Path]) -> None:
        """Write the documents, if all that is declared, these plans too, is well with them.

        Raises UnfitFiles with what would not be, UserError if one cannot be written.
        """
        drafts = {abspath(self.root / place): text for place, text in self.texts.items()}

        def read(path: Path, file: str) -> str | Diagnostic:
            draft = drafts.get(abspath(path))
            return text_of(path, file) if draft is None else draft

        if told := survey(self.root, *plans, texts=read, drafts=[Path(each) for each in drafts]).complaints:
            raise UnfitFiles(told)
        for place, text in self.texts.items():
            try:
                with (self.root / place).open("x", encoding="utf-8") as stream:
                    stream.write(text)
            except OSError as refusal:
                raise UserError(f"{place} cannot be written: {refusal.strerror}; mend that") from None


def proposed(paths: Iterable[Path], observatory: Observatory, rules: ProcessingRules) -> TrainProposal:
    """Return the trains of the frames among these files that no declared train took."""
    root, mounts = observatory.root, [each.name for each in observatory.mounts]
    taken = {each.name for each in observatory.instruments}
    taken |= {each.stem for room in ROOMS for each in (root / room).glob("*.y*ml")}
    found, remarks = trains_of(undeclared(paths, rules), taken)
    texts = [documents(each, mounts[0] if len(mounts) > 1 else "") for each in found]
    return TrainProposal(root, tuple(found), dict(chain.from_iterable(each.items() for each in texts)), tuple(remarks))
