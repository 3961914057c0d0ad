"""Dice for what is drawn by chance."""

from random import Random
from typing import Any


class Loaded(Random):
    """Dice that fall as they are told."""

    def __init__(self, *falls: float) -> None:
        super().__init__(0)
        self.falls: list[Any] = list(falls)
        self.asked: list[Any] = []

    def random(self) -> float:
        return float(self.falls.pop(0))

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:  # noqa: ARG002
        self.asked.append(start)
        return int(self.falls.pop(0))

    def randint(self, a: int, b: int) -> int:
        self.asked.append((a, b))
        return int(self.falls.pop(0))

    def choice(self, seq: Any) -> Any:
        return seq[int(self.falls.pop(0))]
