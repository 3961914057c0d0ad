"""Write a plan for others: for an observatory with obsy, or as another program takes it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from obsy.cli.export_night import export_night, page
from obsy.cli.locate import at_site
from obsy.diagnostics import did_you_mean, there_are
from obsy.engine.declare.folders import rooms
from obsy.engine.declare.survey import survey
from obsy.engine.disk import write_whole
from obsy.engine.exporting.formats import FORMATS
from obsy.engine.exporting.wanted import name_of
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.plan import Plan

OBSY, PLANS = "obsy", Path("plans")


@click.command()
@click.argument("plan")
@click.argument("folder", metavar="[PLANS]", required=False, type=click.Path(path_type=Path))
@click.option("--as", "form", type=click.Choice(list(FORMATS)), default=OBSY, show_default=True, help="Who takes it.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file, or a night's folder; without one it is printed."
)
@click.option("--plans", type=click.Path(path_type=Path), default=PLANS, help="The folder that holds the plan.")
@click.option("--night", metavar="DATE", help="Of a night: the evening's date; tonight if left out.")
@click.option("--ekos", "version", metavar="VERSION", help="Of a night: the KStars that loads it; the installed one.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine: the text, and what is not in it.")
@at_site
def export(  # noqa: PLR0913, PLR0917  one argument an option
    plan: str,
    folder: Path | None,
    form: str,
    out: Path | None,
    plans: Path,
    night: str | None,
    version: str | None,
    as_json: bool,
    site: str | None,
) -> None:
    """Write PLAN, by its name, as one file without devices and secrets.

    'obsy export ekos PLANS --out DIR' writes a whole night instead, for people who load it in EKOS by hand.
    What the other program cannot be told is said. A file that is there is not overwritten.
    """
    if folder is not None:
        if form != OBSY or plans != PLANS:
            raise click.UsageError(f"--as and --plans are of one plan: 'obsy export ekos {folder} --out DIR'")
        _night(plan, (folder, site, night, version), out, as_json)
    elif night or version or site:
        raise click.UsageError("--night, --ekos and --site are of a whole night: 'obsy export ekos plans/ --out DIR'")
    else:
        _plan(plan, (form, out, plans), as_json)


def _plan(plan: str, how: tuple[str, Path | None, Path], as_json: bool) -> None:
    form, out, plans = how
    root, folders = rooms(plans)
    seen = survey(root, *folders)
    found = [each for each in seen.declared.of(Plan) if plan in (each.document.name, name_of(each))]
    if not found:
        names = sorted({each.document.name for each in seen.declared.of(Plan)})
        raise UserError(f"no plan is named '{plan}': {did_you_mean(plan, names, there_are(names))}")
    file = found[0].written.at().file
    if wrong := [each for each in seen.complaints if each.mark.file == file]:
        raise UnfitFiles(wrong)
    text, told = FORMATS[form](found, seen.declared, datetime.now(UTC).date())
    if out is not None and out.exists():
        raise UserError(f"'{out}' is there already: name another file, or remove it")
    try:
        if out is not None:
            write_whole(out, text.encode())
    except OSError as fault:
        raise UserError(f"'{out}' cannot be written: {fault.strerror or fault}") from None
    if as_json:
        click.echo(json.dumps({"plan": plan, "as": form, "text": text, "told": told}, indent=2, ensure_ascii=False))
        return
    click.echo(text if out is None else f"{out}: {plan}, for {form}", nl=out is not None)
    for each in told:
        click.echo(f"    {each}", err=True)


def _night(word: str, of: tuple[Path, str | None, str | None, str | None], out: Path | None, as_json: bool) -> None:
    if word != "ekos":
        raise click.UsageError(f"a whole night is written for EKOS alone: 'obsy export ekos {of[0]} --out DIR'")
    if out is None:
        raise click.UsageError("a night is several files: say where, with '--out DIR'")
    plans, site, night, version = of
    told = export_night(plans, site, night, out, version)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else page(told))
