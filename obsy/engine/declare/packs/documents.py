"""`kind: pack`: plans of others, copied to `packs/NAME`; what is said otherwise stands in the pack's document."""

from collections.abc import Iterator

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from obsy.diagnostics import Diagnostic, did_you_mean
from obsy.engine.declare.variables import Built, pairs
from obsy.engine.declare.written import Written, mark_of, spelling, tagged
from obsy.schemas.model import LONGEST_NAME

PLAN = "plan"
BROUGHT = (PLAN, "pipeline", "exposures")
"""What a pack may bring: nothing that says when it is safe, or what stands here."""


def brought(pack: Written, documents: list[Written]) -> tuple[list[Written], list[Diagnostic]]:
    """Return the plans and pipelines of a pack by the names they have here, changed as it says, and what is wrong.

    A plan `m31` of the pack `messier` is called `messier-m31`; so is a pipeline of its own, wherever a plan names that.
    documents: all that its folder holds.
    """
    known = [each for each in documents if each.kind in BROUGHT]
    own = {each.name for each in known if each.kind == "pipeline"}
    wanted = pack.value.get("plans") or [each.name for each in known if each.kind == PLAN]
    said = [
        _renamed(_changed(each, pack) if each.kind == PLAN else each, pack.name, own)
        for each in known
        if each.kind == "pipeline" or (each.kind == PLAN and isinstance(wanted, list) and each.name in wanted)
    ]
    return said, [*_strangers(pack, documents), *_unknown(pack, known)]


def _strangers(pack: Written, documents: list[Written]) -> Iterator[Diagnostic]:
    for each in documents:
        if each.kind not in BROUGHT:
            words = (
                f"kind: '{each.kind}' in the pack '{pack.name}'",
                f"one of {', '.join(BROUGHT)}: what stands here, and when it is safe, is not for a pack to say",
                "ask its author to leave it out",
            )
            yield Diagnostic(each.at("kind"), "not-for-a-pack", *words)
        for node in tagged(each.root, "!secret"):  # what a pack would have told of this observatory's secrets
            words = (spelling(node), "plans without secrets", "ask its author to leave it out")
            yield Diagnostic(mark_of(node), "not-for-a-pack", *words)


def _unknown(pack: Written, known: list[Written]) -> Iterator[Diagnostic]:
    plans, wanted = [each.name for each in known if each.kind == PLAN], pack.value.get("plans")
    for number, name in enumerate(wanted if isinstance(wanted, list) and plans else ()):
        if name not in plans:
            words = (
                f"plans: '{name}'",
                f"plans of the pack: {', '.join(plans)}",
                did_you_mean(str(name), plans, "remove it"),
            )
            yield Diagnostic(pack.at("plans", number), "unknown-reference", *words)


def _renamed(document: Written, pack: str, own: set[str]) -> Written:
    keys = {"name": document.name, "pipeline": document.value.get("pipeline")}
    names = {
        key: f"{pack}-{name}"[:LONGEST_NAME].rstrip("-")
        for key, name in keys.items()
        if isinstance(name, str) and (key == "name" or name in own)
    }
    said = [
        (key, _text(value, names[key.value]) if key.value in names else value) for key, value in document.root.value
    ]
    return Written(_mapping(document.root, said), {**document.value, **names})


def _changed(plan: Written, pack: Written) -> Written:
    """A plan, with what the pack's `change` says otherwise."""
    change = (pack.place(("change",)).node, pack.value.get("change"))
    root, value = _over((plan.root, plan.value), change) if isinstance(change[1], dict) else (plan.root, plan.value)
    return Written(root, value) if isinstance(value, dict) else plan


def _over(base: Built, change: Built) -> Built:
    """What is changed outranks what was there; mappings are joined key by key."""
    if not isinstance(base[1], dict) or not isinstance(change[1], dict):
        return change
    old, new = pairs(*base), pairs(*change)
    joined = old | {key: _over(old[key], each) if key in old else each for key, each in new.items()}
    keys = {key.value: key for part in (change[0], base[0]) for key, _ in part.value}
    nodes = [(keys[key], node) for key, (node, _) in joined.items()]
    return _mapping(base[0], nodes), {key: value for key, (_, value) in joined.items()}


def _mapping(old: Node, said: list[tuple[Node, Node]]) -> MappingNode:
    return MappingNode(old.tag, said, old.start_mark, old.end_mark)


def _text(old: Node, text: str) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", text, old.start_mark, old.end_mark)
