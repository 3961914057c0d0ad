"""Files in, documents out, each value with its place; whatever is no YAML becomes a complaint."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.build import Builder, Built, Words
from obsy.engine.declare.compose import compose, text_of
from obsy.engine.declare.secret import FILE, Secrets
from obsy.engine.declare.written import Written, mark_of, spelling

ENDINGS = (".yaml", ".yml")


def files(folder: Path) -> list[Path]:
    """Every YAML file under a folder in order of its path, hidden ones and secrets left out; a file is itself."""
    if not folder.is_dir():
        return [] if folder.name.startswith(".") or folder.name == FILE else [folder]
    found = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(where, name) for name in names if name.endswith(ENDINGS) and name[0] != "." and name != FILE]
    return sorted(found)


@dataclass(slots=True)
class Reader:
    """Reads the files of one observatory, and keeps its complaints."""

    root: Path
    complaints: list[Diagnostic] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    """The files that are no YAML."""
    silent: set[Mark] = field(default_factory=set)
    """Where such a file is included: that nothing came of it is no second fault."""
    _included: set[Path] = field(default_factory=set)

    def read(self, paths: list[Path]) -> list[Written]:
        """The documents of all files; a file that another includes is no document of its own."""
        trees = {path: self._trees(path) for path in paths}
        return [
            tree
            for path in paths
            if path.resolve() not in self._included
            for tree in self._documents(path, trees[path])
        ]

    def _trees(self, path: Path) -> list[Built]:
        nodes = self._nodes(path)
        if nodes == []:
            words = ("a file that says nothing", "at least one document", "begin one with 'kind:', or remove the file")
            self.complaints.append(Diagnostic(Mark(str(path)), "empty-file", *words))
        return [self._built(node, (path.resolve(),)) for node in nodes or ()]

    def _documents(self, path: Path, trees: list[Built]) -> Iterator[Written]:
        for node, value in trees:
            if isinstance(value, dict):
                yield Written(node, value)
            elif value is not None:
                cure = "take the '- ' before each key away" if isinstance(value, list) else "write 'kind: plan'"
                self._complain(node, "not-a-mapping", (spelling(node), "keys with their values", cure))

    def _nodes(self, path: Path) -> list[Node] | None:
        """The file's documents; None after a complaint."""
        text = text_of(path, str(path))
        found = compose(text, str(path)) if isinstance(text, str) else text
        if isinstance(found, Diagnostic):
            self.complaints.append(found)
            self.unread.append(path)
            return None
        return found

    def _built(self, node: Node, trail: tuple[Path, ...]) -> Built:
        """trail: the file the node stands in, after those that include it."""
        include = lambda said: self._include(said, trail)  # noqa: E731
        return Builder(Secrets(self.root), include, self.complaints).build(node)

    def _include(self, node: ScalarNode, trail: tuple[Path, ...]) -> Built | None:
        """The root of an included file, everything inside it in its place, and its value."""
        said = Path(mark_of(node).file).parent / str(node.value)
        path = said.resolve()
        if path in trail:
            self._complain(
                node, "goes-in-circles", (spelling(node), "a file that does not include itself", "remove it")
            )
            return None
        if not path.is_relative_to(self.root.resolve()) or path.name == FILE:
            words = (spelling(node), "a file of this observatory", "copy the file here, and include the copy")
            self._complain(node, "outside", words)
            return None
        if not path.is_file():
            words = (
                spelling(node),
                f"a file in {said.parent}",
                "correct the name; it is seen from the file that includes it",
            )
            self._complain(node, "no-such-file", words)
            return None
        self._included.add(path)
        nodes = self._nodes(said)
        if nodes is None:
            self.silent.add(mark_of(node))
            return None
        if len(nodes) != 1:
            words = (
                f"{spelling(node)} with {len(nodes)} documents",
                "a file with one",
                "include a file with one document",
            )
            self._complain(node, "not-one-document", words)
            return None
        return self._built(nodes[0], (*trail, path))

    def _complain(self, node: Node, code: str, words: Words) -> None:
        self.complaints.append(Diagnostic(mark_of(node), code, *words))
