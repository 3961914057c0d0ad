"""Nodes become plain values: keys checked, anchors shared, secrets told, included files put in their place."""

from collections.abc import Callable

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.compose import scalar
from obsy.engine.declare.secret import Secrets, variable
from obsy.engine.declare.variables import Built, Variables, filled
from obsy.engine.declare.written import HOLE, mark_of, spelling

Words = tuple[str, str, str]
"""What was found, what was expected, how to mend it."""
Include = Callable[[Node, Callable[[Node], Built]], Built | None]
"""The root of the file that a node names, and its value; None after a complaint. The second builds a node's parts."""

_CORE = "tag:yaml.org,2002:"
_SCALARS = {_CORE + tag for tag in ("null", "bool", "int", "float", "str", "timestamp", "value", "merge")}
_DEEPEST = 100


class Builder:
    """Builds the values of one file."""

    def __init__(
        self, secrets: Secrets, include: Include, complaints: list[Diagnostic], variables: Variables | None = None
    ) -> None:
        """variables: what stands for `$name`, in a file that has variables."""
        self.secrets = secrets
        self.include = include
        self.complaints = complaints
        self.variables = variables
        self._done: dict[int, Built] = {}
        self._open: set[int] = set()

    def build(self, node: Node) -> Built:
        """The node with every include in its place, and its plain value; None where there is a complaint."""
        if id(node) in self._done:
            return self._done[id(node)]
        if id(node) in self._open or len(self._open) > _DEEPEST:
            self._complain(
                node, "goes-in-circles", ("a value inside itself", "a value with an end", "remove the alias")
            )
            return node, None
        self._open.add(id(node))
        built = self._build(node)
        self._open.discard(id(node))
        self._done[id(node)] = built
        return built

    def _build(self, node: Node) -> Built:
        if (tag := str(node.tag)) == "!include":  # a tag is put together each time that it is asked for
            return self.include(node, self._plain) or (node, None)
        if isinstance(node, ScalarNode):
            return self._scalar(node, tag)
        if tag not in (_CORE + "map", _CORE + "seq"):
            if tag != HOLE:
                self._unknown_tag(node)
            return node, None
        if isinstance(node, SequenceNode):
            built = [self.build(item) for item in node.value]
            node.value = [item for item, _ in built]
            return node, [value for _, value in built]
        return self._plain(node)

    def _plain(self, node: Node) -> Built:
        return self._mapping(node) if isinstance(node, MappingNode) else (node, None)

    def _scalar(self, node: ScalarNode, tag: str) -> Built:
        if tag == "!secret":
            return node, self._secret(node)
        if tag not in _SCALARS:
            self._unknown_tag(node)
            return node, None
        if self.variables is not None and "$" in node.value:
            return self._filled(node, self.variables)
        try:
            return node, scalar(node, tag)
        except ValueError:
            kind = tag.removeprefix(_CORE)
            self._complain(node, "not-yaml", (spelling(node), f"what YAML calls {kind}", "put quotes around it"))
            return node, None

    def _filled(self, node: ScalarNode, variables: Variables) -> Built:
        found = filled(node, variables)
        if isinstance(found, Diagnostic):
            self.complaints.append(found)
            return node, None
        return found

    def _mapping(self, node: MappingNode) -> Built:
        pairs: dict[str, tuple[Node, Node]] = {}
        values: dict[str, object] = {}
        merged: list[tuple[Node, Node]] = []
        for key, child in node.value:
            if key.value == "<<" and key.tag == _CORE + "merge":
                merged += self._merged(child)
            elif not isinstance(key, ScalarNode):
                from obsy.engine.declare import hole  # noqa: PLC0415 - only what is amiss needs it

                cure = "put quotes around a value that begins with '[' or '{'"
                if name := hole.bare(node):
                    node.tag = HOLE
                    cure = f"write '${name}' if a value is to stand there; else {cure}"
                words = ("a key that is no word", "a word before the ':'", cure)
                self._complain(key, "key-not-a-word", words)
            elif str(key.value) in pairs:
                first = pairs[str(key.value)][0].start_mark.line + 1
                words = (
                    f"'{key.value}' for the second time",
                    "each key once in a mapping",
                    f"remove it, or the one in line {first}",
                )
                self._complain(key, "duplicate-key", words)
            else:
                built, values[str(key.value)] = self.build(child)
                pairs[str(key.value)] = (key, built)
        for key, child in merged:  # what stands here outranks what is merged
            if str(key.value) not in pairs:
                pairs[str(key.value)] = (key, child)
                values[str(key.value)] = self.build(child)[1]
        node.value = list(pairs.values())
        return node, values

    def _merged(self, child: Node) -> list[tuple[Node, Node]]:
        """The pairs that `<<` brings in."""
        built, value = self.build(child)
        if isinstance(built, MappingNode) and isinstance(value, dict):
            return list(built.value)
        if isinstance(built, SequenceNode) and built.value:
            return [pair for item in built.value for pair in self._merged(item)]
        if value is not None:
            self._complain(
                child, "not-a-mapping", (f"<<: {spelling(child)}", "a mapping to merge", "write '<<: *anchor'")
            )
        return []

    def _secret(self, node: ScalarNode) -> str | None:
        name = str(node.value)
        try:
            told = self.secrets.tell(name)
        except PermissionError as refusal:
            self._complain(node, "secrets-readable", (spelling(node), "secrets that only you may read", str(refusal)))
            return None
        if told is None:
            mend = f"add '{name}: …' to secrets.yaml, or set {variable(name)}"
            self._complain(node, "unknown-secret", (spelling(node), "a secret that is kept", mend))
        return told

    def _unknown_tag(self, node: Node) -> None:
        words = (f"the tag '{node.tag}'", "!include, !secret or no tag", "remove it, or put quotes around the value")
        self._complain(node, "unknown-tag", words)

    def _complain(self, node: Node, code: str, words: Words) -> None:
        self.complaints.append(Diagnostic(mark_of(node), code, *words))
