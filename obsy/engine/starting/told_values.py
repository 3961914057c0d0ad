"""The values of a document that frames tell, each with how many told it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from obsy.engine.starting.found import number

Said = TypeVar("Said", int, str)


@dataclass(frozen=True, slots=True)
class ToldValues:
    """What was found so far."""

    values: dict[str, str | int] = field(default_factory=dict)
    """By the keys of the document."""
    why: dict[str, str] = field(default_factory=dict)
    """Of which frames each is; what is not here is a guess."""

    def say(self, key: str, value: str | int, why: str) -> None:
        """Keep what is known, and of whom."""
        self.values[key], self.why[key] = value, why

    def guess(self, key: str, value: str) -> None:
        """Keep what nobody told, and what seems likely."""
        self.values[key] = value

    def doubt(self, key: str, words: str) -> None:
        """Add what speaks against a value."""
        self.why[key] += f" ({words})"

    def middle(self, key: str, unit: str, told: Iterable[float | None]) -> float | None:
        """Keep the median of what was told, and return it; None if nothing was."""
        if not (known := [each for each in told if each is not None]):
            return None
        self.say(key, number(value := median(known), unit), several(len(known)))
        return value

    def most(self, key: str, told: Iterable[Said | None]) -> Said | None:
        """Keep what most told, and return it; None if nothing was."""
        counted = Counter(each for each in told if each is not None)
        if not counted:
            return None
        value, many = min(counted.items(), key=lambda each: (-each[1], str(each[0])))
        self.say(key, value, several(many) + (f" of {counted.total()}" if many < counted.total() else ""))
        return value


def several(frames: int) -> str:
    """Return '12 frames'."""
    return f"{frames} frame{'s' * (frames != 1)}"


def three(value: float) -> float:
    """Return a measured value to three digits."""
    return float(f"{value:.3g}")
