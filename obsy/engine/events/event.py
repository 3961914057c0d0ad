"""What every event has: a name, a severity, facts, and words for people; and the register of them all."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields, replace
from enum import IntEnum
from typing import Annotated, Any, ClassVar, Never, Self, dataclass_transform


class Severity(IntEnum):
    """Who must hear of an event."""

    INFO = 0
    """The journal alone."""
    NOTICE = 1
    """Whoever watches the night."""
    TROUBLE = 2
    """Whoever reads the report in the morning, too."""
    ALARM = 3
    """The same, before all else: it may need hands at once."""


INFO, NOTICE, TROUBLE, ALARM = Severity

EVENTS: dict[str, type["Event"]] = {}
"""Every event by its name in the journal."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Event:
    """One thing that happened. Its facts are its fields: their names carry the unit, `Annotated` says what they are.

    A fact whose default is None is left out of the journal where it does not apply. A class without words is a base.
    Each is a frozen dataclass in all but that these methods are its own: to have them written and compiled for each of
    ninety events took a twentieth of a second of every verb.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _unsaid: ClassVar[Mapping[str, Any]] = {}
    """Each fact as it is where nobody says it; MISSING of what must be said."""
    name: ClassVar[str] = ""
    """As the journal has it: of `RoofOpened` it is 'roof-opened', unless the class says otherwise."""
    severity: ClassVar[Severity] = INFO
    says: ClassVar[str] = ""
    """A sentence for people, its facts in braces."""
    formerly: ClassVar[Mapping[str, str]] = {}
    """What facts are called that journals of earlier versions have under another name."""

    def __init_subclass__(cls, says: str = "", severity: Severity = INFO, name: str = "") -> None:
        """Find the fields of an event and register it."""
        dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)
        cls._unsaid = {each.name: each.default for each in fields(cls)}
        cls.says, cls.severity = says, severity
        if says:
            cls.name = name or re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
            if EVENTS.setdefault(cls.name, cls) is not cls:
                raise TypeError(f"two events are called '{cls.name}'")

    def __init__(self, **facts: Any) -> None:
        """Keep the facts of an event. Raise TypeError if one is missing, or is none of its own."""
        told = {**self._unsaid, **facts}
        if len(told) > len(self._unsaid):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(facts.keys() - self._unsaid))}")
        if missing := [each for each, value in told.items() if value is MISSING]:
            raise TypeError(f"{type(self).__name__} is missing {', '.join(missing)}")
        vars(self).update(told)

    def __setattr__(self, name: str, value: object) -> Never:
        """Raise FrozenInstanceError: what happened stays as it was."""
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> Never:
        """Raise FrozenInstanceError."""
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        """Whether the same happened."""
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        """Return the same number for what is equal."""
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        """Return it as it is made."""
        told = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__qualname__}({told})"

    def facts(self) -> dict[str, Any]:
        """Return the facts by their names in the journal: `from`, a word of Python's, is here the field `from_`."""
        told = ((each, getattr(self, each.name)) for each in fields(self))
        return {each.name.rstrip("_"): it for each, it in told if it is not None or each.default is MISSING}

    def under(self, enclosure: str) -> Self:
        """Return the event with the enclosure it happened under, if it is one that says so."""
        return replace(self, **{"enclosure": enclosure}) if any(f.name == "enclosure" for f in fields(self)) else self

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """Return the sentence with these facts in it, in one line; one that is null or missing leaves no gap."""
        told = ((cls.formerly.get(name, name), value) for name, value in facts.items() if value is not None)
        return " ".join(cls.says.format_map(defaultdict(_Nothing, told)).split())


class _Nothing:
    def __format__(self, _: str) -> str:
        return ""


Log = Callable[[Event], None]
"""Keeps an event under the time of the call."""
Reason = Annotated[str, "in words"]
Which = Annotated[str | None, "which one"]


def severity(entry: Mapping[str, Any]) -> Severity:
    """Return how grave a journal entry is. An event that this version does not know is for the journal alone."""
    kind = EVENTS.get(entry["event"])
    return kind.severity if kind else INFO


def words(entry: Mapping[str, Any], several: bool = False) -> str:
    """Return a journal entry as a sentence for people; empty if there is nothing to say.

    several: whether there are several enclosures, so that it must be said which one.
    """
    kind = EVENTS.get(entry["event"])
    said = kind.words(entry) if kind else ""
    return f"{entry['enclosure']}: {said}" if said and several and entry.get("enclosure") else said
