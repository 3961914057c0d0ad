"""The JSON schema of a kind, for editors."""

import json
from pathlib import Path

import click

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.folders import SCHEMA, rooms
from obsy.schemas.kinds import KINDS


@click.command()
@click.argument("kind", required=False)
@click.option("--write", is_flag=True, help=f"Write that of every kind to {SCHEMA} in the observatory's folder.")
@click.option("--json", is_flag=True, expose_value=False, help="Nothing else is ever printed.")
def schema(kind: str | None, write: bool) -> None:
    """Print the JSON schema of KIND, or of every kind in one.

    An editor that is given it completes keys, shows what each means, and marks what has no meaning. Files name the one
    that `--write` keeps beside them in their first line: `# yaml-language-server: $schema=../obsy.schema.json`.
    """
    from obsy.schemas.json_schema import as_file, every, one

    if kind is not None and kind not in KINDS:
        mend = did_you_mean(kind, KINDS, f"choose one of {', '.join(KINDS)}")
        raise click.BadParameter(f"'{kind}' is no kind: {mend}", param_hint="KIND")
    if not write:
        click.echo(json.dumps(one(kind) if kind else every(), indent=2, ensure_ascii=False))
    elif kind:
        raise click.UsageError(f"{SCHEMA} is of every kind: leave out '{kind}', or '--write'")
    else:
        _write(as_file(every()))


def _write(text: str) -> None:
    from obsy.engine.disk import write_whole

    path: Path = rooms()[0] / SCHEMA
    write_whole(path, text.encode())
    click.echo(f"Written to {path}: commit it.")
