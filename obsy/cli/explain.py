"""What a complaint's code means, an example of it and its cure: the words of the manual's page of complaints."""

import re
from pathlib import Path

import click

from obsy.diagnostics import close

PAGE = Path(__file__).resolve().parents[1] / "complaints.md"


def explanations() -> dict[str, str]:
    """Return what is to be said of each code, in the order of the page."""
    parts = re.split(r"^### (.+)\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {code: said.partition("\n## ")[0].strip() for code, said in zip(parts[1::2], parts[2::2], strict=True)}


def explain(code: str) -> str:
    """Return what a code means. Raise click.UsageError, with the codes most like it, if there is none of that name."""
    known = explanations()
    if code in known:
        return f"{code}\n\n{known[code]}"
    alike = " or ".join(f"'{each}'" for each in close(code, known))
    mend = f"did you mean {alike}?" if alike else f"it is one of {', '.join(known)}"
    raise click.UsageError(f"no complaint has the code '{code}': {mend}")
