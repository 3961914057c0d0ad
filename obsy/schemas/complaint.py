"""pydantic's errors in words: unknown and missing keys get what only the model knows."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from textwrap import dedent
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from obsy.diagnostics import nearest, unfit
from obsy.schemas.later import Later, models_in


def purpose(model: type[BaseModel], key: str) -> str:
    """What a key of a model is for: its description, the docstring beneath it, or that of its model; '' if none.

    Docstrings are read from the source only when somebody asks: pydantic would read all at every start of obsy.
    """
    if described := model.model_fields[key].description:
        return described
    classes = (each for each in model.__mro__ if issubclass(each, BaseModel) and each is not BaseModel)
    written = (each for each in classes if each.__pydantic_generic_metadata__["origin"] is None)
    said = next((told[key] for each in written if key in (told := _told(each))), "")
    parts = models_in(model.model_fields[key].annotation)
    return said or next((inspect.cleandoc(part.__doc__ or "") for part in parts), "")


@cache
def _told(model: type[BaseModel]) -> dict[str, str]:
    """The docstring of each key that stands in the class itself; of one that has no source, none."""
    try:
        source = inspect.getsource(model)
    except OSError:
        return {}
    body = ast.parse(dedent(source)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
    told = {}
    for line, following in zip(body.body, body.body[1:], strict=False):
        match line, following:
            case ast.AnnAssign(target=ast.Name(id=key)), ast.Expr(value=ast.Constant(value=str(words))):
                told[key] = inspect.cleandoc(words)
    return told


NUMBERS = {"int_type", "int_parsing", "int_from_float", "float_type", "float_parsing"}
_FIGURES = re.compile(r"\s*([+-]?\d*[.,]?\d+)\s*(%?)")
HERE = 1
"""An error of the model itself, not of a model inside it, has a place this long."""


def explained(error: ValidationError, model: type[BaseModel], said: object) -> ValidationError:
    """The same errors at the same places; those about this model's own keys say which keys there are.

    A key that is missing because it is misspelt is one fault, and not two.
    said: what the person wrote.
    """
    free = [key for key in model.model_fields if not isinstance(said, dict) or key not in said]
    details: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False)]
    own = [(str(each["loc"][0]), each["type"]) for each in details if len(each["loc"]) == HERE]
    strange = [key for key, kind in own if kind == "extra_forbidden"] if "missing" in dict(own).values() else []
    likely = [_meant(key, free) or nearest(key, free) or "" for key in strange]
    meant = [((getattr(model, "in_place_of", {}).get(key, key),), "missing") for key in likely]
    parted = _parted(said) if isinstance(said, dict) else {}
    split = [before for key, (before, _) in parted.items() if (key, "extra_forbidden") in own]
    told = [each for each in details if (each["loc"], each["type"]) not in meant and each["loc"][:HERE] not in split]
    retold = [_retold(detail, model, free, parted) for detail in told]
    return ValidationError.from_exception_data(error.title, retold)


def _parted(said: dict[Any, Any]) -> dict[str, tuple[tuple[str], str]]:
    """Return each key that a comma has made, as in '{total: 2,5 h}', with the key before it, and what was meant."""
    pairs = list(said.items())
    found = (
        (str(key), before, f"{before}: {key}" if value is None else f"{before}: {value}.{key}")
        for (before, value), (key, rest) in zip(pairs, pairs[1:], strict=False)
        if rest is None and re.match(r"\d", str(key)) and re.fullmatch(r"None|[+-]?\d+", str(value))
    )
    return {key: ((before,), meant) for key, before, meant in found}


def _retold(
    detail: dict[str, Any], model: type[BaseModel], free: list[str], parted: dict[str, tuple[tuple[str], str]]
) -> InitErrorDetails:
    here = len(detail["loc"]) == HERE
    kind: str | PydanticCustomError = detail["type"]
    if kind == "unfit":
        kind = unfit(**detail["ctx"] | _further_out(detail, free))
    elif kind == "extra_forbidden" and here and (meant := parted.get(str(detail["loc"][0]))):
        found, expected = f"a comma before '{detail['loc'][0]}'", "a comma between keys alone"
        kind = unfit("unknown-key", found=found, expected=expected, mend=f"write '{meant[1]}'")
    elif kind == "extra_forbidden" and here:
        kind = _unknown(str(detail["loc"][0]), model, free)
    elif kind == "missing" and here:
        kind = _missing(str(detail["loc"][0]), model)
    elif kind in NUMBERS and here:
        kind = _no_number(kind, detail["input"], model.model_fields[str(detail["loc"][0])].metadata)
    elif kind in ("model_type", "model_attributes_type") and not detail["loc"]:
        kind = _no_mapping(detail["input"], model)
    return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=detail.get("ctx", {}))


def _further_out(detail: dict[str, Any], free: list[str]) -> dict[str, str]:
    """Return another cure for a key that stands too deep: the model that holds this part has it."""
    *parts, key = detail["loc"] or ("",)
    if detail["ctx"]["code"] != "unknown-key" or key not in free or not parts:
        return {}
    return {"mend": f"move '{key}' out of '{parts[0]}', to stand beside it", "meant": ""}


def _no_mapping(said: object, model: type[BaseModel]) -> str | PydanticCustomError:
    """Return what to say of a value in the place of the model's keys; of a list, what is said of every list."""
    keys = [key for key, field in model.model_fields.items() if field.is_required()] or [next(iter(model.model_fields))]
    pairs = _paired(said if isinstance(said, list) else [said], keys, model)
    if model.model_fields.keys() >= CONSTRAINTS and (sides := _sides(said)):
        whens = ", ".join(f"one with 'when: {{{each}}}'" for each in sides)
        expected = "what holds at once: {altitude: above 30 deg, moon: farther than 60 deg}"
        return unfit(
            "not-a-mapping", expected=expected, mend=f"give each side a goal of its own, with a 'name': {whens}"
        )
    if isinstance(said, list) and not pairs:
        return "model_type"
    keys_shown = ", ".join(f"{key}: {value}" for key, value in (pairs or dict.fromkeys(keys, "…")).items())
    return unfit(
        "not-a-mapping",
        expected=f"keys with their values: {', '.join(model.model_fields)}",
        mend=f"write '{{{keys_shown}}}'",
    )


