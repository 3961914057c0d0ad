"""Files in, documents out, each value with its place; whatever is no YAML becomes a complaint."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare import exposures
from obsy.engine.declare.folders import PACKS, files
from obsy.engine.declare.include import Inclusions, is_part
from obsy.engine.declare.secret import Secrets
from obsy.engine.declare.text import Texts, text_of
from obsy.engine.declare.variables import Built
from obsy.engine.declare.written import Origin, Written, mark_of, spelling

PACK = "pack"


@dataclass(slots=True, eq=False, repr=False)
class Reader:
    """Reads the files of one observatory, and keeps its complaints."""

    root: Path
    texts: Texts = text_of
    """An editor has younger texts than the disk."""
    complaints: list[Diagnostic] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    """The files that are no YAML."""
    silent: set[Mark] = field(default_factory=set)
    """Where such a file is included: that nothing came of it is no second fault."""
    _included: dict[Path, tuple[Path, ...]] = field(default_factory=dict)

    def read(self, paths: list[Path]) -> list[Written]:
        """The documents of all files; a file that another includes is no document of its own."""
        trees = {path: self._trees(path) for path in paths}
        included = {each for files in self._included.values() for each in files}
        alone = [path for path in paths if not included or path.resolve() not in included]
        documents = self._written_out({path: list(self._documents(path, trees[path])) for path in alone})
        return [*documents, *(each for pack in documents if pack.kind == PACK for each in self._brought(pack))]

    def _brought(self, pack: Written) -> list[Written]:
        """The documents of a pack, which see nothing outside of its folder."""
        from obsy.engine.declare.packs.documents import brought  # noqa: PLC0415 - few folders have packs

        folder = self.root / PACKS / pack.name
        reader = Reader(folder, self.texts)
        documents, wrong = brought(pack, reader.read(paths := files(folder) if folder.is_dir() else []))
        self.complaints += [*reader.complaints, *wrong]
        self.silent |= reader.silent
        path = Path(pack.at().file)
        self._included[path] = (*self._included.get(path, ()), *(each.resolve() for each in paths))
        return documents

    def _written_out(self, said: dict[Path, list[Written]]) -> list[Written]:
        """The documents of all files, with the goals of the exposure sets that they name."""
        places = {
            each.name: path for path, documents in said.items() for each in documents if each.kind == exposures.KIND
        }
        documents = [each for of_one in said.values() for each in of_one]
        sets = exposures.ExposureSets.of(documents, Secrets(self.root), self.complaints)
        for path, of_one in said.items() if places else ():
            used = {places[name] for each in of_one for name in exposures.used(each) if name in places}
            if files := [file for place in sorted(used) for file in self.sources(place)]:
                self._included[path] = tuple(dict.fromkeys((*self._included.get(path, ()), *files)))
        return [sets.written_out(each) for each in documents]

    def sources(self, path: Path) -> tuple[Path, ...]:
        """Return every file that decides what a path that was read says: itself, and all it includes or sought in vain.

        Secrets are not among them; they stand in `secrets.yaml` and in the environment.
        """
        return (path.resolve(), *self._included.get(path, ()))

    def _trees(self, path: Path) -> list[Built]:
        inclusions = Inclusions(self.root, self.complaints, self.silent, self.texts)
        nodes = inclusions.nodes(path, Origin(str(path)))
        if nodes is None:
            self.unread.append(path)
        elif nodes == []:
            words = ("a file that says nothing", "at least one document", "begin one with 'kind:', or remove the file")
            self.complaints.append(Diagnostic(Mark(str(path)), "empty-file", *words))
        if not nodes or is_part(nodes):
            return []
        built = [inclusions.built(node, (path,)) for node in nodes]
        if inclusions.files:
            self._included[path] = tuple(dict.fromkeys(inclusions.files))
        return built

    def _documents(self, path: Path, trees: list[Built]) -> Iterator[Written]:
        for node, value in trees:
            if isinstance(value, dict):
                yield Written(node, value)
            elif value is not None:
                cure = "take the '- ' before each key away" if isinstance(value, list) else "write 'kind: plan'"
                words = (spelling(node), "keys with their values", cure)
                self.complaints.append(Diagnostic(mark_of(node), "not-a-mapping", *words))
