"""`want: lrgb` in a plan: the goals of the exposure set of that name, each in its own place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.build import Builder, Words
from obsy.engine.declare.secret import Secrets
from obsy.engine.declare.variables import DEFAULTS, WITH, Built, Variables, pairs, wrong
from obsy.engine.declare.written import Origin, Written, mark_of, spelling

KIND, PLAN, WANT = "exposures", "plan", "want"
KEYS = (KIND, WITH)


class Place(NamedTuple):
    """The mark of a node that stands for another, where a set is used."""

    name: Origin
    line: int
    column: int


@dataclass(slots=True, eq=False, repr=False)
class ExposureSets:
    """The exposure sets of one observatory, by name."""

    sets: Mapping[str, Written]
    secrets: Secrets
    complaints: list[Diagnostic]

    @classmethod
    def of(cls, documents: list[Written], secrets: Secrets, complaints: list[Diagnostic]) -> "ExposureSets":
        """Return the sets among these documents; the first of those that have one name."""
        return cls({each.name: each for each in reversed(documents) if each.kind == KIND}, secrets, complaints)

    def written_out(self, document: Written) -> Written:
        """Return a plan with the goals of every set that it names; a set with its own defaults; all else as it is."""
        wanted = document.value.get(WANT)
        if document.kind == KIND and isinstance(wanted, list):
            defaults = self._defaults(document)
            self.complaints.extend(wrong(document.at(DEFAULTS), defaults, {}))
            return _with(document, self._goals(document, defaults, ()))
        if next(used(document), None) is not None:
            node = document.place((WANT,)).node
            parts = zip(node.value, wanted, strict=True) if isinstance(wanted, list) else [(node, wanted)]
            return _with(document, [goal for part in parts for goal in self._wanted(*part)])
        return document

    def _wanted(self, node: Node, value: object) -> list[Built]:
        """Return the goals that one entry of `want` stands for: those of a set, or itself."""
        name = next(_names(value), None)
        if name is None:
            return [(node, value)]
        parts = pairs(node, value)
        with_node, with_value = parts.get(WITH, (node, {}))
        given = pairs(with_node, with_value) if WITH in parts else {}
        marks = {key: mark_of(said) for key, (said, _) in given.items()}
        for key, _ in node.value if parts else ():
            if key.value not in KEYS:
                mend = did_you_mean(key.value, KEYS, f"remove '{key.value}'")
                self._complain(key, "unknown-key", (f"'{key.value}' has no meaning here", ", ".join(KEYS), mend))
        if name not in self.sets:
            named = parts[KIND][0] if parts else node
            goal = "{filter: L, exposure: 180 s, total: 3 h}"
            mend = did_you_mean(name, self.sets, f"write a goal, such as '{goal}', or declare exposures '{name}'")
            known = f": {', '.join(sorted(self.sets))}" if self.sets else ""
            words = (spelling(named), f"goals, or exposures that are declared{known}", mend)
            self._complain(named, "unknown-reference", words)
            return [(named, None)]
        exposures, here = self.sets[name], mark_of(node)
        self.complaints.extend(wrong(here, defaults := self._defaults(exposures), marks))
        return self._goals(exposures, {**defaults, **given}, (here._replace(via=()), *here.via))

    def _goals(self, exposures: Written, variables: Variables, via: tuple[Mark, ...]) -> list[Built]:
        node = _copied(exposures.place((WANT,)).node, via, {})
        builder = Builder(self.secrets, lambda said, build: None, self.complaints, variables)
        return [builder.build(item) for item in node.value] if isinstance(node, SequenceNode) else [(node, None)]

    def _defaults(self, exposures: Written) -> Variables:
        return pairs(exposures.place((DEFAULTS,)).node, exposures.value.get(DEFAULTS))

    def _complain(self, node: Node, code: str, words: Words) -> None:
        self.complaints.append(Diagnostic(mark_of(node), code, *words))


def used(document: Written) -> Iterator[str]:
    """Yield the name of every set that a document speaks of; only plans do."""
    if document.kind == PLAN:
        yield from _names(document.value.get(WANT))


def _names(wanted: object) -> Iterator[str]:
    for each in wanted if isinstance(wanted, list) else [wanted]:
        name = each.get(KIND) if isinstance(each, dict) else each
        if isinstance(name, str):
            yield name.strip()


def _with(document: Written, goals: list[Built]) -> Written:
    """The document with these goals."""
    old = document.place((WANT,)).node
    node = SequenceNode("tag:yaml.org,2002:seq", [goal for goal, _ in goals], old.start_mark, old.end_mark)
    said = [(key, node if key.value == WANT else value) for key, value in document.root.value]
    root = MappingNode(document.root.tag, said, document.root.start_mark, document.root.end_mark)
    return Written(root, {**document.value, WANT: [value for _, value in goals]})


def _copied(node: Node, via: tuple[Mark, ...], done: dict[int, Node]) -> Node:
    """A node with all its parts, which know where they are used; what stands in it twice is copied once."""
    if id(node) in done:
        return done[id(node)]
    source: Origin = node.start_mark.name
    place = Place(Origin(source.file, (*source.via, *via)), node.start_mark.line, node.start_mark.column)
    copy = done[id(node)] = type(node)(node.tag, node.value, place, node.end_mark)
    if isinstance(node, MappingNode):
        copy.value = [tuple(_copied(part, via, done) for part in pair) for pair in node.value]
    elif isinstance(node, SequenceNode):
        copy.value = [_copied(part, via, done) for part in node.value]
    return copy