def _paired(said: list[Any], keys: list[str], model: type[BaseModel]) -> dict[str, str]:
    """Return what values without their keys mean: those that are required, in order, or each after its key."""
    if len(said) == 1 and isinstance(said[0], str):
        from obsy.reworded import clauses  # noqa: PLC0415 - only what is amiss needs it

        return clauses(said[0], model.model_fields)
    if len(said) == len(keys) > 1 and all(isinstance(each, int | float) for each in said):
        examples = (_example(model.model_fields[key].metadata).split(" ") for key in keys)
        return {key: " ".join([str(each), *unit[1:]]) for key, each, unit in zip(keys, said, examples, strict=True)}
    parts = [str(each).partition(" ") for each in said]
    return (
        {key: value for key, _, value in parts} if all(key in model.model_fields and v for key, _, v in parts) else {}
    )


def _no_number(kind: str, said: object, about: list[Any]) -> PydanticCustomError:
    """Return what to say of what is no number; the cure has the person's own, if there is one.

    about: the metadata of its field.
    """
    limits = {name: getattr(each, name) for each in about for name in BOUNDS if getattr(each, name, None) is not None}
    bounds = " and ".join(f"{BOUNDS[name]} {limit:g}" for name, limit in limits.items())
    match, whole = _FIGURES.match(str(said)), kind.startswith("int")
    number = float(match[1].replace(",", ".")) / (100 if match[2] else 1) if match else None
    meant = f"write '{number:g}'" if number is not None and not (whole and number % 1) else ""
    expected = "a whole number" if whole else "a number"
    return unfit(
        "not-a-number",
        expected=f"{expected}, {bounds}" if bounds else expected,
        mend=meant or "write it in digits, without a unit",
    )


BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def _example(about: list[Any]) -> str:
    return next((example for part in about if (example := getattr(part, "example", None))), "")


def _meant(key: str, free: list[str]) -> str | None:
    """Return the free key that people call so."""
    from obsy.reworded import KEYS  # noqa: PLC0415 - only what is amiss needs it

    known = KEYS.get(key.lower(), key.lower()).split()
    return next((each for each in known if each in free and each != key), None)


