"""What every verb about a plan's magnitudes begins with: the plan, its comparison stars, and where its nights lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.schemas.comparison import ComparisonTable
    from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPlan:
    """A plan whose target is compared with declared stars."""

    root: Path
    """The observatory's folder."""
    observatory: "Observatory"
    data_root: "DataRoot"
    """Of the nights that are meant, rehearsed or real."""
    plan: "Plan"
    stars: "ComparisonTable"


def measured_plan(name: str, said: dict[str, Any]) -> MeasuredPlan:
    """Return the plan of a name with what is declared about it.

    said: the options 'plans', 'site', 'simulated' and 'comparison', as a verb has them. Raises UserError, with the
    cure, if there is no such plan, or if its target has no comparison stars.
    """
    from obsy.cli.locate import data_root_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.comparisons import compared_with

    root, paths = rooms(said["plans"])
    observatory = declare(root, *paths, site=said["site"])
    data_root, plan = data_root_of(root, observatory.site, said["simulated"]), plan_of(observatory, name)
    return MeasuredPlan(root, observatory, data_root, plan, compared_with(observatory, plan, said["comparison"]))


def plan_of(observatory: "Observatory", name: str) -> "Plan":
    """Return the plan of a name. Raises UserError, with the cure, if none has it, or if it is a file's."""
    from obsy.diagnostics import did_you_mean, there_are

    every = {each.name: each for each in observatory.plans}
    if name.endswith((".yaml", ".yml")) or "/" in name:
        stem = name.rpartition("/")[2].partition(".")[0]
        known = f"'{stem}'" if stem in every else there_are(sorted(every))
        raise UserError(f"'{name}' is a file, and a plan is asked for by its name: {known}; '--plans' says the folder")
    if name not in every:
        mend = did_you_mean(name, list(every), there_are(sorted(every)))
        raise UserError(f"no plan is named '{name}': {mend}")
    return every[name]


def named_filters(said: tuple[str, ...]) -> dict[str, str]:
    """Return what a person calls filters at the AAVSO, by their roles."""
    return dict(_pair(each) for each in said)


def _pair(said: str) -> tuple[str, str]:
    ours, sign, theirs = said.partition("=")
    if not sign:
        raise click.BadParameter(f"'{said}' names one filter; write 'R=TR'", param_hint="--filter")
    return ours, theirs
