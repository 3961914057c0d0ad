"""Who signs what is written for the AAVSO: whoever is named, or else a plan's owner, or the only person with a code.

A page names nobody: where neither is declared, who signed the report that stands signs the one that replaces it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.engine.science.aavso_rules import is_observer_code
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.schemas.people import Person

SOCIETY = "aavso"
SIGNED = "#OBSCODE="
"""What precedes the code in each of the AAVSO's forms, at the beginning of a line."""


def observer_code(
    said: str | None, people: Iterable["Person"], owner: str | None, society: str = SOCIETY
) -> str | None:
    """Return the observer's code at the AAVSO or at another society, in capitals; None where nobody is it.

    owner: of the plan, by name, who signs if the person is declared. Raises UserError if it is no such code.
    """
    known = list(people)
    owning = [each for each in known if each.name == owner]
    codes = {each.codes[society] for each in owning or known if society in each.codes}
    code = said or (codes.pop() if len(codes) == 1 else None)
    if code is not None and not is_observer_code(code):
        gives = f"the {society.upper()} gives codes of 1 to 5 letters and digits"
        raise UserError(f"{code!r} is no code of an observer: {gives}")
    return None if code is None else code.upper()


def signed_by(report: Path, signed: str = SIGNED) -> str | None:
    """Return by whose code a report that stands is signed; None where there is none, or nobody's."""
    try:
        lines = report.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    code = next((line.removeprefix(signed) for line in lines if line.startswith(signed)), "")
    return code if is_observer_code(code) else None
