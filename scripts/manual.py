"""Writes the pages of the manual that no hand writes into docs/reference/: every kind and key, verb and complaint.

Each is told by what obsy itself goes by: the models of its schemas with their docstrings, click's commands, and what
`--explain` says, with what obsy says of its examples. `python -m scripts.manual`, in the repository.
"""

import inspect
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from obsy.cli import VERBS, cli
from obsy.cli.explain import PAGE
from obsy.schemas.complaint import purpose
from obsy.schemas.kinds import KINDS
from obsy.schemas.later import Later
from obsy.schemas.model import Model
from obsy.schemas.phrase import Phrase
from obsy.schemas.reserved import Reserved
from obsy.units import DURATION, Quantity, duration
from tests.support.broken import explained, page

HERE = Path(__file__).resolve().parents[1] / "docs" / "reference"
PLAIN = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    datetime: "a moment with its zone, such as `2026-11-21 20:30 UTC`",
    date: "a day, such as `2026-11-21`",
    time: "a time of day, such as `02:00`",
    SecretStr: "`!secret name`",
    Any: "anything",
}
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def language() -> Iterator[str]:
    """Yield the page of every kind of document, with all its keys; a part that several kinds have stands once."""
    yield "# Kinds and keys\n"
    yield "Every document that can be written, from the models that check it."
    yield "[The language](../language.md) says why it is so.\n"
    told: set[type[BaseModel]] = set()
    for kind, model in KINDS.items():
        for part in [each for each in parts(model) if each not in told]:
            told.add(part)
            yield f"## {kind} {{#{kind}}}\n" if part is model else f"### {part.__name__} {{#{anchor(part)}}}\n"
            yield from section(part)


def parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model, and each model that its keys hold, once."""
    found, waiting = [model], [field.annotation for field in model.model_fields.values()]
    yield model
    while waiting:
        each = waiting.pop(0)
        waiting[:0] = [*get_args(each), *written_as(getattr(each, "__metadata__", ()))]
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in found:
            found.append(each)
            yield each
            waiting[:0] = [field.annotation for field in each.model_fields.values()]


def section(model: type[BaseModel]) -> Iterator[str]:
    """Yield what a model is, and the table of its keys."""
    yield f"{inspect.cleandoc(model.__doc__ or '')}\n"
    if issubclass(model, Model) and model.is_reserved:
        yield "*Reserved: it is checked, and not carried out yet.*\n"
    if issubclass(model, Phrase):
        yield "A phrase: its keys may be read aloud, joined with *and*.\n"
    yield "| key | value | unsaid | meaning |\n|---|---|---|---|"
    for key, field in model.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Reserved)]
        meaning = cell(purpose(model, key)) + "".join(f" *{reserved(mark)}*" for mark in marks)
        yield f"| `{key}` | {cell(value(field.annotation, field.metadata))} | {unsaid(field)} | {meaning} |"
    yield ""


def reserved(mark: Reserved) -> str:
    """Return what of a key is reserved, in words."""
    return f"Reserved: {', '.join(f'`{word}`' for word in mark.words)}." if mark.words else "Reserved."


def value(kind: Any, about: Any = ()) -> str:
    """Return what a key takes, in words.

    about: what its annotation says besides the type.
    """
    inside = get_args(kind)
    if quantity := measure(about):
        units = [unit for unit in quantity.units if not quantity.example.endswith(f" {unit}")]
        return f"{quantity.what}, such as `{quantity.example}`" + (f"; also in {', '.join(units)}" if units else "")
    if written := written_as(about):
        return value(written[0])
    if get_origin(kind) is Annotated:
        return value(inside[0], inside[1:])
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(dict.fromkeys(value(each, about) for each in inside if each is not type(None)))
    return built(kind, about)


def built(kind: Any, about: Any) -> str:
    """Return in words what a list, a mapping, a part or a plain value is."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inside)
    if origin in (tuple, list):
        return f"a list of: {value(inside[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"a mapping, by {value(inside[0])}, of: {value(inside[1])}"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{anchor(kind)})"
    limits = [f"{word} {getattr(each, key)}" for each in about for key, word in BOUNDS.items() if hasattr(each, key)]
    said = PLAIN.get(kind) or inspect.cleandoc(kind.__doc__ or "").partition("\n")[0].rstrip(".").lower()
    return " and ".join([", ".join([said, *limits[:1]]), *limits[1:]])


def measure(about: Any) -> Quantity | None:
    """Return the quantity that a key is; None if it is none."""
    return next((each for each in about if isinstance(each, Quantity)), None)


def written_as(about: Any) -> list[Any]:
    """Return the type that is written, where it is another than the one that is kept, or a model that is made later."""
    models = [each.model for each in about if isinstance(each, Later)]
    given = (each.json_schema_input_type for each in about if isinstance(each, BeforeValidator))
    return models + [each for each in given if each is not PydanticUndefined]


def unsaid(field: FieldInfo) -> str:
    """Return what counts where nothing is said."""
    if field.is_required():
        return "**required**"
    told = field.default
    if told in (None, (), {}, "") or isinstance(told, BaseModel):
        return ""
    if quantity := measure(field.metadata):
        return f"`{duration(told) if quantity.units is DURATION else f'{told:g} {quantity.unit}'}`"
    return f"`{told}`"


def anchor(model: type[BaseModel]) -> str:
    """Return the name by which a part is linked to; a kind's is its own."""
    kinds: dict[type[BaseModel], str] = {model: kind for kind, model in KINDS.items()}
    return kinds.get(model, f"part-{model.__name__.lower()}")


def cell(words: str) -> str:
    """Return words as one cell of a table."""
    return " ".join(words.split()).replace("|", "\\|")


def verbs() -> Iterator[str]:
    """Yield the page of every verb, with its options as click has them."""
    yield "# Verbs\n"
    yield "`obsy VERB --help` says the same.\n"
    for name in VERBS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None  # noqa: S101 - it stands in the list
        yield from verb(command, f"obsy {name}", "##")


def verb(command: click.Command, name: str, heading: str) -> Iterator[str]:
    """Yield the section of one verb, and of those under it."""
    context = click.Context(command, info_name=name)
    yield f"{heading} {name}\n\n    {command.get_usage(context).removeprefix('Usage: ')}\n"
    yield f"{inspect.cleandoc(command.help or '').replace(chr(8), '')}\n"
    yield "| option | meaning |\n|---|---|"
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            yield f"| `{cell(record[0])}` | {cell(record[1])} |"
    yield ""
    for part, under in getattr(command, "commands", {}).items():
        yield from verb(under, f"{name} {part}", heading + "#")


def complaints() -> Iterator[str]:
    """Yield the page of every complaint: beneath each example, what obsy says of it."""
    with TemporaryDirectory() as folder:
        told = explained(0, Path(folder))
    own = {code: next((str(each) for each in said.said if each.code == code), "") for code, said in told.items()}
    yield page(PAGE.read_text("utf-8"), own, "### ").rstrip("\n")


PAGES = {"language.md": language, "verbs.md": verbs, "complaints.md": complaints}

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else HERE
    folder.mkdir(exist_ok=True)
    for name, told in PAGES.items():
        (folder / name).write_text("\n".join(told()) + "\n", encoding="utf-8")
