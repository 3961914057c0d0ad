"""What `obsy ingest` did, as a person reads it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.name import readable
from obsy.engine.frames.repair import told
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome
from obsy.engine.processing.old_folders import FoundFiles
from obsy.engine.report.words import listed
from obsy.engine.starting.train_files import TrainProposal
from obsy.units import duration

GONE = "The files are removed; their copies were proven first."
MOST_LINES, FEW = 12, 3
"""Of sessions, of faults and of rules; of files of one fault."""


class Session(NamedTuple):
    """Frames that were taken alike in one night."""

    night: date
    kind: str
    object: str
    filter: str
    exposure_s: float
    train: str


def page(
    found: Sequence[BroughtIn], met: FoundFiles, manner: str, data_root: DataRoot, *, dry_run: bool
) -> Iterator[str]:
    """Yield the lines, with what was taken first."""
    counts = Counter(each.outcome for each in found)
    yield "There is no FITS file there." if not found and not met.unread else _counted(counts, dry_run=dry_run)
    yield from (f"this folder cannot be read: {each}" for each in met.unread)
    yield from _sessions([each for each in found if each.outcome is FileOutcome.TAKEN])
    yield from _aside([each for each in found if each.outcome is FileOutcome.ASIDE], data_root)
    left = [each for each in found if each.outcome is FileOutcome.LEFT]
    yield from _alike(left, lambda each: f"left alone, {{}} x {each.code}: {each.reason}")
    gone = [each for each in found if each.outcome is FileOutcome.GONE]
    yield from _alike(gone, lambda _: "not taken, {} x gone or changed meanwhile")
    taken = [each.frame for each in found if each.frame is not None and each.outcome is FileOutcome.TAKEN]
    repairs = Counter(each for frame in taken for each in frame.repairs)
    if repairs:
        yield "\nread by a rule, since the header does not say it plainly (it is kept with each frame):"
        yield from (f"  {many:>6} x {told(each)}" for each, many in repairs.most_common(MOST_LINES))
    if any(frame.train is None for frame in taken):
        yield "\nno train: none of the declared ones is named, has this camera or takes frames of this size"
    if met.others:
        several = met.others.most_common(MOST_LINES)
        kinds = ", ".join(f"{many} {ending or 'without an ending'}" for ending, many in several)
        yield f"\nleft alone, as no FITS files: {kinds}"
    if met.passed:
        yield f"\nnot looked at: {', '.join(f'{many} x {what}' for what, many in met.passed.most_common())}"
    kept = [each for each in found if each.kept]
    yield from _alike(kept, lambda each: f"{{}} could not be removed: {each.kept}")
    if dry_run:
        goes = ", and removes each file once its copy is proven" if manner == "move" else ""
        yield f"\nNothing was written. The same command without --dry-run does it{goes}."
    elif counts[FileOutcome.TAKEN]:
        moved = "What is removed had its copy proven first." if kept else GONE
        went = moved if manner == "move" else "The files are where they were."
        yield f"\n{went} The archive is {data_root.archive};"
        yield "'obsy reduce' credits, reduces and judges what is new, and so does the next night."


def declared(proposal: TrainProposal, *, dry_run: bool) -> Iterator[str]:
    """Yield the trains that the files tell of: what is written, or would be."""
    if not proposal.trains and not proposal.remarks:
        yield "no train to declare: each frame is of one that is"
    for train in proposal.trains:
        frames = f"{train.frames} frame{'s' * (train.frames != 1)}"
        done = "would be written" if dry_run else "is written"
        yield f"{train.place}, the train of {frames}, {done}"
        if dry_run:
            yield from (f"  {line}" for line in proposal.texts[train.place].splitlines())
        guesses = listed([each.replace("_", " ") for each in train.guesses])
        yield f"  a guess, for no frame says it, and to be mended there before 'obsy reduce': {guesses}"
        if (since := train.retired(proposal.today)) is not None:
            yield f"  its newest frame is of {train.newest}, so it says 'retired: {since}', and no night counts on it:"
            yield "  remove that line if it is in use all the same"
        else:
            yield "  a night may give plans to it from now on; if its camera is no more, write 'retired: DAY' there"
    yield from (f"no train for {each}" for each in proposal.remarks)


def _counted(counts: Counter[FileOutcome], *, dry_run: bool) -> str:
    said = {
        FileOutcome.TAKEN: "to take into the archive" if dry_run else "taken into the archive",
        FileOutcome.KNOWN: "there already",
        FileOutcome.DUPLICATE: "with the content of another file",
        FileOutcome.ASIDE: "to put aside" if dry_run else "put aside",
        FileOutcome.LEFT: "to leave alone" if dry_run else "left alone",
        FileOutcome.GONE: "gone or changed meanwhile (give the command again)",
    }
    parts = [f"{counts[each]} {words}" for each, words in said.items() if counts[each]]
    total = sum(counts.values())
    return f"{total} {'file' if total == 1 else 'files'}: {', '.join(parts) or 'none that can be seen'}"


def _sessions(taken: Sequence[BroughtIn]) -> Iterator[str]:
    alike: defaultdict[Session, int] = defaultdict(int)
    for each in taken:
        if (frame := each.frame) is not None:
            named = (frame.object if frame.kind == "light" else "", frame.filter or "")
            alike[Session(frame.night, frame.kind, *named, frame.exposure_s, frame.train or "no train")] += 1
    for session, many in sorted(alike.items())[:MOST_LINES]:
        what = f"{session.object or session.kind} {session.filter}".strip()
        total = duration(many * session.exposure_s) if session.exposure_s >= 1 else ""
        yield f"  {session.night}  {what:<24} {many:>5} x {session.exposure_s:g} s  {total:<11} {session.train}"
    if len(alike) > MOST_LINES:
        yield f"  and {len(alike) - MOST_LINES} sessions more"


def _aside(aside: Sequence[BroughtIn], data_root: DataRoot) -> Iterator[str]:
    alike: defaultdict[tuple[str, str], list[BroughtIn]] = defaultdict(list)
    for each in aside:
        alike[each.code, each.reason].append(each)
    faults = sorted(alike.items(), key=lambda fault: -len(fault[1]))
    for (code, reason), several in faults[:MOST_LINES]:
        yield f"\nput aside, {len(several)} x {code}: {reason}"
        yield from _named(several)
    if left := [each for _, several in faults[MOST_LINES:] for each in several]:
        codes = Counter(each.code for each in left).most_common()
        yield f"\nput aside for other reasons, {', '.join(f'{many} x {code}' for code, many in codes)}"
    if any(each.place for each in aside):
        yield f"  their copies lie in {data_root.quarantine}, each with its reason beside it"


def _alike(found: Iterable[BroughtIn], words: Callable[[BroughtIn], str]) -> Iterator[str]:
    """Yield the files of which the same is said, under a line that says it; {} is how many they are."""
    alike: defaultdict[str, list[BroughtIn]] = defaultdict(list)
    for each in found:
        alike[words(each)].append(each)
    for said, several in sorted(alike.items(), key=lambda fault: -len(fault[1])):
        yield f"\n{said.replace('{}', str(len(several)), 1)}"
        yield from _named(several)


def _named(several: Sequence[BroughtIn]) -> Iterator[str]:
    yield from (f"  {readable(each.path.as_posix())}" for each in several[:FEW])
    if len(several) > FEW:
        yield f"  and {len(several) - FEW} more"
