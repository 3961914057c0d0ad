"""What a complaint's code means, an example of it and its cure: the words of the manual's page of complaints."""

import re
from pathlib import Path

import click

from obsy.diagnostics import close

PAGE = Path(__file__).resolve().parents[1] / "complaints.md"


REASONS = {
    "below-horizon": "while it is dark, the target stays behind the horizon that was measured: a star has its season, a"
    " satellite other nights, and a place over the ground needs more altitude",
    "cut-off": "the transit or event would not be whole: it reaches out of the night, or a condition breaks it",
    "flyover-taken": "others are taken while the satellite passes, and it gets what they leave: raise 'priority'",
    "gave-way": "it is under way, and waits while something with a higher claim is taken",
    "gives-way": "an alert wants another plan now, before which its rule lets this one wait",
    "in-shadow": "the satellite keeps the plan's limits only in the Earth's shadow, where no sunlight falls on it",
    "never-dark": "the night does not get as dark as 'sun' asks",
    "never-together": "each condition under 'when' holds for a while, and never all at once: ask for less",
    "night-over": "the night has ended",
    "no-time-left": "the night is worth more with others then, or what is left is too short: raise 'priority', or wait",
    "no-flyover": "the satellite does not come over again in what is left of the night",
    "no-train": "no train has the filters, the field and the scale that it needs: see 'want' and 'needs'",
    "no-transit-tonight": "the transit or event that it covers does not happen in what is left of the night",
    "not-built-yet": "the plan is well, and this version does not carry out the word that is named: all else is taken",
    "not-chosen": "others of the plan's list of targets have been chosen tonight",
    "not-due": "'every' makes it due at the time that is named",
    "nothing-measured": "a signal to noise is asked, and the night's first frames tell none: see what they lack",
    "nothing-shows": "no star stands out at the place of which a signal to noise is asked: expose longer, or say 'of'",
    "paused": "the plan rests until the date that 'paused' has",
    "too-faint": "by its frames so far, the signal to noise that is asked takes longer than its target can be had",
    "window-too-short": "the time when all holds is shorter than the plan asks",
}
"""Why a goal is not taken tonight, as a dry run tells it: no complaint, for the plan is well."""


def explanations() -> dict[str, str]:
    """Return what is to be said of each code, in the order of the page."""
    parts = re.split(r"^### (.+)\n", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {code: said.partition("\n## ")[0].strip() for code, said in zip(parts[1::2], parts[2::2], strict=True)}


def explain(code: str) -> str:
    """Return what a code means. Raise click.UsageError, with the codes most like it, if there is none of that name."""
    known = explanations()
    if code in REASONS:
        return f"{code}\n\nNot a complaint, but why a goal is not taken tonight: {REASONS[code]}."
    if code in known:
        return f"{code}\n\n{known[code]}"
    alike = " or ".join(f"'{each}'" for each in close(code, [*known, *REASONS]))
    mend = f"did you mean {alike}?" if alike else f"it is one of {', '.join(known)}"
    raise click.UsageError(f"no complaint has the code '{code}': {mend}")
