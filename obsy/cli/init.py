"""Make the folder of a new observatory."""

import json
import shlex
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from obsy.engine.starting.found import FoundAnswers
from obsy.engine.starting.questions import QUESTIONS, SetupQuestion, slug
from obsy.errors import UserError


def _flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a verb a flag for every question."""
    for each in reversed(QUESTIONS):
        about = f"{each.ask} ({each.why})." + (f" [{each.default}]" if isinstance(each.default, str) else "")
        command = click.option(f"--{each.key}", metavar="TEXT", help=about)(command)
    return command


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@_flags
@click.option("--from-indi", metavar="HOST[:PORT]", help="Ask a running INDI server which devices it sees.")
@click.option(
    "--from-ekos",
    metavar="[FILE]",
    is_flag=False,
    flag_value="",
    help="Read a profile of EKOS from KStars' userdb.sqlite, which stays as it is; your own if FILE is left out.",
)
@click.option("--profile", metavar="NAME", help="Which profile of EKOS.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not said gets its default.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine; asks nothing.")
def init(
    folder: Path | None, from_indi: str | None, from_ekos: str | None, profile: str | None, yes: bool, **said: Any
) -> None:
    """Make an observatory at FOLDER: the site, the equipment, the house rules and a first plan for tonight.

    Asks on a terminal, with a default for every question; flags answer beforehand. What is made passes `obsy validate
    --strict` before it is put there, and nothing that is there is overwritten.
    """
    as_json = said.pop("as_json")
    if from_indi and from_ekos is not None:
        raise click.UsageError("--from-indi and --from-ekos both tell the equipment: choose one of the two")
    asks = sys.stdin.isatty() and not yes and not as_json
    if folder is None and not (asks or yes):
        raise click.UsageError("name the FOLDER to be made, or fill the one you are in with '--yes'")
    from obsy.engine.starting.folder import refuse_if_taken

    folder = folder or Path()
    refuse_if_taken(folder.absolute())  # said before anything is asked
    found = _found(from_indi, from_ekos, profile)
    given = {key.replace("_", "-"): value for key, value in said.items() if value is not None}
    answers = {"name": slug(folder.absolute().name), **found.answers}
    for remark in found.remarks:
        click.echo(f"take care: {remark}", err=True)
    for each in QUESTIONS:
        answers[each.key] = _answer(each, given.get(each.key), answers.get(each.key) or each.usual(answers), asks)
    files = _make(folder, answers)
    cd = f"cd {shlex.quote(str(folder))} && " if str(folder) != "." else ""
    then = [f"{cd}obsy validate", "obsy apply plans/ --dry-run"]
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "files": files, "answers": answers, "next": then}, indent=2))
    else:
        click.echo(_page(folder, answers, files, then))


def _found(indi: str | None, ekos: str | None, profile: str | None) -> FoundAnswers:
    if indi:
        from obsy.cli.server import address_of, told_by
        from obsy.engine.starting.from_indi import from_indi

        address = address_of(indi, "--from-indi")
        answers, remarks = from_indi(told_by(address))
        return FoundAnswers({**answers, "indi_server": str(address)}, remarks)
    if ekos is not None:
        from obsy.engine.starting.from_ekos import DATABASE, SETTINGS, from_ekos

        return from_ekos(Path(ekos) if ekos else Path.home() / DATABASE, profile, Path.home() / SETTINGS)
    if profile:
        raise click.UsageError("--profile is one of EKOS: add --from-ekos")
    return FoundAnswers({})


def _answer(question: SetupQuestion, given: str | None, usual: str, asks: bool) -> str:
    """Return the answer to a question, asking again until it is one."""
    if given is not None or not asks:
        return question.answer(usual if given is None else given)
    click.echo(f"\n{question.ask} ({question.why})")
    while True:
        try:
            return question.answer(click.prompt(" ", default=usual, prompt_suffix=" "))
        except UserError as fault:
            click.echo(f"  {fault}", err=True)


def _make(folder: Path, answers: Mapping[str, str]) -> list[str]:
    from obsy.engine.starting.folder import make

    return make(folder, answers, datetime.now(UTC))


def _page(folder: Path, answers: Mapping[str, str], files: list[str], then: list[str]) -> str:
    """What was made of which answers, and what to do next."""
    lines = [f"{folder}: an observatory of {len(files)} files, and all of it is well.", ""]
    lines += [f"  {each.ask:26}{answers[each.key]}" for each in QUESTIONS]
    lines += [f"  {'INDI server':26}{answers[key]}" for key in ("indi_server",) if key in answers]
    lines += [f"  {key.replace('_device', ''):26}{said} (INDI)" for key, said in answers.items() if "_device" in key]
    lines += ["", "What is marked 'measure' or 'guess' in site/ wants your hand before a real night."]
    lines += ["OWNER and COMMIT in .github/workflows/obsy.yml want it before a push."] * answers["obsy"].startswith(
        "OWNER"
    )
    lines += ["", "Next:"]
    return "\n".join([*lines, *(f"  {each}" for each in then)])
