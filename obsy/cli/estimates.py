"""Magnitudes that were estimated by eye: the file in which the AAVSO takes them."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from obsy.errors import UserError


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--observer", metavar="CODE", help="Whose they are at the AAVSO; the only person's code if left out.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the report; the file's.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def estimates(path: Path, observer: str | None, out: Path | None, as_json: bool) -> None:
    """Write the magnitudes of FILE, which were estimated by eye, as the AAVSO's Visual format has them.

    FILE is a table with the columns star, time, magnitude, comp1 and chart, and comp2, code and notes if you like. A
    time is UTC ('2026-11-28T20:15Z') or a Julian date, '<13.2' a star that was not seen. Every line that the AAVSO
    would refuse is told; nothing is sent.
    """
    import obsy
    from obsy.cli.named import here
    from obsy.engine.runtime.observer_code import observer_code
    from obsy.engine.runtime.report_files import write_reports
    from obsy.engine.science.aavso_visual import aavso_visual
    from obsy.engine.science.estimates import estimates as read
    from obsy.schemas.people import Person

    found = read(path)
    code = observer_code(observer, (each.document for each in here().of(Person)), None)
    if code is None:
        raise UserError("nobody signs them: write 'codes: {aavso: …}' of a 'kind: person', or say --observer CODE")
    text = aavso_visual(found, code, f"obsy {obsy.__version__}")
    to = (out or path.parent) / f"{path.stem}-visual.txt"
    write_reports(to.parent, {to: text}, ())
    stars = sorted({each.star for each in found})
    if as_json:
        told = [asdict(each) for each in found]
        click.echo(json.dumps({"observer": code, "estimates": told, "files": [str(to)]}, indent=2, ensure_ascii=False))
        return
    several = "estimates" if len(found) > 1 else "estimate"
    click.echo(f"{len(found)} {several} of {', '.join(stars)}, JD {found[0].jd:.4f} to {found[-1].jd:.4f}")
    click.echo(f"Written: {to}")
