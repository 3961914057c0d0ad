"""What happens in the sky asks for a plan: carried out where that is an alert, else read and checked."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Text, Whole
from obsy.schemas.phrase import Phrase
from obsy.schemas.trigger import Trigger
from obsy.units import DURATION, Before, Hours, duration


class Preempts(Phrase):
    """Which plans give way to it while they run."""

    below: Annotated[Whole, Field(ge=1, le=11)]
    """Those with a priority below this."""


def _no_sentence(value: object) -> object:
    if isinstance(value, str) and (said := value.strip()):
        from obsy.schemas.sentence import is_condition, rewritten  # noqa: PLC0415 - only what is amiss needs it

        meant = rewritten(said, Trigger) if is_condition(said) else f"{{alert: {said}}}"
        mend = f"write '{meant}'" if meant else "write for example '{when: {seeing: below 1.5 arcsec}}'"
        raise unfit("not-a-mapping", expected="an alert, an object with a magnitude, or a condition", mend=mend)
    return value


def _named_or_written(value: object) -> object:
    if not isinstance(value, str | dict):
        mend = "write the name of a plan, or '!include {file: parts/burst.yaml, with: {ra: $ra, dec: $dec}}'"
        raise unfit("not-understood", expected="the name of a plan, or a plan", mend=mend)
    return value


class Rule(Document):
    """A plan that is asked for when something happens."""

    is_reserved: ClassVar[bool] = True
    kind: Literal["rule"]
    trigger: Annotated[Trigger, Before(_no_sentence)]
    """What happens."""
    plan: Annotated[Text | dict[str, Any], Before(_named_or_written)]
    """The plan that is then asked for, by its name, and until then takes nothing; or a plan with `$name`, `$called`,
    `$ra`, `$dec` and `$magnitude` for what the trigger tells."""
    lasts: Hours
    """For how long."""
    preempts: Preempts | None = None
    """Which plans give way to it while they run; none if left out."""
    mode: Literal["rehearsal", "live"] = "rehearsal"
    """A rule is rehearsed until it is said to be live."""

    def aloud(self) -> str:
        """What it does, or would do, as a sentence without its end."""
        plan = self.plan if isinstance(self.plan, str) else self.plan.get("name", "")
        ahead = f", ahead of plans with a priority below {self.preempts.below}" if self.preempts is not None else ""
        is_wanted = "is wanted" if self.mode == "live" and self.trigger.alert is not None else "would be wanted"
        asked = f"plan '{plan}' {is_wanted} for {duration(self.lasts * DURATION['h'])}{ahead}"
        return f"when {self.trigger.aloud()}, {asked}{' (a rehearsal)' if self.mode == 'rehearsal' else ''}"
