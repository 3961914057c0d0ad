"""Small mappings that can be read aloud."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_args

from pydantic import GetJsonSchemaHandler, ValidatorFunctionWrapHandler, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from obsy.diagnostics import nearest, unfit
from obsy.schemas.model import Model
from obsy.units import Quantity


class Phrase(Model):
    """A small mapping that may also be read aloud: `above 35 deg` is `{above: 35 deg}`, joined with 'and'."""

    @classmethod
    def _checked(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        found = super()._checked(value if isinstance(value, dict | cls) else cls._read_aloud(value), handler)
        if all(part is None for part in found.__dict__.values()):
            words = ", ".join(_aloud(name) for name in cls.model_fields)
            raise unfit(
                "says-nothing", expected=f"at least one of: {words}", mend="say what must hold, or leave the key out"
            )
        return found

    @classmethod
    def _read_aloud(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value} {_unit(next(iter(cls.model_fields.values())))}".strip()  # as it might have been meant
        if isinstance(value, list | bool) or str(value).lower() in ("on", "off", "yes", "no", "none", ""):
            said = f"write for example '{_example(cls.model_fields)}', or leave it out"
            mend = "write it without brackets, joined with 'and'" if isinstance(value, list) else said
            raise unfit(
                "not-understood", expected=f"words that begin with {_starts(tuple(cls.model_fields))}", mend=mend
            )
        return _understood(cls, value) if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Either spelling."""
        mapping = handler.resolve_ref_schema(super().__get_pydantic_json_schema__(core, handler))
        words = f"words that begin with {_starts(tuple(cls.model_fields))}"
        said = {"type": "string", "pattern": spoken_pattern(mapping["properties"]), "patternErrorMessage": words}
        about = mapping.get("description", "")
        return {"title": mapping.get("title", cls.__name__), "description": about, "anyOf": [said, mapping]}


@lru_cache(1024)
def _understood(cls: type[Phrase], value: str) -> dict[str, str]:
    """What a phrase of this model says: plans say the same again and again."""
    fields = cls.model_fields
    found = spoken(value, tuple(fields), _example(fields), {name: _quantity(field) for name, field in fields.items()})
    missing = [name for name, field in fields.items() if field.is_required() and name not in found]
    if missing and _quantity(fields[missing[0]]) is not None:  # of others no example goes with what is said
        words = (f"'{_aloud(missing[0])}' is missing", f"'{_aloud(missing[0])} …'")
        raise unfit("missing-key", found=words[0], expected=words[1], mend=f"write '{_example(fields, found)}'")
    return found


def spoken_pattern(keys: Mapping[str, Any]) -> str:
    """Return the pattern of what `spoken` reads, and of the value behind each word.

    keys: the JSON schema of each.
    """
    parts = "|".join(f"{_aloud(key).replace(' ', _BLANK)}{_BLANK}{_value(told)}" for key, told in keys.items())
    return f"^ *(?:{parts})(?:{_BLANK}and{_BLANK}(?:{parts}))* *$"


_BLANK = r"\s+"
_ANY = ".+"


def _value(told: Mapping[str, Any]) -> str:
    """The expression for a value of a phrase; anything where its schema says nothing of its spelling."""
    if "pattern" in told:
        return f"(?:{str(told['pattern']).removeprefix('^').removesuffix('$')})"
    ways = [_value(each) for each in told.get("anyOf", ()) if each.get("type") != "null"]
    if told.get("type") in ("number", "integer"):
        ways = [r"[-+.\deE]+"]
    ways = ways or [re.escape(each) for each in told.get("enum", ())]
    return f"(?:{'|'.join(ways)})" if ways and _ANY not in ways else _ANY


def _starts(keys: tuple[str, ...]) -> str:
    return ", ".join(f"'{_aloud(key)} …'" for key in keys)


def _unit(field: FieldInfo) -> str:
    """Return the unit of a quantity's example; '' for what has none."""
    quantity = _quantity(field)
    return quantity.example.rpartition(" ")[2] if quantity is not None else ""


def _quantity(field: FieldInfo) -> Quantity | None:
    parts = (*field.metadata, *(part for each in get_args(field.annotation) for part in get_args(each)))
    return next((part for part in parts if isinstance(part, Quantity)), None)


