"""Write a plan for others: for an observatory with obsy, or as another program takes it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.folders import rooms
from obsy.engine.declare.survey import survey
from obsy.engine.disk import write_whole
from obsy.engine.exporting.formats import FORMATS
from obsy.engine.exporting.wanted import name_of
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.plan import Plan


@click.command()
@click.argument("plan")
@click.option("--as", "form", type=click.Choice(list(FORMATS)), default="obsy", show_default=True, help="Who takes it.")
@click.option("--out", type=click.Path(path_type=Path), help="The file; without one it is printed.")
@click.option("--plans", type=click.Path(path_type=Path), default=Path("plans"), help="The folder that holds the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine: the text, and what is not in it.")
def export(plan: str, form: str, out: Path | None, plans: Path, as_json: bool) -> None:
    """Write PLAN, by its name, as one file without devices and secrets.

    What the other program cannot be told is said. A file that is there is not overwritten.
    """
    root, folders = rooms(plans)
    seen = survey(root, *folders)
    found = [each for each in seen.declared.of(Plan) if plan in (each.document.name, name_of(each))]
    if not found:
        names = sorted({each.document.name for each in seen.declared.of(Plan)})
        raise UserError(f"no plan is named '{plan}': {did_you_mean(plan, names, 'there are ' + ', '.join(names))}")
    file = found[0].written.at().file
    if wrong := [each for each in seen.complaints if each.mark.file == file]:
        raise UnfitFiles(wrong)
    text, told = FORMATS[form](found, seen.declared, datetime.now(UTC).date())
    if out is not None and out.exists():
        raise UserError(f"'{out}' is there already: name another file, or remove it")
    if out is not None:
        write_whole(out, text.encode())
    if as_json:
        click.echo(json.dumps({"plan": plan, "as": form, "text": text, "told": told}, indent=2, ensure_ascii=False))
        return
    click.echo(text if out is None else f"{out}: {plan}, for {form}", nl=out is not None)
    for each in told:
        click.echo(f"    {each}", err=True)
