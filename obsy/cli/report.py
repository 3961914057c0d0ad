"""Write and show a night's report."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsy.cli.locate import at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.report.inputs import ReportInputs
    from obsy.engine.report.story import Story
    from obsy.engine.store.store import Store


@click.command()
@click.argument("night", required=False)
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the night's story for a machine.")
def report(  # noqa: PLR0913, PLR0917  one argument an option
    night: str | None, plans: Path, site: str | None, simulated: bool | None, show: bool, as_json: bool
) -> None:
    """Write the page of NIGHT (the evening's date; the newest if left out), and show it in short."""
    from obsy.cli.locate import as_night, data_root_of, nights
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare

    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root = data_root_of(root, observatory.site, simulated)
    day = as_night(night) if night else next(reversed(nights(data_root)), None)
    if day is None:
        raise UserError(
            _brought_in(data_root)
            or f"no {data_root.folder.name} night has run here yet; 'obsy apply plans/ --simulate' plays one"
        )
    _conclude(observatory, data_root, day, as_json)
    if show:
        click.launch(str(data_root.report(day)))


def _brought_in(data_root: "DataRoot", day: date | None = None) -> str:
    """Say that frames were brought in, of one night or of all, where no night was run; empty if there are none."""
    from obsy.engine.store.store import Store

    if data_root.folder.name == "simulated" or not data_root.store.exists():  # nothing is brought in there
        return ""
    with Store(data_root.known_store()) as store:
        nights = sorted({str(each.night) for each in store.frames(day)})
    if not nights:
        return ""
    when = f"of {nights[0]}" if len(nights) == 1 else f"of {len(nights)} nights, {nights[0]} to {nights[-1]}"
    cure = "their light curve is made by 'obsy photometry PLAN', once 'obsy reduce' has reduced them"
    return f"frames {when} were brought in, no night was run, and so there is no page; {cure}"


def conclude(observatory: "Observatory", root: Path, day: date, simulate: bool, as_json: bool) -> "Story":
    """Write a night's page, and print it in short or, for a machine, its story; return that."""
    from obsy.engine.frames.data_root import DataRoot

    return _conclude(observatory, DataRoot.of(root, observatory.site, simulate), day, as_json)


def _conclude(observatory: "Observatory", data_root: "DataRoot", day: date, as_json: bool) -> "Story":
    from obsy.engine.report.as_json import as_json as shape
    from obsy.engine.report.page import write
    from obsy.engine.report.terminal import terminal

    told, page = story(observatory, data_root, day), data_root.report(day)
    write(told, page)
    if as_json:
        click.echo(json.dumps({**shape(told), "page": str(page)}, indent=2, ensure_ascii=False))
    else:
        click.echo(f"{terminal(told)}\n\n{page}")
    return told


def story(observatory: "Observatory", data_root: "DataRoot", day: date) -> "Story":
    """The story of a night, from its journal, the store and the sky; its magnitudes and transits are filed.

    Raises UserError if the night has no journal.
    """
    from obsy.cli.locate import nights
    from obsy.engine.fold import fold
    from obsy.engine.journal import read
    from obsy.engine.report.curves import curves_of
    from obsy.engine.report.gather import gather
    from obsy.engine.report.story import story_of
    from obsy.engine.runtime.kept_tables import KEPT
    from obsy.engine.runtime.overheads import costs, known
    from obsy.engine.runtime.saturated_targets import saturated_targets
    from obsy.engine.runtime.told_magnitudes import told_magnitudes
    from obsy.engine.runtime.told_transits import told_transits
    from obsy.engine.store.store import Store

    if next(read(data_root.journal(day)), None) is None:
        words = _brought_in(data_root, day)
        raise UserError(words or f"there is no journal of the {data_root.folder.name} night of {day}")
    record, newest = fold(chain(read(data_root.journal(day)), read(data_root.told(day)))), day == nights(data_root)[-1]
    with Store(data_root.known_store()) as store:
        then = observatory.as_of(day)
        counts = costs(then, day, data_root)
        learned, is_over = known(then, day, data_root), record.finished or not newest
        told = told_magnitudes(observatory, store, day, data_root.magnitudes if is_over else None)
        cut_off = tuple(saturated_targets(observatory, store, day))
        fitted = told_transits(observatory, store, data_root, day, data_root.transits if is_over else None)
        inputs = replace(gather(observatory, store, day, counts), learned=learned, magnitudes=told, saturated=cut_off)
        inputs = replace(inputs, fitted=fitted)
        KEPT.forget()
        if record.finished and newest:
            inputs = _following(inputs, observatory, store, day + timedelta(days=1), data_root)
    return story_of(day.isoformat(), record, inputs, curves_of(observatory, day))


def _following(
    inputs: "ReportInputs", observatory: "Observatory", store: "Store", day: date, data_root: "DataRoot"
) -> "ReportInputs":
    """Add what a night that has not begun is to do, as all stands now, and when each goal will be done."""
    from obsy.engine.intent import as_json
    from obsy.engine.runtime.ahead import following
    from obsy.engine.runtime.planner import prepare, tally

    planner, known = prepare(observatory, day, data_root), tally(store, observatory)
    intent = as_json(planner.intent(known, planner.night.start))
    return replace(inputs, following=intent, outlook=following(planner, known, data_root))
