"""What counts only as a whole: goals that are all had in one night, or not at all."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator

from obsy.diagnostics import unfit
from obsy.schemas.goal import Goal
from obsy.schemas.model import Model, Text, spelt

ONE_NIGHT = "one night"
_TOGETHER = r"\s*one night(?: of ([a-z0-9-]+))?\s*"


class Together(Model):
    """Goals of which a night has all or none."""

    within: Literal["one night"]
    """The time in which all of them are to be had."""
    of: Text | None = None
    """What they are called; the goals of all plans that name it are in it. Unsaid, those of the plan alone."""

    def refuse(self, plan: str, goals: Sequence[Goal], lines: int) -> None:
        """Raise a complaint of amounts of which nobody knows how much one night has, and of a single goal alone.

        lines: how many things are counted, each filter and tile by itself.
        """
        for number, goal in enumerate(goals):
            odd = next((key for key in ("cover", "until") if getattr(goal, key) is not None), None)
            if odd is not None:
                found, mend = (
                    f"'{odd}' beside 'together'",
                    f"write 'count: 10' instead of '{odd}', or remove 'together'",
                )
                expected = "a 'count' or a 'total', all of which one night can have"
                raise unfit("never-whole", at=("want", number, odd), found=found, expected=expected, mend=mend)
        if self.of is None and lines == 1:
            found, expected = "a single goal", "two goals or more, or other plans that it counts together with"
            mend = f"write 'one night of {plan}' here and in the other plan, or remove 'together'"
            raise unfit("never-whole", at=("together",), found=found, expected=expected, mend=mend)


def _as_said(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(_TOGETHER, value, re.ASCII)
    if match is None:
        of = re.search(r"\b(?:of|with|and) ([a-z0-9-]+)", value.casefold(), re.ASCII)
        mend = f"write '{ONE_NIGHT} of {of[1]}'" if of else f"write '{ONE_NIGHT}'"
        expected = "'one night', and the name of what counts together if several plans do"
        raise unfit("not-understood", found="", expected=expected, mend=mend)
    return {"within": ONE_NIGHT, "of": match[1]}


SaidTogether = Annotated[Together, BeforeValidator(_as_said, json_schema_input_type=spelt(_TOGETHER) | Together)]