def _example(fields: Mapping[str, FieldInfo], said: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a phrase of one part; of all that must be said, or is said already, if that is more."""
    needed = [name for name, field in fields.items() if field.is_required() or name in said] or [*fields][:1]
    return " and ".join(f"{_aloud(name)} {_value_of(fields[name], said.get(name, ''))}" for name in needed)


def _value_of(field: FieldInfo, said: str = "") -> str:
    """Return what is said behind a word, or an example of what may stand there."""
    if (quantity := _quantity(field)) is not None:
        number = quantity.number(said)
        return said if number is not None and quantity.plausible(number[0]) else quantity.example
    if said:
        return said
    told = (part.json_schema or {} for part in field.metadata if isinstance(part, WithJsonSchema))
    return next((str(each["examples"][0]) for each in told if each.get("examples")), "…")


def spoken(
    phrase: str, keys: tuple[str, ...], example: str = "", values: Mapping[str, Quantity | None] = MappingProxyType({})
) -> dict[str, str]:
    """The mapping that a phrase stands for: each part begins with one of `keys`, its underscores read as blanks.

    example: of such a phrase. values: the quantity behind each of its words, by which a word that is none is cured.
    Raises what `unfit` makes if a part begins otherwise, or a word is said twice.
    """
    found: dict[str, str] = {}
    _one_range(phrase, keys)
    for part in re.split(r"\s+and\s+", re.sub(r"\s+", " ", phrase.strip())):
        key = next((key for key in sorted(keys, key=len, reverse=True) if part.startswith(_aloud(key) + " ")), None)
        if key is None:
            raise unfit(
                "not-understood",
                found=f"'{part}'" if part != phrase else "",
                expected=f"words that begin with {_starts(keys)}",
                mend=_reworded(part, keys, values)
                or f"write for example '{example or _aloud(keys[0])}'; join several with 'and'",
            )
        if key in found:
            said = f"'{part}'"
            mend = f"keep one of the two '{_aloud(key)}'"
            raise unfit("said-twice", found=said, expected=f"'{_aloud(key)}' once", mend=mend)
        found[key] = part[len(key) :].strip()
    return found


def _reworded(part: str, keys: tuple[str, ...], values: Mapping[str, Quantity | None]) -> str:
    """Return the cure for a part of a phrase that begins otherwise; '' if it is not known what it means."""
    from obsy.reworded import phrase  # noqa: PLC0415 - only what is amiss needs it

    words = [_aloud(key) for key in keys]
    value = re.sub(r"^\D*?(?=[+-]?\.?\d)| away$", "", part)
    reading = [_aloud(key) for key, each in values.items() if each is not None and each.number(value) is not None]
    if part[:1].isdigit() or part[:1] in ("+", "-"):
        return f"write '{(reading or words)[0]} {value}'"
    if said := phrase(part, reading) or phrase(part, words):
        known = next(word for word in words if said.startswith(f"{word} "))
        return f"write '{said if known in reading or len(reading) != 1 else f'{reading[0]} {value}'}'"
    for count in (2, 1):
        first, rest = " ".join(part.split()[:count]), " ".join(part.split()[count:])
        alike = nearest(first, [word for word in words if len(word.split()) == count])
        if alike and rest:
            return f"write '{alike} {rest}'"
    return ""


def _one_range(phrase: str, keys: tuple[str, ...]) -> None:
    """Refuse 'or', and 'to' between two limits, with the words that say it."""
    begin = phrase.lstrip()
    if begin[:1] in "+-0123456789" or begin.startswith(("between ", "from ")):
        _bare_range(phrase, keys)
    if ("," in phrase or phrase.rstrip().endswith(" and")) and re.search(r",\s+[a-z]| and$", phrase.strip()):
        parts = [part for part in re.split(r"\s*,\s+|\s+and\b\s*", phrase.strip()) if part]
        mend = f"write '{' and '.join(parts)}'"
        raise unfit("not-understood", expected="parts that are joined with 'and'", mend=mend)
    if " or " in phrase:
        first, _, other = phrase.strip().partition(" or ")
        word, _, rest = other.partition(" ")
        if rest[:1].isalpha() and not other.startswith(tuple(_aloud(key) for key in keys)):  # of another constraint
            mend = f"give each a goal of its own, with a 'name'; if both hold, write '{word}: {rest}' beside this"
            raise unfit("not-understood", expected="limits of one thing, joined with 'and'", mend=mend)
        mend = f"write '{first} and {other}' if both hold; else keep one, and give the other a goal of its own"
        raise unfit("not-understood", expected="limits that hold at once, joined with 'and'", mend=mend)


def _bare_range(phrase: str, keys: tuple[str, ...]) -> None:
    """Refuse two limits or days without a word before them."""
    limits = re.fullmatch(r"\s*(?:between |from )?([+-]?\d\S*(?: [a-z°%]\S*)?) (?:to|and) (.+)", phrase)
    if limits and {"above", "below"} <= set(keys):
        said = f"above {limits[1]} and below {limits[2].strip()}"
        raise unfit("not-understood", expected="a limit or two, joined with 'and'", mend=f"write '{said}'")
    begin_or_end = r"(\d{4}\S*|\d\d-\d\d|\d?\.\d+|[01])"  # a day, with its year or without, or a phase
    days = re.fullmatch(rf"\s*(?:from |between )?{begin_or_end} (?:to|and|until|-|–) {begin_or_end}\s*", phrase)
    if days and {"after", "before"} <= set(keys):
        mend = f"write 'after {days[1]} and before {days[2]}'"
        raise unfit("not-understood", expected="a beginning and an end, joined with 'and'", mend=mend)


def _aloud(key: str) -> str:
    return key.replace("_", " ")
