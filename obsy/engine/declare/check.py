"""A document becomes its model, or every complaint about it at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from obsy.diagnostics import Diagnostic, Mark, did_you_mean, nearest
from obsy.engine.declare.written import HOLE, Loc, NodePlace, Written, is_empty, mark_of
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document


def check(written: Written, silent: Collection[Mark]) -> Document | list[Diagnostic]:
    """The document's model; else what is wrong, except where there is a complaint already: `silent`."""
    model = KINDS.get(written.kind)
    if model is None:
        return [_no_kind(written)]
    try:
        return model.model_validate(written.value)
    except ValidationError as error:
        found = [_told(detail, written, silent) for detail in error.errors(include_url=False)]
        return [diagnostic for diagnostic in found if diagnostic is not None]


def _told(detail: Mapping[str, Any], written: Written, silent: Collection[Mark]) -> Diagnostic | None:
    """One of pydantic's errors; None if it only follows from another."""
    context = detail.get("ctx", {})
    loc = (*detail["loc"], *context.get("at", ()), *_discriminator(context))
    place = written.place(loc)
    if mark_of(place.node) in silent or place.node.tag == HOLE or _follows(detail, written):
        return None
    if is_empty(place.node) and context.get("code") != "unknown-key":
        return Diagnostic(place.mark, "says-nothing", f"nothing after '{place.key}:'", "a value", _empty(place.key))
    if detail["type"] == "unfit":
        found = context["found"] or _found(loc, detail["input"], written)
        mark = place.mark if context["code"] in OF_KEYS else _mark(place, loc, detail["input"], context)
        return Diagnostic(mark, context["code"], found, context["expected"], context["mend"])
    is_bare = isinstance(place.node, ScalarNode)
    shape = _several(place.node) if isinstance(place.node, SequenceNode) else {} if is_bare else PAIRS
    kind = shape.get(detail["type"], detail["type"])
    code, expected, mend = words(kind, context, str(place.node.value) if is_bare else "")
    mark = _mark(place, loc, detail["input"], context)
    return Diagnostic(mark, code, _found(loc, detail["input"], written), expected, mend)


def _empty(key: str) -> str:
    return f"write a value, or remove '{key}'; one that begins with #, & or * needs quotes"


def _mark(place: NodePlace, loc: Loc, part: object, context: Mapping[str, Any]) -> Mark:
    """Return the place of a value; within a phrase, of the part that is meant."""
    mark = place.concerned(str(context.get("mend", "")))
    if not isinstance(place.node, ScalarNode) or mark == place.mark:
        return mark
    quoted = re.fullmatch(r"'(.+)'", str(context.get("found", "")))
    if quoted is not None:
        return place.part(quoted[1])
    word = str(loc[-1]).replace("_", " ") if loc and loc[-1] != place.key else ""
    said = part if isinstance(part, str) and part != place.node.value else ""
    return place.part(said, after=word) if said or word else mark


def _follows(detail: Mapping[str, Any], written: Written) -> bool:
    """Whether an error is told elsewhere already.

    pydantic counts only the entries that were well: a list may be long enough and yet too short for it. The first of
    several targets stands for all of them, and is no fault of its own.
    """
    if detail["type"] == "too_short":
        return len(detail["input"] or ()) >= int(detail["ctx"]["min_length"])
    stands_for_all = bool(written.value.get("targets")) and "target" not in written.value
    return stands_for_all and detail["loc"][:1] == ("target",)


def _discriminator(context: Mapping[str, Any]) -> tuple[str, ...]:
    """The key that says which of several models is meant, where pydantic complains about it."""
    key = str(context.get("discriminator", "")).strip("'")
    return (key,) if key.isidentifier() else ()


def _found(loc: Loc, part: object, written: Written) -> str:
    """The person's own spelling; of a phrase only the part that is meant."""
    said, last = written.said(*loc), str(loc[-1]) if loc else ""
    inside = isinstance(part, str) and not said.startswith(f"{last}: ") and part in said and "'!" not in said
    return f"{last.replace('_', ' ')}: '{part}'" if inside and not last.isdigit() else said


SEQUENCE = "sequence"
"""A kind that others have; decision 24 says why obsy has none."""


def _no_kind(written: Written) -> Diagnostic:
    known = ", ".join(KINDS)
    if not written.kind:
        return Diagnostic(
            written.at(), "missing-kind", "'kind' is missing", f"kind: one of {known}", "add 'kind: plan'"
        )
    mend = did_you_mean(written.kind, KINDS, "write 'kind: plan'")
    if nearest(written.kind, [*KINDS, SEQUENCE]) == SEQUENCE:
        mend = "say the order in the plan: 'turns: 6 frames' changes goals, 'dither: every 3 frames' moves between them"
    return Diagnostic(written.at("kind"), "unknown-kind", written.said("kind"), f"one of {known}", mend)


