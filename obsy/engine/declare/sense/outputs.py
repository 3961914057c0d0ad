"""What is written for other programs is written once, where nothing else stands."""

from collections.abc import Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.folders import ROOMS
from obsy.schemas.output import Output


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of outputs that would write over one another, or among the files that people declare things in."""
    root, seen, outputs = declared.root.absolute(), dict[str, Mark](), declared.of(Output)
    folders = {Path(each.at().file).absolute().parent for each in declared.written if outputs} - {root}
    ours = {*folders, *(root / room for room in (*ROOMS, "plans"))}
    for entry in outputs:
        way, places = entry.document.write.way, entry.document.places(root)
        first = next((seen[place] for place in places if place in seen), None)
        if first is not None:
            words = (f"what the output at {first} writes, too", "a place of its own", "write it elsewhere")
            yield entry.complain("written-twice", words, "write", way)
        elif entry.document.write.mqtt is None and any(Path(places[0]).is_relative_to(folder) for folder in ours):
            mend = f"write '{way}: /run/obsy/{Path(places[0]).name}'"
            words = (entry.written.said("write", way), "a place where nothing is declared", mend)
            yield entry.complain("among-the-files", words, "write", way)
        seen |= dict.fromkeys(places, entry.written.at("write", way))


def nowhere(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of paths of whose folders even the first is not there, on this machine."""
    for entry, top in tops(declared):
        if not top.exists():
            words = (f"no folder '{top}' here", "one that is there, or lies in one that is", "correct the path")
            yield entry.complain("no-such-folder", words, "write", entry.document.write.way)


def tops(declared: Declared) -> Iterator[tuple[Entry[Output], Path]]:
    """Yield the first folder on the way to each output that is a file."""
    for entry in declared.of(Output):
        path = entry.document.places(declared.root.absolute())[0]
        yield from ((entry, top) for top in Path(path).parents[-2:-1] if entry.document.write.mqtt is None)
