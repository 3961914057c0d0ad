"""Measure obsy: one file a question, each asked in a process of its own.

usage: python -m bench [--list] [--long] [--json] [--against FILE] [NAME [ARGUMENT...]]

  NAME            ask only this question; ARGUMENTs are passed on to it
  --list          print the questions, and ask none
  --long          ask also what takes many minutes
  --json          print one object a question, on a line of its own; keep it in a file to compare with
  --against FILE  print each figure beside the one in FILE, and by how much it changed

Before and after a change: `make bench BENCH=--json > before.jsonl`, then `make bench BENCH="--against before.jsonl"`.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bench._answer import answer, compare

FOLDER = Path(__file__).resolve().parent
USAGE = 2


class UsageError(Exception):
    """The command line asks for something that is not there."""


def questions(long: bool) -> list[str]:
    """Return the names of the files that measure something, in order; the long ones only if asked for."""
    files = [path for path in sorted(FOLDER.glob("*.py")) if not path.name.startswith("_")]
    return [p.stem for p in files if long or not re.search(r"^LONG = True$", p.read_text("utf-8"), re.MULTILINE)]


def about(name: str) -> str:
    """Return what a question's file says of itself."""
    return ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))) or ""


def ask(name: str, arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the answers to one question. Raise CalledProcessError if it found none."""
    command = [sys.executable, "-m", f"bench.{name}", "--json", *arguments]
    asked = subprocess.run(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, check=True)
    for line in asked.stdout.splitlines():
        found = json.loads(line)
        yield {"question": f"{name}: {found.pop('question')}", **found}


def before(arguments: list[str]) -> dict[str, dict[str, Any]]:
    """Take `--against FILE` from the arguments and return the answers in that file by their questions."""
    if "--against" not in arguments:
        return {}
    at = arguments.index("--against")
    try:
        lines = Path(arguments[at + 1]).read_text("utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
    except (IndexError, OSError, ValueError) as error:
        raise UsageError(f"--against needs a file that `python -m bench --json` printed: {error}") from None
    del arguments[at : at + 2]
    return {each.pop("question"): each for each in found}


def chosen(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the questions to ask, and the arguments that are passed on."""
    own = [each for each in arguments if not each.startswith("-")]
    switches = set(arguments[: arguments.index(own[0])] if own else arguments) - {"--list", "--long", "--json"}
    if switches:
        raise UsageError(f"no such option: {', '.join(sorted(switches))}")
    if not own:
        return questions(long="--long" in arguments), []
    if own[0] not in (known := questions(long=True)):
        near = get_close_matches(own[0], known, 1)
        raise UsageError(f"no such question: {own[0]}" + (f"; did you mean {near[0]}?" if near else ""))
    return [own[0]], [each for each in arguments[arguments.index(own[0]) + 1 :] if each != "--json"]


def tell_all(names: list[str], passed: list[str], known: dict[str, dict[str, Any]]) -> int:
    """Ask and tell; 1 if any question found no answer."""
    failed = 0
    for name in names:
        try:
            for found in ask(name, passed):
                question = str(found.pop("question"))
                if known:
                    compare(question, known.get(question, {}), found)
                else:
                    answer(question, found)
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"bench.{name} found no answer (exit {error.returncode})\n")
            failed = 1
    return failed


def main(arguments: list[str]) -> int:
    """Read the command line, ask, and tell."""
    try:
        known = before(arguments)
        names, passed = chosen([each for each in arguments if each not in {"--help", "-h"}])
    except UsageError as error:
        sys.stderr.write(f"{error}\nquestions: {', '.join(questions(long=True))}\nsee python -m bench --help\n")
        return USAGE
    alone = len(names) == 1 and names[0] in arguments
    if "--help" in arguments or "-h" in arguments:
        sys.stdout.write((about(names[0]) if alone else str(__doc__)) + "\n")
        return 0
    if "--list" in arguments:
        short = questions(long=False)
        for name in questions(long=True):
            sys.stdout.write(f"{name:10} {about(name).splitlines()[0]}{'' if name in short else ' (long)'}\n")
        return 0
    return tell_all(names, passed, known)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
