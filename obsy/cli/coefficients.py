"""A train's transformation coefficients, as a night of a standard field tells them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.runtime.coefficients import TrainCoefficients

FOLDER = Path("library", "transformations")


@click.command()
@click.argument("name", metavar="PLAN")
@click.option("--night", "day", metavar="DATE", help="The evening's date; the newest that has star tables if left out.")
@click.option("--filter", "filters", metavar="OURS=AAVSO", multiple=True, help="What the AAVSO calls a filter: B=B.")
@click.option("--comparison", metavar="NAME", help="Which sequence, if the field has several.")
@click.option("--keep", is_flag=True, help="Write them into library/transformations/, to be applied from then on.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the picture goes; to the reports.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def coefficients(name: str, as_json: bool, **said: Any) -> None:
    """Fit the transformation coefficients of each train that took PLAN's standard field in a night.

    The stars are those of the field's 'kind: comparison'; those that lie off a line are named and do not count. A
    picture of the lines is written beside the night's report. With
    '--keep' they become a document, which 'obsy photometry' applies for a year. Nothing that stands is overwritten.
    """
    from obsy.cli.locate import as_night
    from obsy.cli.measured_plan import measured_plan, named_filters
    from obsy.engine.report.colour_lines import svg
    from obsy.engine.runtime.coefficient_document import document
    from obsy.engine.runtime.coefficients import train_coefficients
    from obsy.engine.runtime.photometry import night_tables
    from obsy.engine.runtime.report_files import write_reports
    from obsy.engine.store.store import Store

    day = as_night(said["day"]) if said["day"] else None
    asked, named = measured_plan(name, said), named_filters(said["filters"])
    stars, plan = asked.stars, asked.plan
    with Store(asked.data_root.known_store()) as store:
        night = night_tables(store, asked.data_root, plan.name, day)
    found = train_coefficients(asked.observatory, night, stars, named)
    texts = {asked.root / FOLDER / f"{each.train}-{night.night}.yaml": document(each, night, stars) for each in found}
    kept = [_kept(path, text) for path, text in texts.items()] if said["keep"] else []
    stem = (said["out"] or asked.data_root.report(night.night).parent) / f"{night.night}-{plan.name}"
    about = f"{stars.of}, chart {stars.chart}, night of {night.night}"
    drawn = {stem.with_name(f"{stem.name}-{each.train}.svg"): svg(each.lines, each.train, about) for each in found}
    made = [*write_reports(stem.parent, drawn, ()).written, *kept]
    if as_json:
        told = {"plan": plan.name, "night": str(night.night), "trains": [_shape(each) for each in found]}
        click.echo(json.dumps({**told, "files": [str(each) for each in made]}, indent=2, ensure_ascii=False))
        return
    when = f"the {asked.data_root.folder.name} night of {night.night}"
    click.echo(f"{plan.name} in {when}: {stars.of}, chart {stars.chart}")
    click.echo("\n".join(line for each in found for line in _page(each)))
    click.echo("\n".join(f"Written: {each}" for each in made))
    if not kept:
        click.echo("They are not applied: '--keep' writes them down to be.")


def _kept(path: Path, text: str) -> Path:
    from obsy.engine.disk import write_whole
    from obsy.errors import UserError

    if path.exists():
        raise UserError(f"'{path}' stands already: move it away if these are better")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path


def _page(one: "TrainCoefficients") -> Iterator[str]:
    """Yield what a night tells of a train, in words."""
    yield f"{one.train}:"
    for line in one.lines:
        value, error = line.value
        yield f"    {line.name:<6} {value:+.4f} +- {error:.4f}   {line.line.points} stars"
    for field in one.fields:
        if field.extinction is None:
            why = "is not told: take frames at two heights, 0.3 air masses apart"
            yield f"    what an air mass takes in {field.band} {why}"
            continue
        yield f"    an air mass takes {field.extinction.value:.3f} +- {field.extinction.error:.3f} mag in {field.band}"
        if told := one.second_order.get(field.band):
            yield f"    and {told.value:+.3f} +- {told.error:.3f} mag more of a star that is a magnitude redder"
    yield from (f"    left out: {each}" for each in one.left_out)


def _shape(one: "TrainCoefficients") -> dict[str, Any]:
    taken = {each.band: list(each.extinction) for each in one.fields if each.extinction is not None}
    lines = {each.name: {**each.value._asdict(), "stars": each.line.points} for each in one.lines}
    return {
        "train": one.train,
        "filters": dict(one.filters),
        "coefficients": lines,
        "extinction": taken,
        "second_order": {band: value._asdict() for band, value in one.second_order.items()},
        "left_out": list(one.left_out),
    }
