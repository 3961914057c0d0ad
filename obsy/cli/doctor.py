"""What this machine lacks, and the command that mends it."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def doctor(folder: Path, as_json: bool) -> None:
    """Tell what this machine lacks for the observatory at FOLDER, and what mends it; change nothing.

    What is required depends on what is declared: rehearsals need neither KStars nor INDI. Exits 1 if something required
    is lacking; what is only advisable is a warning.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey
    from obsy.engine.doctor.checks import Level, findings
    from obsy.engine.doctor.gather import gather

    root, plans = rooms(folder if (folder / "site").is_dir() else folder / "plans")
    found = findings(gather(root, survey(root, *plans)))
    lacking, warned = (sum(each.level is level for each in found) for level in (Level.LACKING, Level.WARNING))
    if as_json:
        told = {"fit": not lacking, "checks": [each._asdict() for each in found]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for each in sorted(found, key=lambda each: [*Level].index(each.level)):
            click.echo(
                f"{each.level:10}{each.check:14}{each.found}" + (f"\n{'':10}mend: {each.mend}" if each.mend else "")
            )
        click.echo(f"\n{lacking} lacking, {warned} to look at." if lacking + warned else "\nThis machine is fit.")
    if lacking:
        raise SystemExit(1)
