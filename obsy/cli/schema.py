"""The JSON schema of a kind, for editors."""

import json
from typing import Annotated, Any, Union

import click
from pydantic import Field, TypeAdapter

from obsy.diagnostics import did_you_mean
from obsy.schemas.kinds import KINDS


@click.command()
@click.argument("kind", required=False)
@click.option("--json", is_flag=True, expose_value=False, help="Nothing else is ever printed.")
def schema(kind: str | None) -> None:
    """Print the JSON schema of KIND, or of every kind in one.

    An editor that is given it completes keys, shows what each means, and marks what has no meaning.
    """
    if kind is not None and kind not in KINDS:
        mend = did_you_mean(kind, KINDS, f"choose one of {', '.join(KINDS)}")
        raise click.BadParameter(f"'{kind}' is no kind: {mend}", param_hint="KIND")
    click.echo(json.dumps(one(kind) if kind else every(), indent=2, ensure_ascii=False))


def one(kind: str) -> dict[str, Any]:
    """The schema of one kind of document."""
    return {**_about(kind), **KINDS[kind].model_json_schema()}


def every() -> dict[str, Any]:
    """The schema of any document; `kind` says which part of it holds."""
    union: Any = Union[tuple(KINDS.values())]  # noqa: UP007 - built from the written-out dict
    return {**_about("any"), **TypeAdapter[Any](Annotated[union, Field(discriminator="kind")]).json_schema()}


def _about(kind: str) -> dict[str, Any]:
    """Return which dialect of JSON Schema it is, and what it is the schema of."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:obsy:language:1:{kind}"}
