"""How a mount's night goes, stint by stint, in plain numbers: microseconds each, for a search through many orders.

It follows `fit.py` and `order.py` to a frame or so; what is found with it is filled and weighed by the true rules then.
"""

from dataclasses import dataclass
from typing import NamedTuple

from obsy.engine.schedule.night_numbers import CHANGES, Booked, CandidateNumbers, MountNumbers, PlaceNumbers
from obsy.engine.schedule.pier import RISING, SETTING, half_of
from obsy.engine.sidereal import HOURS_PER_S

EARLY = 1e-3
"""Of a step: as `Grid.index` takes a moment for the instant that it rounds to."""


class Fit(NamedTuple):
    """What fits at a moment."""

    of: CandidateNumbers
    start: float
    frames: int
    place: PlaceNumbers
    focuses: bool
    """Whether it begins with a focus run."""


class Step(NamedTuple):
    """A stint in numbers: which of the night's candidates, and how many frames."""

    number: int
    frames: int


@dataclass(slots=True)
class MountCourse:
    """One mount's night as far as it has gone."""

    mount: MountNumbers
    wanted: tuple[int, ...]
    """Frames that each goal of the night wants at first."""
    left: list[int]
    """Of those, what is not taken yet."""
    now: float
    last: PlaceNumbers | None
    focused: tuple[float, ...]
    """When the focus of each of the mount's trains was last measured."""
    passed: int = 0
    """How many blocks with a time of their own lie behind it."""
    value: float = 0.0
    """Of its blocks; what they finish is not counted."""

    def copy(self) -> "MountCourse":
        """Return another that goes its own way."""
        stands = self.now, self.last, self.focused
        return MountCourse(self.mount, self.wanted, self.left.copy(), *stands, self.passed, self.value)

    def take(self, step: Step) -> bool:
        """Take as many frames of a stint as can be had in one go; return whether that is any."""
        mine, wanted, begun = self.mount.candidates[step.number], step.frames, False
        while wanted > 0:
            found = self._fit(mine, wanted) if mine.turn is None else self._turn(mine)
            if found is not None:
                begun = True
                wanted -= found.frames
                self._take(found)
            elif begun or not self.left[mine.goal] or not self._wait(mine):
                break
        return begun

    def _turn(self, mine: CandidateNumbers) -> Fit | None:
        """Return the turn of the goal of a picture that lags most, of those that can be had now."""
        candidates = self.mount.candidates
        alike = [candidates[number] for number in self.mount.alike[mine.places[0].picture, mine.train]]
        found = [fit for each in alike if (fit := self._fit(each, self.left[each.goal])) is not None]
        return max(found, key=lambda fit: self.left[fit.of.goal] / fit.of.size) if found else None

    def _fit(self, mine: CandidateNumbers, wanted: int) -> Fit | None:
        """Return what fits now, as `fit.fit`."""
        mount, left = self.mount, self.left[mine.goal]
        if not left or self.now >= mount.end_s:
            return None
        step, costs, side = mount.step_s, mine.costs, self._side(mine)
        to = mine.places[side]
        start = self.now + mount.way_s(self.last, to, costs)
        focuses = costs.focuses(start - self.focused[mine.carried])
        if focuses:
            start += costs.focus_s
        at = int(start / step + EARLY)
        if at >= mount.instants - 1 or mine.comes[at] != at:
            return None
        end = mine.ends_s[side][at]
        if self.passed < len(mount.booked):
            booked = mount.booked[self.passed]
            end = min(end, booked.start - self._before(booked, to, start if focuses else None, mine.carried))
        possible = min(int((end - mine.spare_s - start) / mine.each_s + 1e-6), mine.most)
        count = min(wanted, left, possible, mine.turn or possible)
        return None if count < max(1, min(left, mine.least)) else Fit(mine, start, count, to, focuses)

    def _wait(self, mine: CandidateNumbers) -> bool:
        """Let time pass until a candidate may be taken, or a block with its own time has been; whether that comes."""
        mount, step = self.mount, self.mount.step_s
        if self.now >= mount.end_s:
            return False
        at, top = int(self.now / step + EARLY), mount.instants - 1
        way = mount.way_s(self.last, self._place(mine), mine.costs)
        needed = self._needed(mine, way, self.now + way)
        soon = min(int((self.now + needed) / step + EARLY), top)
        if mine.comes[soon] == soon:  # what is left of this time, or of this side of the meridian, is too short
            soon = min(int(mine.goes_s[soon] / step + EARLY) + 1, self._flips_at(mine, soon), top)
        needed = self._needed(mine, way, mine.comes[soon] * step - mine.costs.focus_s)  # which may be due by then
        then = max(at + 1, int(mine.comes[soon] - needed / step + 1 - EARLY))
        if self._is_booked(then * step + needed + mine.each_s):
            return self._pass()
        self.now = then * step
        return then < top

    def _place(self, mine: CandidateNumbers) -> PlaceNumbers:
        """Return where the mount would point that is sent to a candidate now."""
        return mine.places[self._side(mine)]

    def _side(self, mine: CandidateNumbers) -> int:
        """Return which of a candidate's places that would be."""
        step = self.mount.step_s
        at = int(self.now / step + EARLY)
        side = mine.sides[at]
        return side if side != CHANGES else half_of(mine.angle_h[at], self.now - at * step) == SETTING

    def _flips_at(self, mine: CandidateNumbers, at: int) -> int:
        """Return the instant from which on a target sets; that after the last if that is all the same to its mount."""
        if mine.costs.past_meridian_s is None or half_of(mine.angle_h[at]) != RISING:
            return self.mount.instants
        return at + int(-mine.angle_h[at] / HOURS_PER_S / self.mount.step_s) + 1

    def _needed(self, mine: CandidateNumbers, way: float, arrived: float) -> float:
        """Return how long before its first frame a block is begun that gets there at a moment."""
        focuses = mine.costs.focuses(arrived - self.focused[mine.carried])
        return way + (mine.costs.focus_s if focuses else 0.0)

    def _is_booked(self, until: float) -> bool:
        booked = self.mount.booked
        return self.passed < len(booked) and booked[self.passed].start < until

    def _pass(self) -> bool:
        """Take the next block with a time of its own."""
        booked = self.mount.booked[self.passed]
        self._focus(booked.carried, booked.costs.focuses(booked.start - self.focused[booked.carried]), booked.start)
        self.now, self.last = max(self.now, booked.end), booked.place
        self.passed += 1
        return True

    def _before(self, booked: Booked, place: PlaceNumbers, focused: float | None, carried: int) -> float:
        """Return how long before a block with its own time another one must end; focused: when that one's run ends."""
        way, last = self.mount.way_s(place, booked.place, booked.costs), self.focused[booked.carried]
        if focused is not None and carried == booked.carried:
            last = focused
        return way + (booked.costs.focus_s if booked.costs.focuses(booked.start + way - last) else 0.0)

    def _focus(self, carried: int, focuses: bool, at: float) -> None:
        if focuses:
            self.focused = (*self.focused[:carried], at, *self.focused[carried + 1 :])

    def _take(self, found: Fit) -> None:
        """Take what fits."""
        mount, mine, last, to = self.mount, found.of, self.last, found.place
        length = found.frames * mine.each_s
        step = mount.step_s
        varying = mine.paid_until((found.start + length) / step) - mine.paid_until(found.start / step)
        worth = mine.hour * found.frames + varying * step / mine.each_s
        if last is None or last.picture != to.picture:
            worth -= mount.weights.staying
        if last is None or last.filter != to.filter:
            worth -= mount.weights.filter
        self.value += worth * mine.exposure_h
        self.left[mine.goal] -= found.frames
        self._focus(mine.carried, found.focuses, found.start)
        self.now, self.last = found.start + length, to
