"""A plan of several targets becomes a plan for each, which knows where its target was written."""

from collections.abc import Iterator

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from obsy.engine.declare.declared import Entry
from obsy.engine.declare.written import Written
from obsy.schemas.model import Document
from obsy.schemas.plan import Plan


def spread(document: Document, written: Written) -> Iterator[Entry[Document]]:
    """Yield the document as it stands; of a plan with `targets`, one for each of them."""
    plans = document.written_out() if isinstance(document, Plan) else ()
    if not isinstance(document, Plan) or not document.each_target or "targets" not in written.value:  # or misspelt
        yield Entry(plans[0] if plans else document, written)
        return
    for number, plan in enumerate(plans):
        yield Entry(plan, _of_one(written, number, plan.name))


def _of_one(written: Written, number: int, name: str) -> Written:
    """The document as if it had been written for one of its targets."""
    item = written.place(("targets", number)).node
    pairs = [_one(key, value, item) for key, value in written.root.value]
    root = MappingNode(written.root.tag, pairs, written.root.start_mark, written.root.end_mark)
    said = {key: value for key, value in written.value.items() if key != "targets"}
    targets = written.value["targets"]
    return Written(root, {**said, "name": name, "target": targets[number] if isinstance(targets, list) else None})


def _one(key: Node, value: Node, item: Node) -> tuple[Node, Node]:
    if key.value != "targets":
        return key, value
    return ScalarNode(key.tag, "target", item.start_mark, item.end_mark), item
