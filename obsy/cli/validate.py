"""Check every file; change nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from obsy.cli.excerpt import with_excerpts
from obsy.cli.uncollected import uncollected
from obsy.diagnostics import Diagnostic
from obsy.engine.declare.checked import Checked
from obsy.engine.declare.folders import observatories

LET_PASS = frozenset({"only-retired"})
"""Warnings of what may be meant to stay: a plan for old frames, which `--strict` refuses no more than a night does."""


def _explain(_ctx: click.Context, _param: click.Parameter, code: str | None) -> None:
    if code is not None:
        from obsy.cli.explain import explain

        click.echo(explain(code))
        raise click.exceptions.Exit


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for machines, as annotations of a GitHub run, or for what shows findings of any tool.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="A warning is a complaint, but for one of old frames' plans.")
@click.option("--cache/--no-cache", default=True, help="Whether what is well is noted in .obsy/, and believed.")
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="What a complaint's code means, an example, and the cure.",
)
def validate(paths: tuple[Path, ...], shape: str, as_json: bool, strict: bool, cache: bool) -> None:
    """Check the plans at PATHS, folders or files, and the observatory they lie in: its site/ and library/.

    Without PATHS, or with some of site/ or library/ only, all of plans/ is checked. No hardware and no network is
    needed, and nothing is changed; where all is well, that is noted in .obsy/ until something changes. Exits 1 if there
    is a complaint.
    """
    meant = observatories(*paths)
    seen = [_checked(root, plans, cache) for root, plans in meant.items()]
    found = {complaint for each in seen for complaint in each.complaints}
    warned = {warning for each in seen for warning in each.warnings}
    if strict:
        found |= (refused := {each for each in warned if each.code not in LET_PASS})
        warned -= refused
    told = Told(sorted(found), sorted(warned), seen)
    SHAPES["json" if as_json else shape](told)
    if told.found:
        raise SystemExit(1)
    if shape == "text" and not as_json:
        _quote(meant)


def _quote(meant: Iterable[Path]) -> None:
    """Print what was forecast, where that was kept."""
    for root in meant:
        if any((root / ".obsy").glob("forecast-*.json")):
            from obsy.cli.quote import quotes

            for words in quotes(root):
                click.echo(words)


def _checked(root: Path, plans: tuple[Path, ...], cache: bool) -> Checked:
    """What is said of an observatory: what was said the last time, if nothing has changed since."""
    memory = None
    if cache:
        from obsy.engine.declare.memory import Memory

        memory = Memory(root, plans)
        if (kept := memory.recall()) is not None:
            return kept
    with uncollected():  # models, nodes and documents are made by thousands (bench/validate.py)
        from obsy.cli.examine import examine

        checked, besides = examine(root, plans, memory.read if memory is not None else {})
    if memory is not None:
        memory.keep(checked, besides)
    return checked


class Told(NamedTuple):
    """What is said of the files."""

    found: Sequence[Diagnostic]
    """Complaints."""
    warned: Sequence[Diagnostic]
    seen: Sequence[Checked]


def _text(told: Told) -> None:
    for warning in with_excerpts(told.warned):
        click.echo(f"{warning}\n    This is a warning: it keeps no night from running.", err=True)
    for complaint in with_excerpts(told.found):
        click.echo(complaint, err=True)
    if told.found:
        files = len({complaint.mark.file for complaint in told.found})
        click.echo(f"\n{_many(len(told.found), 'complaint')} in {_many(files, 'file')}.", err=True)
    else:
        click.echo(_well(told.seen))


def _json(told: Told) -> None:
    import json

    levels = [*((each, "error") for each in told.found), *((each, "warning") for each in told.warned)]
    every = [each.as_json() | {"level": level} for each, level in sorted(levels)]
    click.echo(json.dumps(every, indent=2, ensure_ascii=False))


def _github(told: Told) -> None:
    for warning in told.warned:
        click.echo(annotation(warning, "warning"))
    for complaint in told.found:
        click.echo(annotation(complaint))


def _sarif(told: Told) -> None:
    import json

    from obsy.cli.sarif import sarif

    click.echo(json.dumps(sarif(told.found, told.warned), indent=2, ensure_ascii=False))


SHAPES: dict[str, Callable[[Told], None]] = {"text": _text, "json": _json, "github": _github, "sarif": _sarif}


def annotation(complaint: Diagnostic, level: str = "error") -> str:
    """A complaint as GitHub's workflow command, which shows it beside the line."""
    mark = complaint.mark
    words = f"{complaint.found}\nexpected: {complaint.expected}\nmend: {complaint.mend}"
    place = f"file={_property(mark.file)},line={mark.line},col={mark.column},title={_property(complaint.code)}"
    return f"::{level} {place}::{_escaped(words)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _well(seen: Sequence[Checked]) -> str:
    """Return what was checked, counted."""
    kinds = sum((Counter(each.kinds) for each in seen), Counter[str]())
    plans, others = kinds.pop("plan", 0), _list([_many(count, kind) for kind, count in sorted(kinds.items())])
    files = sum(each.files for each in seen)
    return f"All is well: {_many(plans, 'plan')}; {others}; {_many(files, 'file')}."


def _many(count: int, noun: str) -> str:
    if noun == "weather":
        noun = "weather input"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun.removesuffix("s") + "s"
    return f"{count} {noun if count == 1 else plural}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words) if words else "nothing else"
