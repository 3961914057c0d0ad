"""Which telescope takes what in the coming nights, over all sites that are declared."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.locate import as_night

if TYPE_CHECKING:
    from obsy.engine.schedule.network import Allocation
    from obsy.engine.schedule.network_offers import NetworkSite

MOST_NIGHTS, MOST_EFFORT = 31, 600


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@click.option("--site", "only", multiple=True, metavar="NAME", help="These sites alone; unsaid, all.")
@click.option("--nights", "count", type=click.IntRange(1, MOST_NIGHTS), default=3, show_default=True, help="How many.")
@click.option("--night", metavar="DATE", help="The first night, by its evening's date; tonight if left out.")
@click.option(
    "--effort",
    type=click.FloatRange(0, MOST_EFFORT),
    default=0.0,
    show_default=True,
    help="Search for about so many seconds; 0 is the first answer, and needs no OR-Tools.",
)
@click.option("--simulate", is_flag=True, help="Of the simulated observatories, with what their nights have done.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def network(plans: Path, only: tuple[str, ...], as_json: bool, **how: Any) -> None:
    """Say which train of which site is to take each plan in the coming nights; change nothing.

    The goals, conditions and worth are those by which each night is planned, placed on all telescopes and nights at
    once, with a proof of how good that is. A plan goes to one train: the one that has begun it, or any that serves it.
    Each site's nights plan by themselves all the same: what this shows is where a plan belongs.
    """
    from obsy.engine.declare.folders import rooms
    from obsy.engine.schedule.network import allocation
    from obsy.errors import UserError

    root, paths = rooms(plans)
    with busy("reading the files"):
        sites, first = _sites(root, paths, only, how)
    if not any(each.observatory.plans for each in sites):
        raise UserError("there is no plan to share out: 'obsy up --plan' writes one")
    days = [first + timedelta(days=number) for number in range(how["count"])]
    as_night(days[-1].isoformat())
    nights = f"{len(days)} night{'s' * (len(days) > 1)}"
    with busy(f"placing {len(sites[0].observatory.plans):,} plans in {nights}"):
        found = allocation(sites, days, how["effort"])
    zones = {each.observatory.site.name: each.observatory.site.timezone for each in sites}
    click.echo(json.dumps(_shape(found, days), indent=2) if as_json else "\n".join(page(found, zones)))


def _sites(root: Path, paths: Any, only: tuple[str, ...], how: dict[str, Any]) -> tuple[list["NetworkSite"], date]:
    """Return every site that is meant as it stands, and the first night."""
    from obsy.cli.apply import which_night
    from obsy.engine.declare.survey import declare, survey
    from obsy.engine.runtime.planner import standing
    from obsy.engine.schedule.candidates import DoneSoFar
    from obsy.engine.schedule.network_offers import NetworkSite
    from obsy.schemas.site import Site

    declared = [entry.document.name for entry in survey(root, *paths).declared.of(Site)]
    names: list[str | None] = [*(only or declared)]
    every = [declare(root, *paths, site=name) for name in names or [None]]
    first = which_night(how["night"], every[0], how["simulate"], dry_run=True)
    found = []
    for here in every:
        stands = standing(here, root, first, how["simulate"])
        done = DoneSoFar(stands.known.progress, stands.known.trains, stands.planner.costs)
        found.append(NetworkSite(here, done, stands.begin))
    return found, first


def page(found: "Allocation", zones: dict[str, str]) -> list[str]:
    """Return the allocation for people: nights, and in each every site's trains by the site's clocks."""
    from obsy.engine.report.words import clock, several
    from obsy.engine.report.words import zone as mark

    lines: list[str] = []
    marks = [mark(each.start, zones[each.site]) if len(set(zones.values())) > 1 else "" for each in found.allotted]
    of_mark, told = max(map(len, marks), default=0), None
    places = [f"{each.train} at {each.site}" if len(zones) > 1 else each.train for each in found.allotted]
    width = max(map(len, places), default=0)
    for each, where, by in zip(found.allotted, places, marks, strict=True):
        if each.night != told:
            lines += [*([""] if lines else []), f"The night of {each.night}:"]
            told = each.night
        zone = zones[each.site]
        when = f"{clock(each.start, zone)}–{clock(each.end, zone)}{f' {by:<{of_mark}}' if by else ''}"
        lines.append(f"  {when}  {where:<{width}}  {each.plan} {each.goal}, {several(each.frames, 'frame')}")
    if found.left:
        lines += ["", "Left:"]
        lines += [f"  {each.plan} {each.goal}, {several(each.frames, 'frame')}: {each.reason}" for each in found.left]
    if not found.allotted:
        return ["Nothing can be taken in these nights.", *lines]
    gap = 1 - found.value / found.at_most if found.at_most > 0 else 0.0
    return [*lines, "", f"Value {found.value:.1f}, at most {found.at_most:.1f} (gap {100 * gap:.0f} %)"]


def _shape(found: "Allocation", days: list[date]) -> dict[str, Any]:
    from dataclasses import asdict

    from obsy.engine.journal import stamp

    allotted = [
        {**asdict(each), "night": each.night.isoformat(), "start": stamp(each.start), "end": stamp(each.end)}
        for each in found.allotted
    ]
    return {
        "nights": [each.isoformat() for each in days],
        "allotted": allotted,
        "left": [asdict(each) for each in found.left],
        "worth": {"value": round(found.value, 2), "at_most": round(found.at_most, 2)},
    }
