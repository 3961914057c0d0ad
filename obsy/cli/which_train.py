"""Which train is meant where none is named: the one that suits, and why, is said."""

from typing import TYPE_CHECKING

import click

from obsy.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from obsy.engine.declare.observatory import Observatory
    from obsy.schemas.train import Train


def trains_of(observatory: "Observatory", name: str | None) -> "list[Train]":
    """Return the train of that name alone, or all in use. Raise UserError if there is none."""
    from obsy.diagnostics import did_you_mean, there_are

    trains = {each.name: each.train for each in observatory.instruments}
    gone = {each.name: each.train.retired for each in observatory.retired}
    if name in gone:
        others = f"name {'one of ' * (len(trains) > 1)}{', '.join(trains)}" if trains else "declare one that is in use"
        raise UserError(f"'{name}' is retired since {gone[name]}: {others}")
    if name is not None and name not in trains:
        mend = did_you_mean(name, trains, there_are(trains))
        raise UserError(f"no train at {observatory.site.name} is named '{name}': {mend}")
    if not trains:
        raise UserError(f"no train stands at {observatory.site.name}: declare one, and what it stands on")
    return [trains[name]] if name is not None else list(trains.values())


def for_transits(trains: "Sequence[Train]") -> "Train":
    """Return the train with the largest aperture of those with a filter for transits, and tell which was taken."""
    from obsy.engine.choice.ranking import HOST_ROLES

    able = [each for each in trains if {*HOST_ROLES} & {*each.roles}] or trains
    chosen = max(able, key=lambda each: each.telescope.aperture)
    tell_choice(chosen, trains, f"the largest aperture with a filter {' or '.join(HOST_ROLES)}")
    return chosen


def tell_choice(chosen: "Train", trains: "Sequence[Train]", why: str) -> None:
    """Say on standard error which of several trains was taken."""
    if len(trains) > 1:
        others = " and ".join(each.name for each in trains if each is not chosen)
        click.echo(f"for {chosen.name}, {why}; '--for' chooses {others}", err=True)
