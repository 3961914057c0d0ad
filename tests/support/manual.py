"""The manual as it is played: files that its pages write, and commands with what they truly say.

A block of yaml whose first line is a comment with a path is written there; each `$ command` of a console block is run
in the same folder, in the order of the page.
"""

import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from obsy.__main__ import meaning
from obsy.cli import cli
from obsy.errors import ObsyError

BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"# ([a-z0-9/-]+\.yaml)\n")
COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)
WIDTH = "100"
"""Columns of the terminal."""
PATIENCE_S = 900


def play(page: str, here: Path) -> str:
    """Return a page with what each of its commands says when it is run in a folder, after the files before it."""

    def played(block: re.Match[str]) -> str:
        language, body = block.groups()
        if language == "yaml" and (place := PLACE.match(body)):
            (here / place[1]).parent.mkdir(parents=True, exist_ok=True)
            (here / place[1]).write_text(body, encoding="utf-8")
        if language == "console":
            body = "".join(f"$ {command}\n{said(command, here)}" for command in COMMAND.findall(body))
        return f"```{language}\n{body}```"

    return BLOCK.sub(played, page)


def said(command: str, here: Path) -> str:
    """Return what a command says, its errors too; one of obsy's that begins no process is run in this one."""
    if command.startswith("obsy ") and not set("|>&;*") & set(command) and ("apply" not in command or "dry" in command):
        with chdir(here):
            words = shlex.split(command)[1:]
            result = CliRunner(env={"COLUMNS": WIDTH}).invoke(cli, words, prog_name="obsy")
        assert result.exception is None or isinstance(result.exception, SystemExit | ObsyError), result.exc_info
        failed = isinstance(result.exception, ObsyError)
        told = result.output + (f"{meaning(result.exception).words}\n" if failed else "")
    else:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=here,
            env={**os.environ, "PATH": path, "COLUMNS": WIDTH, "PYTHONUNBUFFERED": "1"},  # in the order of a terminal
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        told = ran.stdout
    return re.sub(r" +$", "", told, flags=re.MULTILINE).replace(f"{here.resolve()}/", "")
