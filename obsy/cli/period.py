"""How often a star repeats itself, by all nights of a plan or by the points in files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.locate import at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from obsy.engine.science.period.periodogram import PeriodRule
    from obsy.engine.science.period.series import MagnitudeSeries, NightPoints
    from obsy.engine.science.same_stars import Floats

RULES = "wave", "dispersion", "box"


@click.command()
@click.argument("of", metavar="PLAN|FILE...", nargs=-1, required=True)
@click.option("--from", "shortest", type=click.FloatRange(min=1e-4), metavar="DAYS", help="The shortest that is tried.")
@click.option("--to", "longest", type=click.FloatRange(min=1e-4), metavar="DAYS", help="The longest.")
@click.option("--by", "rules", type=click.Choice(RULES), multiple=True, help="By which rules; wave and dispersion.")
@click.option("--filter", "role", metavar="NAME", help="In which filter, if there are several: V, 'V by west', R=TR.")
@click.option("--comparison", metavar="NAME", help="Which comparison stars, if the target has several.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=".", help="The folder of the picture.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def period(of: tuple[str, ...], out: Path, as_json: bool, rules: tuple[str, ...], **said: Any) -> None:
    """Seek the period of PLAN's target over all its nights, or of the star in one or more FILEs.

    A file is a table with the columns 'bjd_tdb' and 'magnitude', and 'error' if there are errors, as 'obsy photometry'
    writes it. Told are the period with its error, others that the points do not exclude, and when the star was faintest
    and brightest, with how much later than the period says (O-C). A picture of the folded points is written.
    """
    from obsy.engine.disk import write_whole
    from obsy.engine.report.folded import svg
    from obsy.engine.report.period import facts, shape
    from obsy.engine.science.period.extremes import extremes
    from obsy.engine.science.period.found import search
    from obsy.engine.science.period.periodogram import trials, usual_range
    from obsy.engine.science.period.series import in_one_system, series_of

    star, band, parts, notes = _points(of, said)
    alike, note = in_one_system(parts)
    series = series_of(alike)
    many = sum(map(len, alike)) - len(series)
    unused = [f"left out     {many} points: limits, given twice, or without magnitude, error or date"] if many else []
    notes = [*notes, *unused, *([f"taken        {note}"] if note else [])]
    usual = usual_range(series)
    shortest, longest = said["shortest"] or usual[0], said["longest"] or usual[1]
    if shortest >= longest:
        raise UserError(
            f"no period lies between {shortest:.4g} and {longest:.4g} days: the points span {series.span_d:.3g} d, and "
            "a period is sought up to half of that; say --from and --to"
        )
    chosen = _rules(rules, series, trials(series, shortest, longest))
    with busy(f"seeking a period in {len(series)} points"):
        found = search(series, shortest, longest, chosen)
        times = extremes(series, found.best)
    path = out / f"{star.replace(' ', '-').replace('/', '-')}-period.svg"
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(path, svg(found, star, band).encode())
    except OSError as fault:
        raise UserError(f"'{path}' cannot be written: {fault.strerror or fault}") from None
    if as_json:
        told = {"star": star, "band": band, "from_d": shortest, "to_d": longest, **shape(found, times)}
        click.echo(
            json.dumps(
                {**told, "notes": [" ".join(each.split()) for each in notes], "picture": str(path)},
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    first, last = series.bjd_tdb[0], series.bjd_tdb[-1]
    click.echo(f"{star}, {band}: {len(series)} points, {first:.4f} to {last:.4f} BJD_TDB")
    click.echo("\n".join([*facts(found, times), *(f"    {each}" for each in notes), f"Written: {path}"]))


def _rules(said: "Sequence[str]", series: "MagnitudeSeries", frequency: "Floats") -> "list[PeriodRule]":
    """Return the rules that are said, or the two that are usual; of these the slower only where it ends in seconds.

    Raises UserError if one that is said would take minutes.
    """
    from obsy.engine.science.period.periodogram import PeriodRule, is_too_much

    rules = [PeriodRule(each) for each in said or RULES[:2]]
    slow = [each for each in rules if is_too_much(series, frequency, each)]
    if slow and said:
        raise UserError(
            f"{len(series):,} points in {len(frequency):,} trials would take '{slow[0]}' minutes: narrow them down by "
            "--from and --to, or say --by wave"
        )
    return [each for each in rules if each not in slow]


def _points(of: tuple[str, ...], said: dict[str, Any]) -> "tuple[str, str, list[NightPoints], list[str]]":
    """Return whose points they are, in which band, the points, and what of them is left out."""
    from obsy.engine.science.period.points_file import read_points

    files = [Path(each) for each in of if Path(each).suffix and Path(each).exists()]
    if not files and len(of) == 1 and not Path(of[0]).suffix:
        return _nights(of[0], said)
    missing = [each for each in of if Path(each) not in files]
    if missing:
        raise UserError(f"there is no file '{missing[0]}': name one plan, or files that hold points")
    for option, value in (("--filter", said["role"]), ("--comparison", said["comparison"]), ("--site", said["site"])):
        if value is not None:
            raise UserError(f"{option} is of a plan's nights, and files are given: leave it out")
    read = [read_points(path) for path in files]
    columns = sorted({column for _, column in read})
    if len(columns) > 1:
        raise UserError(f"the files have times of different kinds, {' and '.join(columns)}: write all in one")
    notes = [] if columns[0].startswith("bjd") else [f"times        those of the column '{columns[0]}', as they are"]
    return files[0].stem, "magnitude", [points for points, _ in read], notes


def _nights(name: str, said: dict[str, Any]) -> "tuple[str, str, list[NightPoints], list[str]]":
    from obsy.cli.measured_plan import measured_plan
    from obsy.engine.runtime.nightly_magnitudes import nightly_magnitudes
    from obsy.engine.store.store import Store

    asked = measured_plan(name, said)
    with Store(asked.data_root.known_store()) as store:
        found = nightly_magnitudes(asked.observatory, asked.plan, asked.stars, store, said["role"])
    return (
        asked.stars.of,
        found.filter,
        [*found.parts.values()],
        [f"left out     {night}: {why}" for night, why in found.left_out.items()],
    )
