"""Documents of the trains that frames tell of: checked with all that is declared, then put beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from os.path import abspath
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.folders import ROOMS
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import survey
from obsy.engine.declare.text import text_of
from obsy.engine.disk import write_whole
from obsy.engine.frames.header import describe
from obsy.engine.frames.packed import cards_within
from obsy.engine.frames.taken_with import taken_with
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.render import render_yaml
from obsy.engine.starting.folder import TEMPLATES
from obsy.engine.starting.from_frames import FoundTrain, UndeclaredFrame, trains_of
from obsy.engine.starting.told_values import several
from obsy.errors import FrameError, UserError

DOCUMENTS = "site/telescope.yaml", "library/calibration.yaml"


def undeclared(paths: Iterable[Path], rules: ProcessingRules) -> Iterator[UndeclaredFrame]:
    """Yield the frames that no declared train took; what is no frame, or cannot be read, is passed by."""
    for path in paths:
        with suppress(FrameError, OSError):
            cards = cards_within(path)
            frame = describe(cards, path, "")
            if rules.identified(frame, path).train is None:
                yield UndeclaredFrame(frame, taken_with(cards))


def document(train: FoundTrain, mount: str, today: date) -> str:
    """Return the documents of a train and of what its lights need, which are one file: either is nothing alone.

    mount: the one that carries it, empty where there is no choice.
    """
    values = {"bayer": "none", "camera_device": "", "wheel_device": "", "focuser_device": "", "panel_device": ""}
    values |= {"train": train.name, "carried_by": mount, "is_found": "yes", "flats": train.flats}
    values["retired"] = str(train.retired(today) or "")
    every = {**values, **train.values, "why": train.why, "filters": train.filters}
    return "---\n".join(render_yaml(f"{TEMPLATES}/{each}", **every) for each in DOCUMENTS)


@dataclass(frozen=True)
class TrainProposal:
    """The trains that frames tell of, as documents."""

    root: Path
    trains: tuple[FoundTrain, ...]
    texts: Mapping[str, str]
    """Of their documents, by their places below the root, where nothing is."""
    remarks: tuple[str, ...]
    """Why other frames tell of none."""
    today: date
    """What is long before is past."""

    def as_json(self) -> dict[str, object]:
        """Return it for a machine."""
        return {"trains": [self._train(each) for each in self.trains], "remarks": list(self.remarks)}

    def _train(self, train: FoundTrain) -> dict[str, object]:
        since = train.retired(self.today)
        told = {"file": train.place, "yaml": self.texts[train.place], "frames": train.frames}
        return {**told, "guesses": list(train.guesses), "retired": None if since is None else since.isoformat()}

    def put(self) -> None:
        """Write the documents, each file whole or not at all. Raises UserError if one cannot be written."""
        for place, text in self.texts.items():
            if (self.root / place).exists():
                raise UserError(f"{place} is there by now, and nothing is written over: give the command again")
            try:
                write_whole(self.root / place, text.encode())
            except OSError as refusal:
                words = "make room, or see that you may write there, and give the command again"
                raise UserError(f"{place} cannot be written: {refusal.strerror}; {words}") from None


def proposed(
    paths: Iterable[Path], observatory: Observatory, rules: ProcessingRules, plans: Sequence[Path]
) -> TrainProposal:
    """Return the trains of the frames among these files that no declared train took.

    A train with which what is declared, these plans too, would not be well is none: what is wrong is among the remarks.
    """
    today = datetime.now(UTC).date()
    root, mounts = observatory.root, [each.name for each in observatory.mounts]
    taken = {each.name for each in observatory.every_instrument}
    taken |= {each.stem for room in ROOMS for each in (root / room).glob("*.y*ml")}
    found, remarks = trains_of(undeclared(paths, rules), taken)
    texts, well = dict[str, str](), list[FoundTrain]()
    for train in found:
        more = texts | {train.place: document(train, mounts[0] if len(mounts) > 1 else "", today)}
        if told := _complaints(root, plans, more):
            camera = f"{train.values['camera']}, {several(train.frames)}"
            remarks.append(f"{camera}: its headers make no train, {told[0].found}; expected: {told[0].expected}")
        else:
            texts, well = more, [*well, train]
    return TrainProposal(root, tuple(well), texts, tuple(remarks), today)


def _complaints(root: Path, plans: Sequence[Path], texts: Mapping[str, str]) -> Sequence[Diagnostic]:
    """Return what would be wrong if these documents lay at their places."""
    drafts = {abspath(root / place): text for place, text in texts.items()}

    def read(path: Path, file: str) -> str | Diagnostic:
        draft = drafts.get(abspath(path))
        return text_of(path, file) if draft is None else draft

    return survey(root, *plans, texts=read, drafts=[Path(each) for each in drafts]).complaints
