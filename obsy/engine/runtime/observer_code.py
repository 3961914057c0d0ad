"""Who signs what is written for the AAVSO: whoever is named, or else a plan's owner, or the only person with a code."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from obsy.engine.science.aavso_rules import is_observer_code
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.schemas.people import Person

SOCIETY = "aavso"


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
