"""Every question that takes minutes at most, asked one after another, each in a process of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

from bench._answer import answer

FOLDER = Path(__file__).resolve().parent


def questions(long: bool) -> list[str]:
    """The names of the files that measure something, in order; the long ones only if asked for."""
    files = [path for path in sorted(FOLDER.glob("*.py")) if not path.name.startswith("_")]
    return [p.stem for p in files if long or not re.search(r"^LONG = True$", p.read_text("utf-8"), re.MULTILINE)]


def main() -> int:
    """Ask and tell all; 1 if any question found no answer."""
    failed = 0
    for name in questions(long="--long" in sys.argv[1:]):
        command = [sys.executable, "-m", f"bench.{name}", "--json"]
        asked = subprocess.run(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, check=False)
        if asked.returncode:
            sys.stderr.write(f"bench.{name} found no answer (exit {asked.returncode})\n")
            failed = 1
            continue
        for line in asked.stdout.splitlines():
            found = json.loads(line)
            answer(f"{name}: {found.pop('question')}", found)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
