"""Which line of which file asked for a frame, as that file was when it was asked."""

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from obsy.diagnostics import Mark
from obsy.engine.declare.check import check
from obsy.engine.declare.folders import files
from obsy.engine.declare.history import FilesLostError, author, files_at
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Written
from obsy.engine.frames.header import whole_cards
from obsy.engine.identity import DIRTY, KEYWORDS, Identity
from obsy.engine.journal import tickets
from obsy.engine.progress import without_tile
from obsy.errors import FrameError, UserError
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class Blame:
    """What a frame was asked for, and where. `mark` is None if the files of its commit have no such plan."""

    asked: Identity
    commit: str | None
    dirty: bool
    """Whether files differed from the commit when the frame was asked for."""
    mark: Mark | None = None
    """Seen from the observatory's folder."""
    text: str = ""
    """The line, as it was."""
    written: dict[str, str] = field(default_factory=dict)
    """Who wrote it: `commit`, `author`, `date` and `summary`."""
    masters: tuple[str, ...] = ()
    """Which masters calibrated it and why these, a line each."""


def blame(frame: Path, root: Path) -> Blame:
    """Return what asked for a frame or for a product of one.

    Raises UserError if the file cannot be read, or neither it nor anything about it says what it was asked for.
    """
    asked = identity(frame)
    if asked.plan is None:
        raise UserError(
            f"{frame} does not say what it was asked for: it was taken by another program, or it is no light; "
            "such a frame is credited by its OBJECT, filter and exposure"
        )
    sha = asked.commit.removesuffix(DIRTY) if asked.commit else None
    bare = Blame(asked, sha, dirty=bool(asked.commit and asked.commit.endswith(DIRTY)), masters=_masters(frame))
    return _found(bare, root, sha) if sha else bare


def identity(frame: Path) -> Identity:
    """Return what is known of a file: from its header, the sidecar beside it, or the journal's ticket for its folder.

    Raises UserError if it is no FITS file.
    """
    try:
        with frame.open("rb") as stream:
            said = Identity.read(whole_cards(stream))
    except OSError as refusal:
        raise UserError(f"{frame} cannot be read: {refusal.strerror or refusal}") from None
    except FrameError as fault:
        raise UserError(f"{frame} is no FITS file that can be read: {fault}") from None
    return said.over(_sidecar(frame)).over(_ticket(frame))


def _masters(frame: Path) -> tuple[str, ...]:
    """What a product's header says of the masters behind it."""
    with frame.open("rb") as stream:
        cards = whole_cards(stream)
    said = {kind: cards.get(f"{kind.upper()}WHY") for kind in ("bias", "dark", "flat")}
    return tuple(f"{kind}: {words}" for kind, words in said.items() if words)


def _sidecar(frame: Path) -> Identity:
    try:
        content = json.loads(frame.with_name(f"{frame.name}.json").read_text(encoding="utf-8"))["frame"]
        return Identity(**{part: content.get(part) for part in KEYWORDS})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Identity()


def _ticket(frame: Path) -> Identity:
    """What the journal beside the folder of arrivals says was asked to be put where the frame lies."""
    for folder in frame.absolute().parents:
        if (folder / "journal").is_dir():
            return tickets(folder / "journal").get(frame.absolute().parent.name, Identity())
    return Identity()


def _found(bare: Blame, root: Path, sha: str) -> Blame:
    with suppress(FilesLostError), files_at(root, sha) as folder:
        for written in Reader(folder).read(files(folder)):
            if written.kind == "plan" and written.name == bare.asked.plan:
                mark = _goal(written, bare.asked.goal or "")
                text = Path(mark.file).read_text(encoding="utf-8").splitlines()[mark.line - 1]
                seen = _seen(mark, folder)
                wrote = author(root, sha, seen.file, mark.line)
                return replace(bare, mark=seen, text=text, written=wrote)
    return bare


def _seen(mark: Mark, folder: Path) -> Mark:
    """A place and the way to it, seen from the observatory's folder."""
    via = tuple(_seen(each, folder) for each in mark.via)
    return mark._replace(file=Path(mark.file).relative_to(folder).as_posix(), via=via)


def _goal(written: Written, name: str) -> Mark:
    """The line of a goal; of the plan's name if it has no such goal, or is not understood by this version."""
    plan = check(written, ())
    if isinstance(plan, Plan):
        for number, goal in enumerate(plan.want):
            if without_tile(name) in {goal.key(role) for role in goal.filter}:
                return written.at("want", number)
    return written.place(("name",)).mark
