"""The plan of a rule, with what its trigger would tell: it must be a plan, whatever happens."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from obsy.diagnostics import Diagnostic, Mark, nearest
from obsy.engine.declare import hole
from obsy.engine.declare.build import Builder
from obsy.engine.declare.check import check as checked
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.exposures import ExposureSets
from obsy.engine.declare.refer import refer
from obsy.engine.declare.secret import Secrets
from obsy.engine.declare.sense import goals, mosaic, needs, pipeline, target
from obsy.engine.declare.spread import spread
from obsy.engine.declare.variables import filled
from obsy.engine.declare.written import Written, mark_of
from obsy.schemas.model import NAME, Document
from obsy.schemas.trigger import SAMPLES, Trigger

PLAN, TEXT = "plan", "tag:yaml.org,2002:str"
OTHERWISE = {"target": "called", "object": "called", "source": "called", "mag": "magnitude", "declination": "dec"}
"""What others call what a trigger tells."""
NONE = frozenset[int]()
_WHOLE = {"alert", "trigger", "event"}
"""What tells all of it."""
_HOLE = re.compile(rf"\$\{{?([A-Za-z_]\w*)|\{{\{{ *(\w+) *\}}\}}|{hole.elsewhere(*SAMPLES)}")
"""One of ours, or as other programs spell them."""
ALONE = (refer, pipeline.check, target.check, goals.check, needs.check, mosaic.check)
"""What is asked of a plan wherever its target stands."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of what a trigger never tells, and of a plan that is none, or makes no sense, with what it tells."""
    for rule in declared.written:
        if rule.kind == "rule" and isinstance(rule.value.get(PLAN), dict):
            yield from _template(rule, declared)


def _template(rule: Written, declared: Declared) -> Iterator[Diagnostic]:
    try:
        trigger = Trigger.model_validate(rule.value.get("trigger"))
    except ValidationError:
        return  # that is told, and what it would tell is not known
    made = plans_of(rule, declared, trigger.tells)
    yield from made.complaints
    plan, is_whole = made.plan, made.plan is not None and made.plan.kind == PLAN
    if plan is not None and is_whole and trigger.alert is not None and not made.named and NAME.match(plan.name):
        mend = f"write 'name: {plan.name}-$name'"
        words = (f"{plan.said('name')} for each alert", "a name that tells the plans of two alerts apart", mend)
        yield Diagnostic(plan.at("name"), "name-twice", *words)


class Made(NamedTuple):
    """What became of the plan of a rule, with what a trigger tells in its holes."""

    entries: tuple[Entry[Document], ...] = ()
    """A plan for each target, whether it makes sense or not."""
    complaints: tuple[Diagnostic, ...] = ()
    plan: Written | None = None
    """As it is written, with the holes filled; None where they could not be."""
    named: bool = False
    """Whether a hole is in its name."""


def plans_of(rule: Written, declared: Declared, tells: Mapping[str, str]) -> Made:
    """Return the plan that is written in a rule, with what is told in its holes, and all that is wrong with it."""
    told: list[Diagnostic] = []
    holes: dict[Mark, str] = {}
    node = _filled(rule.place((PLAN,)).node, tells, holes, told)
    secrets = Secrets(declared.root)
    built, value = Builder(secrets, lambda said, build: None, told).build(node)
    if told or not isinstance(value, dict):
        return Made((), tuple(told))
    plan = Written(built, {"kind": PLAN, **value})
    if plan.kind != PLAN:
        words = (plan.said("kind"), "a plan", f"write 'kind: {PLAN}', or leave it out")
        return Made((), (Diagnostic(plan.at("kind"), "unknown-word", *words),), plan)
    plan = ExposureSets.of(list(declared.written), secrets, told).written_out(plan)
    document = checked(plan, {each.mark for each in told})
    mine: tuple[Entry[Document], ...] = ()
    if isinstance(document, list):
        told += document
    else:
        others = tuple(each for each in declared.entries if each.document.kind != PLAN)
        mine = tuple(spread(document, plan))
        written = (*(each for each in declared.written if each.kind != PLAN), *(each.written for each in mine))
        alone = replace(declared, entries=(*others, *mine), written=written)
        told += [each for ask in ALONE for each in ask(alone)]
    return Made(mine, tuple(_of_hole(each, holes) for each in told), plan, plan.at("name") in holes)


def _filled(
    node: Node, tells: Mapping[str, str], holes: dict[Mark, str], told: list[Diagnostic], open_: frozenset[int] = NONE
) -> Node:
    """A copy with a sample in each hole; the place of each and what stands there is kept in `holes`.

    open_: what the node is a part of; what is a part of itself stays as it is, and is complained of where it is built.
    """
    inside = open_ | {id(node)}
    if isinstance(node, MappingNode) and id(node) not in open_:
        told += [_unfilled(mark_of(node), f"{{{name}}}", name, tells) for name in (hole.bare(node, SAMPLES),) if name]
        pairs = [(key, _filled(value, tells, holes, told, inside)) for key, value in node.value]
        return MappingNode(node.tag, pairs, node.start_mark, node.end_mark)
    if isinstance(node, SequenceNode) and id(node) not in open_:
        items = [_filled(item, tells, holes, told, inside) for item in node.value]
        return SequenceNode(node.tag, items, node.start_mark, node.end_mark)
    if not isinstance(node, ScalarNode) or not _HOLE.search(node.value.replace("$$", "")):
        return node
    if strange := [said for said in _HOLE.finditer(node.value.replace("$$", "")) if said[1] not in tells]:
        told += [_unfilled(mark_of(node), said[0], next(filter(None, said.groups())), tells) for said in strange]
        return node
    holes[mark_of(node)] = str(node.value)
    samples = {name: (ScalarNode(TEXT, said, node.start_mark, node.end_mark), said) for name, said in tells.items()}
    found = filled(node, samples)
    if isinstance(found, Diagnostic):
        told.append(found)
        return node
    return found[0]


def _unfilled(at: Mark, said: str, name: str, tells: Mapping[str, str]) -> Diagnostic:
    """A complaint about a hole that nothing fills, or that is spelt as another program would: `{{ra}}`."""
    known = ", ".join(f"${each}" for each in tells)
    if name in SAMPLES and not tells:
        words = ("a value: a condition tells nothing of a target", "write the value itself, or trigger by an alert")
        return Diagnostic(at, "missing-variable", f"nothing fills '{said}'", *words)
    otherwise = (
        f"write one of {known}" if name in _WHOLE and tells else "write the value itself, or '$$' for a dollar sign"
    )
    meant = OTHERWISE.get(name.lower(), name.lower())
    mend = f"write '${meant}'" if meant in tells else otherwise
    if meant not in tells and name not in _WHOLE:
        near = nearest(name, tells)
        mend = f"did you mean '${near}'?" if near else otherwise
    expected = f"what the trigger tells: {known}" if tells else "a value: a condition tells nothing"
    return Diagnostic(at, "unknown-variable", f"'{said}'", expected, mend)


def _of_hole(each: Diagnostic, holes: Mapping[Mark, str]) -> Diagnostic:
    """The complaint; of what stands in a hole, with the words that were written there."""
    return each._replace(found=f"{each.found}, as '{holes[each.mark]}' may be") if each.mark in holes else each