def names(documents: Collection[Written]) -> Iterator[Diagnostic]:
    """Complaints about documents of one kind and one name."""
    first: dict[tuple[str, str], Mark] = {}
    for written in documents:
        named = (written.kind, written.name)
        if written.kind in KINDS and written.name:
            if first.get(named) == written.at("name"):
                yield _again(written)
            elif named in first:
                mend = f"give one of the two another name; the first stands at {first[named]}"
                found = f"a second {written.kind} named '{written.name}'"
                yield Diagnostic(written.at("name"), "name-twice", found, "each name once for each kind", mend)
            first.setdefault(named, written.at("name"))


OF_KEYS = {"unknown-key", "missing-key"}
"""What is wrong with a key, whatever its value says."""


def _again(written: Written) -> Diagnostic:
    """Return the complaint about a target of a list whose plan would be called as that of one before it."""
    mend = "remove it, or write a shorter 'name', or a name with a position for each"
    found = f"{written.said('target')}, whose plan would be a second '{written.name}'"
    return Diagnostic(written.at("target"), "name-twice", found, "each target once, told apart by its name", mend)


Words = tuple[str, str, str]
"""Code, what was expected, how to mend it."""
Context = Mapping[str, Any]
PAIR = 2
"""Of so many words a cure names both."""
YES, NEVER = {"true", "yes", "on", "always"}, {"never", "none", "no", "off", "false"}
"""What people write for a word that allows something, and the words that do not."""
BOUNDS = {"greater_than": ("more than", "gt"), "greater_than_equal": ("at least", "ge")}
BOUNDS |= {"less_than": ("less than", "lt"), "less_than_equal": ("at most", "le")}
SEVERAL = dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "several mappings")
SEVERAL |= {"string_type": "several texts"}
"""What pydantic calls a list in the place of one."""
TEXTS = {**SEVERAL, **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "texts without keys")}
"""The same of a list in which a text stands."""
PAIRS = {"string_type": "pairs"}
"""What it calls a mapping in the place of a text."""


def _several(node: SequenceNode) -> Mapping[str, str]:
    return TEXTS if any(isinstance(each, ScalarNode) for each in node.value) else SEVERAL


def words(kind: str, context: Context, said: str) -> Words:
    """What to tell of an error of this type; `said` is the bare word that the person wrote."""
    if kind in BOUNDS:
        sign, key = BOUNDS[kind]
        mend = f"write '{context[key]}'" if key in ("ge", "le") else "choose another value"
        return "out-of-range", f"{sign} {context[key]}", mend
    if kind in ("literal_error", "union_tag_invalid"):
        return _one_of(str(context.get("expected") or context.get("expected_tags")), said)
    if kind == "union_tag_not_found":
        key = str(context["discriminator"]).strip("'")
        return "missing-key", f"a key '{key}' that says which it is", f"add '{key}: …'"
    if kind in {"tuple_type", "list_type"} and said:
        return "not-a-list", "a list", f"write '[{said}]'"
    return _SAID.get(kind, ("unfit", kind.replace("_", " "), "look this key up in docs/language.md"))


def _one_of(expected: str, said: str) -> Words:
    known = [word.strip("'\" ") for word in expected.replace(" or ", ", ").split(",")]
    never = NEVER.intersection(known)
    likely = [word for word in known if word not in never]
    is_meant = bool(never) and said.lower() in YES | NEVER
    either = " or ".join(f"'{word}'" for word in [*likely, *never][: PAIR if len(known) == PAIR else 1])
    mend = (
        f"write '{[*never][0] if said.lower() in NEVER else likely[0]}'"
        if is_meant
        else did_you_mean(said.strip("[]'\" "), known, f"write {either}")
    )
    return "unknown-word", f"one of {', '.join(known)}", mend


_SAID: dict[str, Words] = {
    "finite_number": ("out-of-range", "a number that is not infinite", "choose another value"),
    "too_short": ("too-few", "at least one entry", "add one"),
    "missing": ("too-few", "an entry more", "add one"),
    "too_long": ("one-too-many", "fewer entries", "remove one"),
    "string_too_short": ("too-few", "text", "write something, or remove the key"),
    "string_pattern_mismatch": ("not-a-letter", "one small letter", "write 'b' for the first planet of a star"),
    "several texts": ("not-text", "text, and one alone", "write one of them without brackets"),
    "pairs": ("not-text", "text, and no keys", "write one text; it needs quotes if a ': ' belongs to it"),
    "several mappings": ("not-a-mapping", "one mapping of keys to values", "take '[' and ']', or each '- ', away"),
    "texts without keys": ("not-a-mapping", "one mapping of keys to values", "write '{key: value, key: value}'"),
    **dict.fromkeys(SEVERAL, ("not-a-mapping", "a mapping of keys to values", "write '{key: value}'")),
    **dict.fromkeys(("tuple_type", "list_type"), ("not-a-list", "a list", "write '[…]', or one '- …' to a line")),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
        ("not-a-number", "a whole number", "write it in digits, without a unit"),
    ),
    **dict.fromkeys(
        ("float_type", "float_parsing"), ("not-a-number", "a number", "write it in digits, without a unit")
    ),
    "string_type": ("not-text", "text", "put quotes around it"),
}
