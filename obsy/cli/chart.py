"""Where a chart goes that a verb was asked for: to a file as SVG, or to the screen as text."""

from collections.abc import Callable
from pathlib import Path

import click

from obsy.errors import UserError

SCREEN = "-"


class DrawnFile(click.ParamType[str]):
    """A file that ends in .svg, or `-` for the screen; or one of another ending."""

    name = "FILE"

    def __init__(self, ending: str = ".svg") -> None:
        self._ending = ending

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it is; refuse what is no picture."""
        if (value != SCREEN or self._ending != ".svg") and not value.endswith(self._ending):
            right, screen = Path(value).with_suffix(self._ending), ", or '-' for text on the screen"
            also = screen if self._ending == ".svg" else ""
            self.fail(f"'{value}' does not end in {self._ending}: write '{right}'{also}", param, ctx)
        return value


def draw(where: str, svg: Callable[[], str], text: Callable[[], str]) -> None:
    """Write the picture to its file, whole or not at all, and say so; or print the text."""
    if where == SCREEN:
        click.echo("\n" + text())
    else:
        write(where, svg())


def write(where: str, drawn: str) -> None:
    """Write a picture or a page to its file, whole or not at all, and say so."""
    from obsy.engine.disk import write_whole

    try:
        write_whole(Path(where), drawn.encode())
    except OSError as error:
        raise UserError(f"'{where}' cannot be written: {error.strerror or error}") from error
    click.echo(f"Drawn: {where}", err=True)


def check(where: str | None, as_json: bool, but: str = "") -> None:
    """Refuse a chart that stands against something else, as `but` says, and text on a screen that a machine reads."""
    if where is not None and but:
        raise click.UsageError(but)
    if where == SCREEN and as_json:
        raise click.UsageError("--json leaves the screen to a machine: name a file that ends in .svg for the chart")
