"""What the sky of each night to come is like: clear, clouded, or clear before or after one moment; drawn by a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from obsy.engine.forecast.climate import Climate
from obsy.engine.sky.grid import Floats

_KEY = 0x0B5C


@dataclass(frozen=True, eq=False)
class ClearSpells:
    """When each night is clear, in each draw, as shares of its dark; (nights, draws)."""

    begin: Floats
    end: Floats
    """Not after `begin` where a night is clouded."""

    def of(self, night: int, dark_s: tuple[float, float]) -> tuple[Floats, Floats]:
        """Return from when until when a night is clear, in seconds; what is clear at an end of the dark is so beyond.

        dark_s: when it begins and ends.
        """
        begin, end = self.begin[night], self.end[night]
        at_s = [dark_s[0] + each * (dark_s[1] - dark_s[0]) for each in (begin, end)]
        is_clear = begin < end
        return (
            np.where(is_clear & (begin == 0), -np.inf, at_s[0]),
            np.where(is_clear & (end == 1), np.inf, np.where(is_clear, at_s[1], -np.inf)),
        )


def clear_spells(of: Climate, days: Sequence[date], draws: int, seed: int) -> ClearSpells:
    """Return when the nights are clear.

    The numbers of a night depend on the seed, the night and the draw alone: more nights or draws change none of them.
    """
    begin, end = np.zeros((2, len(days), draws))
    above: float | Floats = 0.0
    for number, day in enumerate(days):
        random = np.random.Generator(np.random.Philox(key=[seed, _KEY + day.toordinal()])).random((draws, 4))
        lots, part, edge, which = random.T
        clear = of.on(day)
        is_good = lots < clear + of.persistence * above
        above = is_good - clear
        is_part = part < 2 * of.partly * np.where(is_good, 1 - clear, clear)  # as many good ones lose as bad ones win
        ends_clear = is_part & (which < 0.5)  # noqa: PLR2004
        begin[number] = np.where(ends_clear, edge, 0.0)
        end[number] = np.where(is_part & ~ends_clear, edge, np.where(is_good | ends_clear, 1.0, 0.0))
    return ClearSpells(begin, end)