CONSTRAINTS = {"altitude", "moon"}
"""Keys by which what holds all at once is known."""
PLAN = {"target", "want"}
"""Keys by which a plan is known."""
SURE = 0.8
"""From so alike on, 1 being the same, a guessed key is taken for what was meant; below it is only asked for."""
EITHER = {"or", "either", "any", "any_of", "one_of"}
"""What people write between what need not hold at once."""


def _sides(said: object) -> list[str]:
    """Return the sides of an 'or', as keys with their values; none if that is not what stands there."""
    if isinstance(said, list):
        sides = [each for each in said if isinstance(each, dict)] if "or" in said else []
        return [", ".join(f"{key}: {value}" for key, value in each.items()) for each in sides]
    parts = re.split(r"\s+or\s+", str(said)) if isinstance(said, str) else []
    return [re.sub(r"^(\w+):? ", r"\1: ", each.strip()) for each in parts] if len(parts) > 1 else []


def _unknown(key: str, model: type[BaseModel], free: list[str]) -> PydanticCustomError:
    meant, inside, (first, _, value) = _meant(key, free), _inside(key, model), key.partition(":")
    alike = None if meant else nearest(key, free)
    if first in free and value:
        return unfit(
            "unknown-key", found=f"'{key}'", expected="a blank after the colon", mend=f"write '{first}: {value}'"
        )
    if EITHER.intersection(key.lower().split()) and model.model_fields.keys() >= CONSTRAINTS:
        expected = "what holds at once"
        mend = "give each side a goal of its own, with a 'name' and a 'when'"
        return unfit("unknown-key", found=f"'{key}' has no meaning here", expected=expected, mend=mend)
    if key[:1].isupper() and not alike and model.__module__.startswith("obsy.schemas.constraints."):  # a filter's name
        expected, mend = "limits that hold for all filters", f"give '{key}' a goal of its own, with a 'when' of its own"
        return unfit("unknown-key", found=f"'{key}' has no meaning here", expected=expected, mend=mend)
    if key == "train" and model.model_fields.keys() >= PLAN:
        mend = "remove it: of the trains that have its filters and what it 'needs' (field, scale) the best one takes it"
        return unfit(
            "unknown-key", found="'train' has no meaning here", expected=", ".join(model.model_fields), mend=mend
        )
    elsewhere = inside or f"remove '{key}'"
    return unfit(
        "unknown-key",
        found=f"'{key}' has no meaning here",
        expected=", ".join(model.model_fields) or "no key at all",
        mend=f"write '{meant}' in its place" if meant else f"did you mean '{alike}'?" if alike else elsewhere,
        meant=meant or (alike if alike and _is_sure(key, alike) else ""),
    )


def _is_sure(key: str, alike: str) -> bool:
    """Return whether a key is spelt so much like another that what it says may be judged as that one's."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only what is amiss needs it

    return SequenceMatcher(None, key.lower(), alike).ratio() >= SURE


def _inside(key: str, model: type[BaseModel]) -> str:
    """Return where to put a key that one of the model's own parts has; '' if none has."""
    fields = ((name, field.annotation) for name, field in model.model_fields.items())
    parts = ((depth, name, part) for name, kind in fields for depth, part in _parts(kind))
    having = [(depth, name) for depth, name, part in parts if key in getattr(part, "model_fields", {})]
    return f"put '{key}' under '{min(having)[1]}'" if having else ""


def _parts(kind: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """Yield a type and those that it may be instead, or of which it is a list, each with how deep it lies."""
    yield depth, kind.model if isinstance(kind, Later) else kind
    for each in get_args(kind) if get_origin(kind) is not dict else ():
        yield from _parts(each, depth + 1)


def _missing(key: str, model: type[BaseModel]) -> PydanticCustomError:
    """What the key is for, from its own docstring, and an example from its unit."""
    told = purpose(model, key).partition("\n")[0].rstrip(".")
    return unfit(
        "missing-key",
        found=f"'{key}' is missing",
        expected=f"{key}: {told[:1].lower()}{told[1:]}" if told else f"a key '{key}'",
        mend=f"add '{key}: {_example(model.model_fields[key].metadata) or '…'}'",
    )
