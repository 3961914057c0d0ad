"""`!include file`: its nodes stand here, each in its own place, with the values that are given to its variables."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.build import Builder, Words
from obsy.engine.declare.compose import compose
from obsy.engine.declare.folders import SECRETS
from obsy.engine.declare.secret import Secrets
from obsy.engine.declare.text import Texts, text_of
from obsy.engine.declare.variables import DEFAULTS, WITH, Built, Variables, missing, pairs, wrong
from obsy.engine.declare.written import Origin, mark_of, spelling

DEEPEST = 8
"""Files that include one another in a row."""
MOST = 200
"""Files that one file brings in, with what those bring in."""
LARGEST = 1_000_000
"""Bytes of a file that is included."""
KEYS = ("file", WITH)
Build = Callable[[Node], Built]


class Inclusion(NamedTuple):
    """What one `!include` says."""

    node: Node
    file: ScalarNode
    given: Variables
    marks: Mapping[str, Mark]
    """Where each of them is named."""


@dataclass(slots=True, eq=False, repr=False)
class Inclusions:
    """Builds one file with all that it includes."""

    root: Path
    complaints: list[Diagnostic]
    silent: set[Mark]
    """Where something is included that is no YAML: that nothing came of it is no second fault."""
    texts: Texts = text_of
    files: list[Path] = field(default_factory=list)
    """What was included, or sought in vain, each time."""

    def built(self, node: Node, trail: tuple[Path, ...], variables: Variables | None = None) -> Built:
        """Return a document with every include in its place.

        trail: the file it stands in, after those that include it.
        """
        include = lambda said, build: self._include(said, build, trail)  # noqa: E731
        return Builder(Secrets(self.root), include, self.complaints, variables).build(node)

    def nodes(self, path: Path, source: Origin) -> list[Node] | None:
        """Return a file's documents; None after a complaint."""
        text = self.texts(path, source.file)
        found = (
            compose(text, source) if isinstance(text, str) else text._replace(mark=text.mark._replace(via=source.via))
        )
        if isinstance(found, Diagnostic):
            self.complaints.append(found)
            return None
        return found

    def _include(self, node: Node, build: Build, trail: tuple[Path, ...]) -> Built | None:
        """Return the root of an included file and its value; None after a complaint."""
        said = self._said(node, build)
        if said is None:
            return None
        here = mark_of(node)
        beside = Path(os.path.normpath(Path(here.file).parent / str(said.file.value)))
        path = _real(beside)
        self.files.append(path)
        if self._is_refused(said, beside, trail):
            return None
        found = self.nodes(path, Origin(str(beside), (here._replace(via=()), *here.via)))
        if found is None:
            self.silent.add(here)
            return None
        return self._content(found, said, (*trail, path))

    def _said(self, node: Node, build: Build) -> Inclusion | None:
        if isinstance(node, ScalarNode):
            return Inclusion(node, node, {}, {})
        parts = pairs(node, build(node)[1]) if isinstance(node, MappingNode) else {}
        for key in parts:
            if key not in KEYS:
                mend = did_you_mean(key, KEYS, f"remove '{key}'")
                self._complain(node, "unknown-key", (f"'{key}' has no meaning here", ", ".join(KEYS), mend))
        file, (given, values) = parts.get("file", (node, None))[0], parts.get(WITH, (node, {}))
        if not isinstance(file, ScalarNode):
            example = "write '!include {file: parts/lrgb.yaml, with: {exposure: 300 s}}'"
            self._complain(node, "missing-key", (f"{spelling(node)} without a file", "a file to include", example))
            return None
        if not isinstance(values, dict):
            words = (
                f"{WITH}: {spelling(given)}",
                "a mapping of variables to values",
                "write 'with: {exposure: 300 s}'",
            )
            self._complain(given, "not-a-mapping", words)
            return None
        said = pairs(given, values) if WITH in parts else {}
        marks = {str(key.value): mark_of(key) for key, _ in given.value} if WITH in parts else {}
        return Inclusion(node, file, said, marks)

    def _is_refused(self, said: Inclusion, beside: Path, trail: tuple[Path, ...]) -> bool:
        """Return whether a file cannot be included; then that has been complained of."""
        found, path, node = spelling(said.file), _real(beside), said.file
        if path in map(_real, trail):
            self._complain(node, "goes-in-circles", (found, "a file that does not include itself", "remove it"))
        elif not path.is_relative_to(self.root.resolve()) or path.name == SECRETS:
            words = (found, "a file of this observatory", "copy the file here, and include the copy")
            self._complain(node, "outside", words)
        elif not os.path.isfile(path):  # False for what no file can be called, too
            cure = "correct the name; it is seen from the file that includes it"
            self._complain(node, "no-such-file", (found, f"a file in {beside.parent}", cure))
        elif len(trail) > DEEPEST:
            many = f"{len(trail)} files that include one another"
            self._complain(node, "too-deep", (many, f"at most {DEEPEST}", "write what it says here"))
        elif len(self.files) > MOST:
            words = (f"more than {MOST} files in one", f"at most {MOST}", "write some of them out")
            self._complain(node, "too-large", words)
        elif (size := path.stat().st_size) > LARGEST:
            words = (f"{found} of {size} bytes", f"at most {LARGEST}", "include a smaller file")
            self._complain(node, "too-large", words)
        else:
            return False
        return True

    def _content(self, found: list[Node], said: Inclusion, trail: tuple[Path, ...]) -> Built | None:
        """Return the one document of an included file, its variables filled in."""
        head = found[0] if found and _is_head(found[0]) else None
        if len(found) - (head is not None) != 1:
            count = "no document" if not found else f"{len(found)} documents"
            expected = f"a file with one, which may come after '{DEFAULTS}: {{…}}' and '---'"
            self._complain(
                said.file,
                "not-one-document",
                (f"{spelling(said.file)} with {count}", expected, "include a file with one document"),
            )
            return None
        defaults = self._defaults(head, trail) if head is not None else {}
        self.complaints += wrong(mark_of(said.node), defaults, said.marks)
        self.silent |= {mark_of(defaults[name][0]) for name in missing(defaults, said.given)}
        return self.built(found[-1], trail, {**defaults, **said.given} if head is not None else None)

    def _defaults(self, head: Node, trail: tuple[Path, ...]) -> Variables:
        ((_, inside),) = head.value
        return pairs(*self.built(inside, trail))

    def _complain(self, node: Node, code: str, words: Words) -> None:
        self.complaints.append(Diagnostic(mark_of(node), code, *words))


def _real(path: Path) -> Path:
    """Return where a path leads; one that leads in circles, or can be no path, as it is."""
    with suppress(ValueError):
        return Path(os.path.realpath(path))
    return path.absolute()


def _is_head(node: Node) -> bool:
    """Return whether a document says nothing but which variables the next one has."""
    return isinstance(node, MappingNode) and [key.value for key, _ in node.value] == [DEFAULTS]


def is_part(nodes: list[Node]) -> bool:
    """Return whether a file is made to be included: it begins with its variables."""
    return bool(nodes) and _is_head(nodes[0])
