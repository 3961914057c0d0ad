"""What `obsy drill --list` prints, of rehearsals and of a real roof."""

import json
from collections.abc import Mapping

import click


def say_drills(every: Mapping[str, str], width: int, *, as_json: bool) -> None:
    """Print drills. every: what each is about, by its name. width: of the column of names."""
    told = json.dumps([{"drill": name, "about": about} for name, about in every.items()], indent=2)
    click.echo(told if as_json else "\n".join(f"{name:<{width}}  {about}" for name, about in every.items()))
