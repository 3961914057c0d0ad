"""What a night loses between frames: slews, settling, filters, focus runs, downloads and the meridian flip."""

from dataclasses import dataclass
from typing import Self

from obsy.engine.declare.instrument import Instrument
from obsy.engine.separation import separation_deg
from obsy.engine.sequencer.focus import FOCUS_EXPOSURE_S, FOCUS_MEASURED_S, FOCUS_MOVE_S, FOCUS_SAMPLES


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a mount points, with which train and filter; `pier` is the sign of the hour angle it was reached at."""

    picture: str
    ra_deg: float
    dec_deg: float
    train: str
    filter: str
    pier: int


@dataclass(frozen=True, slots=True)
class Overheads:
    """The costs of one train on its mount, seconds; rates in degrees per second."""

    slew_deg_s: float
    settle_s: float
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

    @classmethod
    def of(cls, instrument: Instrument) -> Self:
        """Return what moving about costs with an instrument."""
        mount, train = instrument.mount, instrument.train
        each_s = FOCUS_MOVE_S + FOCUS_EXPOSURE_S + train.camera.download + FOCUS_MEASURED_S
        german = mount.meridian if mount.type == "german-equatorial" else None
        return cls(
            slew_deg_s=mount.slew,
            settle_s=mount.settle,
            filter_s=train.filters.change if train.filters is not None else 0.0,
            download_s=train.camera.download,
            focus_s=FOCUS_SAMPLES * each_s if train.focuser is not None else 0.0,
            flip_s=german.flip if german else 0.0,
            past_meridian_s=german.past if german else None,
        )

    @property
    def longest_s(self) -> float:
        """No way from a block to the next takes longer."""
        return self.filter_s + self.flip_s + 180.0 / self.slew_deg_s + self.settle_s + self.focus_s

    def between(self, last: Aim | None, to: Aim) -> float:
        """From the end of one block to the first exposure of the next.

        The focus run is charged at every change of train, filter or target, which is when the sequencer may make one.
        """
        if last is None:
            return self.settle_s + self.filter_s + self.focus_s
        changed = (last.train, last.filter) != (to.train, to.filter)
        cost = self.filter_s if changed else 0.0
        if self.past_meridian_s is not None and last.pier != to.pier:
            cost += self.flip_s + self.settle_s
        elif last.picture != to.picture:
            way_deg = separation_deg((last.ra_deg, last.dec_deg), (to.ra_deg, to.dec_deg))
            cost += way_deg / self.slew_deg_s + self.settle_s
        return cost + (self.focus_s if changed or last.picture != to.picture else 0.0)
