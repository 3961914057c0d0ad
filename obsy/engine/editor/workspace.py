"""The observatory as its files will be: those that are open are read from the editor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.exposures import KIND as EXPOSURES
from obsy.engine.declare.folders import ROOMS
from obsy.engine.declare.instrument import in_use
from obsy.engine.declare.names import beginning
from obsy.engine.declare.refer import REFERENCES, Reference
from obsy.engine.declare.survey import Survey, survey
from obsy.engine.declare.text import text_of
from obsy.engine.editor.cursor import ITEM, Cursor
from obsy.engine.editor.cursor import Path as Way
from obsy.schemas.site import Site

MORE_REFERENCES = (
    Reference("plan", ("want",), EXPOSURES),
    Reference("plan", ("want", ITEM), EXPOSURES),
    Reference("plan", ("want", EXPOSURES), EXPOSURES),
    Reference("plan", ("want", ITEM, EXPOSURES), EXPOSURES),
)
TARGETS = (("target",), ("targets", ITEM), ("target", "name"), ("targets", ITEM, "name"), ("target", "of"))
ERROR, WARNING = "error", "warning"
Told = dict[Path, list[tuple[Diagnostic, str]]]
"""What is to be said of each file, and how bad it is."""


@dataclass(slots=True)
class Workspace:
    """One observatory, with what is being written in it."""

    root: Path
    plans: Path
    buffers: dict[Path, str] = field(default_factory=dict)
    """The text of each file that is open."""
    declared: Declared | None = None
    """What was declared when all of it was looked at last."""
    _named: dict[str, dict[str, Mark]] = field(default_factory=dict)

    def text(self, path: Path, called: str) -> str | Diagnostic:
        """Return a file's text as the editor has it, else the disk."""
        open_text = self.buffers.get(path.resolve())
        return text_of(path, called) if open_text is None else open_text

    def all(self) -> Told:
        """Look at everything, and return what is to be said of each file."""
        seen = survey(self.root, self.plans, texts=self.text, drafts=self._drafts())
        self._keep(seen.declared)
        return _by_file(seen, ())

    def _keep(self, declared: Declared) -> None:
        named: dict[str, dict[str, Mark]] = {}
        for written in declared.written:
            named.setdefault(written.kind, {}).setdefault(written.name, written.at("name"))
        self.declared, self._named = declared, named

    def one(self, path: Path) -> Told:
        """Look at one file with site and library alone, as it is typed, and return what is to be said of it."""
        is_plan = not any(path.is_relative_to(self.root / room) for room in ROOMS)
        shared = (Path(mark.file).resolve() for mark in self._named.get(EXPOSURES, {}).values())
        beside = [each for each in shared if not any(each.is_relative_to(self.root / room) for room in ROOMS)]
        plans = (path, *beside) if is_plan else ()
        seen = survey(self.root, *plans, texts=self.text, drafts=self._drafts() & {path})
        if self.declared is None:
            self._keep(seen.declared)
        return _by_file(seen, (path,))

    def names(self, at: Cursor) -> Iterator[str]:
        """Yield the names that may stand where the cursor is: of documents, filters or targets."""
        if at.path in TARGETS and at.kind == "plan":
            yield from beginning(at.typed)
        if at.path[-2:] in {("filter", ITEM), (ITEM, "filter")} or at.path[-1:] == ("filter",):
            yield from self._filters()
        for each in self._references(at):
            for kind in (each.to, *each.besides):
                yield from self._named.get(kind, ())
            yield from each.also

    def place(self, at: Cursor, name: str) -> Mark | None:
        """Return where the document stands that is named at the cursor; None if no name is."""
        kinds = (kind for each in self._references(at) for kind in (each.to, *each.besides))
        return next((self._named[kind][name] for kind in kinds if name in self._named.get(kind, ())), None)

    def included(self, path: Path, said: str) -> Mark | None:
        """Return the file that an `!include` in a file names; None if there is no such file."""
        file = path.parent / said.removeprefix("!include").strip()
        return Mark(str(file)) if file.is_file() else None

    @property
    def site(self) -> Site | None:
        """Return the site, or the first of them."""
        sites = self.declared.of(Site) if self.declared else ()
        return sites[0].document if sites else None

    def _drafts(self) -> set[Path]:
        """The plans that were never saved."""
        return {path for path in self.buffers if path.is_relative_to(self.plans) and not path.exists()}

    def _filters(self) -> Iterable[str]:
        trains = in_use(self.declared) if self.declared else ()
        return dict.fromkeys(role for entry in trains for role in entry.document.roles)

    def _references(self, at: Cursor) -> Iterator[Reference]:
        way: Way = at.path
        return (each for each in (*REFERENCES, *MORE_REFERENCES) if each.kind == at.kind and each.key == way)


def _by_file(seen: Survey, about: tuple[Path, ...]) -> Told:
    """What is said of each file; of some alone, if any are named, and then of them even where all is well."""
    found: Told = {path: [] for path in about}
    for level, each in [*((ERROR, one) for one in seen.complaints), *((WARNING, one) for one in seen.warnings)]:
        path = Path(each.mark.file).resolve()
        if not about or path in found:
            found.setdefault(path, []).append((each, level))
    return found
