"""Which line of which file asked for a frame or a master, as that file was when it was asked."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from obsy.diagnostics import Mark
from obsy.engine.declare.check import check
from obsy.engine.declare.folders import declaring
from obsy.engine.declare.history import FilesLostError, author, files_at
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Written
from obsy.engine.frames.cards import Cards
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.header import whole_cards
from obsy.engine.frames.kind import kind_said
from obsy.engine.identity import DIRTY, KEYWORDS, Identity
from obsy.engine.journal import tickets
from obsy.engine.progress import without_tile
from obsy.errors import FrameError, UserError
from obsy.schemas.plan import Plan

TABLE, MEASURED = "_stars.ecsv", "_calibrated.fits"
"""How the table of a frame's stars ends, and the frame."""


@dataclass(frozen=True, slots=True)
class Blame:
    """What a frame was asked for, and where. `mark` is None if the files of its commit have no such plan."""

    asked: Identity
    commit: str | None
    dirty: bool
    """Whether files differed from the commit when the frame was asked for."""
    mark: Mark | None = None
    """Seen from the observatory's folder."""
    kind: str = "light"
    """What it is for; a bias, a dark or a flat is asked for by the calibration of its train."""
    text: str = ""
    """The line, as it was."""
    written: dict[str, str] = field(default_factory=dict)
    """Who wrote it: `commit`, `author`, `date` and `summary`."""
    masters: tuple[tuple[str, str, str], ...] = ()
    """Which masters calibrated it, of a light those that did once it was reduced: kind, file, and why this one."""


def blame(frame: Path, root: Path, plans: Sequence[Path]) -> Blame:
    """Return what asked for a frame or for a product of one, by the files of the observatory at `root` alone.

    plans: where those lie that may have. Raises UserError if the file cannot be read, neither it nor anything about it
    says what it was asked for, or there are no such plans, now or at its commit.
    """
    frame = _with_header(frame)
    cards = _cards(frame)
    asked, said = _identity(frame, cards), kind_said(cards).value
    kind = "light" if said is None or said is FrameKind.LIGHT else str(said)
    if asked.plan is None and kind != "light" and asked.train is None:
        raise UserError(f"{frame} is a {kind} of another program, which no plan asks for and no calibration here did")
    if asked.plan is None and kind == "light":
        raise UserError(
            f"{frame} does not say what it was asked for: another program took it; "
            "such a light is credited by its OBJECT, filter and exposure"
        )
    sha = asked.commit.removesuffix(DIRTY) if asked.commit else None
    is_dirty = bool(asked.commit and asked.commit.endswith(DIRTY))
    bare = Blame(asked, sha, is_dirty, kind=kind, masters=_masters(frame, cards))
    return _found(bare, root, sha, [os.path.relpath(each, root) for each in plans]) if sha else bare


def identity(frame: Path) -> Identity:
    """Return what is known of a file: from its header, the sidecar beside it, or the journal's ticket for its folder.

    Raises UserError if it is no FITS file.
    """
    return _identity(frame, _cards(frame))


def _with_header(file: Path) -> Path:
    """Return the file itself; of a table of stars, which has no header, the frame beside it that it was made of."""
    return file.with_name(f"{file.name.removesuffix(TABLE)}{MEASURED}") if file.name.endswith(TABLE) else file


def _cards(frame: Path) -> Cards:
    try:
        with frame.open("rb") as stream:
            return whole_cards(stream)
    except OSError as refusal:
        raise UserError(f"{frame} cannot be read: {refusal.strerror or refusal}") from None
    except FrameError as fault:
        raise UserError(f"{frame} is no FITS file that can be read: {fault}") from None


def _identity(frame: Path, cards: Cards) -> Identity:
    return Identity.read(cards).over(_sidecar(frame)).over(_ticket(frame))


def _masters(frame: Path, cards: Cards) -> tuple[tuple[str, str, str], ...]:
    """What the header of a product, or of that of a light, says of the masters behind it."""
    said = {kind: str(cards.get(f"{kind.upper()}WHY") or "") for kind in ("bias", "dark", "flat")}
    if not any(said.values()) and (product := _product(frame)) is not None:
        return _masters(product, _cards(product))
    told = ((kind, *words.partition(" ")) for kind, words in said.items() if words)
    return tuple((kind, name, words) for kind, name, _, words in told)


def _product(light: Path) -> Path | None:
    """Return a file that was made of a light alone, if one is left."""
    data_root = _data_root(light)
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        made = json.loads(light.with_name(f"{light.name}.json").read_text(encoding="utf-8"))["products"]
        paths = [data_root / each["path"] for each in made if data_root is not None and each["frame"]]
        frames = (each for each in paths if each.suffix == ".fits" and each != light.absolute())
        return next((each for each in frames if each.is_file()), None)
    return None


def _sidecar(frame: Path) -> Identity:
    try:
        content = json.loads(frame.with_name(f"{frame.name}.json").read_text(encoding="utf-8"))["frame"]
        return Identity(**{part: content.get(part) for part in KEYWORDS})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Identity()


def _data_root(frame: Path) -> Path | None:
    """Return the folder of real or of simulated nights in which a frame lies."""
    return next((each for each in frame.absolute().parents if (each / "journal").is_dir()), None)


def _ticket(frame: Path) -> Identity:
    """What the journal beside the folder of arrivals says was asked to be put where the frame lies."""
    data_root = _data_root(frame)
    return (
        Identity()
        if data_root is None
        else tickets(data_root / "journal").get(frame.absolute().parent.name, Identity())
    )


def _found(bare: Blame, root: Path, sha: str, plans: Sequence[str]) -> Blame:
    with suppress(FilesLostError), files_at(root, sha) as folder:
        then = [folder / each for each in plans]
        if bare.asked.plan is not None and not any(each.exists() for each in (*then, *(root / name for name in plans))):
            was = f"there is no '{', '.join(plans)}' here, nor was there at commit {sha[:12]}"
            raise UserError(f"{was}: name the folder of the plans by '--plans'")
        for written in Reader(folder).read([Path(name) for name in declaring(folder, *then)]):
            if _asks(written, bare):
                mark = _goal(written, bare.asked.goal or "") if bare.asked.plan else written.at(bare.kind)
                text = Path(mark.file).read_text(encoding="utf-8").splitlines()[mark.line - 1]
                seen = _seen(mark, folder)
                wrote = author(root, sha, seen.file, mark.line)
                return replace(bare, mark=seen, text=text, written=wrote)
    return bare


def _asks(written: Written, bare: Blame) -> bool:
    """Whether it is the document that asked: the plan, or the calibration of the train."""
    if bare.asked.plan is not None:
        return written.kind == "plan" and written.name == bare.asked.plan
    return written.kind == "calibration" and written.value.get("train") == bare.asked.train


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
