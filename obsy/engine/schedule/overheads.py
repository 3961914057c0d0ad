"""What a night loses between frames: slews, settling, filters, focus runs, downloads and the meridian flip."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Self

from obsy.engine.declare.instrument import Instrument
from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.pier import flips
from obsy.engine.separation import separation_deg
from obsy.engine.sequencer.focus_due import focus_is_due
from obsy.engine.sequencer.setting_up import (
    FOCUS_EXPOSURE_S,
    FOCUS_MEASURED_S,
    FOCUS_MOVE_S,
    FOCUS_SAMPLES,
    aims_s,
    usual_s,
)

GRACE_S = 30.0
"""What is declared of slews and focus runs is met to so much."""
DEVIATIONS = 3.0
"""What was learned is met to so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Overheads:
    """The costs of one train on its mount, seconds; rates in degrees per second."""

    slew_deg_s: float
    settle_s: float
    """After a slew, with the centring that is declared."""
    filter_s: float
    download_s: float
    focus_s: float
    flip_s: float
    past_meridian_s: float | None
    """How long the mount tracks past the meridian; None if it need not change sides."""
    late_s: float = 0.0
    """The standard deviation of when a block's first frame begins, as far as it was learned."""
    uneven_s: float = 0.0
    """And of what lies between two frames."""
    focus_every_s: float = inf
    """From one focus run to the next; what begins sooner has none."""
    grace_s: float = 0.0
    """Set-ups may take so much longer than planned, whatever was learned."""
    aims_s: float = 0.0
    """Before each frame of what no mount follows: it is sent ahead, and settles."""

    @classmethod
    def of(cls, instrument: Instrument) -> Self:
        """Return what moving about costs with an instrument."""
        mount, train = instrument.mount, instrument.train
        each_s = FOCUS_MOVE_S + FOCUS_EXPOSURE_S + train.camera.download + FOCUS_MEASURED_S
        german = mount.meridian if mount.type == "german-equatorial" else None
        focus_s = FOCUS_SAMPLES * each_s if train.focuser is not None else 0.0
        anew_s = focus_s if train.focuser is not None and train.focuser.after == "flip" else 0.0
        return cls(
            slew_deg_s=mount.slew,
            settle_s=mount.settle + usual_s(mount, train),
            filter_s=train.filters.change if train.filters is not None else 0.0,
            download_s=train.camera.download,
            focus_s=focus_s,
            flip_s=german.flip + anew_s if german else 0.0,
            past_meridian_s=german.past if german else None,
            focus_every_s=train.focuser.every if train.focuser is not None else inf,
            grace_s=GRACE_S,
            aims_s=aims_s(mount),
        )

    def between_s(self, line: GoalLine) -> float:
        """Return what lies between two frames of a goal."""
        return self.download_s + (self.aims_s if line.aims_anew else 0.0)

    def each_s(self, line: GoalLine) -> float:
        """Return the seconds from one exposure of a goal to its next."""
        return line.goal.exposure + self.between_s(line)

    @property
    def spare_s(self) -> float:
        """A block ends so long before its sky does, or before it must give way: its set-up may have taken longer."""
        return max(self.grace_s, DEVIATIONS * self.late_s)

    @property
    def longest_s(self) -> float:
        """No way from a block to the next takes longer."""
        return self.filter_s + self.flip_s + 180.0 / self.slew_deg_s + self.settle_s + self.focus_s

    def focuses(self, since_s: float) -> bool:
        """Whether a block that gets to its target begins with a focus run, so long after the last one."""
        return self.focus_s > 0 and focus_is_due(since_s, self.focus_every_s)

    def way_s(self, before: Bearings, to: Aim) -> float:
        """From the end of one block until the telescope points, at rest and through its filter, at the next target."""
        last = before.aim
        if last is None:
            return self.settle_s + self.filter_s
        turns = (last.train, last.filter) != (to.train, to.filter)
        cost = self.filter_s if turns else 0.0
        if flips(last.half, to.half, self.past_meridian_s):
            return cost + self.flip_s + self.settle_s
        if turns or before.rests or last.picture != to.picture:  # each block begins with a slew
            way_deg = separation_deg((last.ra_deg, last.dec_deg), (to.ra_deg, to.dec_deg))
            cost += way_deg / self.slew_deg_s + self.settle_s
        return cost


def counted(costs: Mapping[str, Overheads], instrument: Instrument) -> Overheads:
    """Return what is counted of an instrument: what `costs` says of its train, or else what is declared."""
    return costs.get(instrument.name) or Overheads.of(instrument)
