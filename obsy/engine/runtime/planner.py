"""Tonight's questions, bound to what is declared: what is still to do, and which masters that needs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from obsy.engine.declare.instrument import Instrument, serving
from obsy.engine.declare.observatory import Observatory
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.intent import Intent, intent
from obsy.engine.journal import read
from obsy.engine.library.master import CalibrationSet, LightNeed
from obsy.engine.library.match import needs
from obsy.engine.night.tally import Tally
from obsy.engine.progress import trains
from obsy.engine.runtime.overheads import costs, declared
from obsy.engine.runtime.seeking import AtOnce, NightAsked, Seeking
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.bond import bonded, bonds
from obsy.engine.schedule.candidates import DoneSoFar, candidates
from obsy.engine.schedule.claims import Claims
from obsy.engine.schedule.conditions import (
    ObservingConditions,
    joined_conditions,
    observing_conditions,
    observing_night,
)
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.goal_line import lines
from obsy.engine.schedule.leeway import with_leeway
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.patience import Record, giving_way
from obsy.engine.schedule.request import Candidate, Schedule
from obsy.engine.schedule.tonight import FLYOVER_TAKEN, NO_TIME, tonight
from obsy.engine.schedule.torn_nights import credited
from obsy.engine.schedule.yielding import yielding
from obsy.engine.sky.twilight import Night
from obsy.moments import night_of
from obsy.schemas.plan import Plan
from obsy.schemas.reserved import Loc
from obsy.schemas.target import OverGround, Satellite

if TYPE_CHECKING:
    from obsy.engine.schedule.at_most import Worth
    from obsy.engine.store.store import Store


@dataclass(frozen=True, eq=False)
class Planner:
    """Pure, as far as what looks for better nights is: the same tally and moment give the same answer."""

    observatory: Observatory
    night: Night
    conditions: ObservingConditions
    costs: Mapping[str, Overheads]
    """By train."""
    seeking: Seeking = AtOnce(0)
    """Looks for a better night than the rules make."""
    _last: list[tuple[tuple[object, ...], Schedule]] = field(default_factory=list, init=False, repr=False)
    """The last answer and what it was asked for: one decision of the night asks twice."""

    def schedule(self, tally: Tally, now: datetime, away: Collection[str] = ()) -> Schedule:
        """Return the blocks from `now` on.

        away: the mounts that are to get nothing.
        """
        asked_of = now, {*away}, tally.progress, tally.trains, tally.failed, tally.busy, tally.bearings
        if not self._last or self._last[-1][0] != asked_of:
            found = self.planned(self.asked(tally, now, away), tally, now, away)
            known = tally.progress, tally.trains, tally.failed, tally.busy, tally.bearings
            copies = (dict(each) for each in known)
            self._last[:] = [((now, {*away}, *copies), found)]
        return self._last[-1][1]

    def planned(self, asked: Sequence[Candidate], tally: Tally, now: datetime, away: Collection[str] = ()) -> Schedule:
        """Return the blocks from `now` on, where this is asked for."""
        timelines, weights = self.timelines(tally, now, away), self.observatory.value
        what = NightAsked(asked, timelines, weights)
        found = self.seeking.improved(tonight(asked, timelines, weights), what, now)
        blocks = with_leeway(found.blocks, asked, timelines, declared(self.observatory))
        return replace(found, blocks=tuple(blocks))

    def worth(self, schedule: Schedule, tally: Tally, now: datetime) -> "Worth":
        """Return what a schedule from `now` on is worth, and the best one at most."""
        from obsy.engine.schedule.at_most import worth  # noqa: PLC0415  of all that plans, only a dry run asks for bounds

        return worth(schedule, self.asked(tally, now), self.timelines(tally, now), self.observatory.value)

    def timelines(self, tally: Tally, now: datetime, away: Collection[str] = ()) -> list[Timeline]:
        """Return what each mount has left of the night from `now` on."""
        begin, grid = max(now, self.conditions.grid.start), self.conditions.grid
        able = self._able(away)
        return [
            Timeline(
                grid,
                {each.name: self.costs[each.name] for each in able if each.mount == mount},
                max(begin, tally.busy.get(mount.name, begin)),
                tally.bearings.get(mount.name, Bearings()),
            )
            for mount in self.observatory.mounts
        ]

    def asked(self, tally: Tally, now: datetime, away: Collection[str] = ()) -> list[Candidate]:
        """Return every goal that still wants something, with each train that could take it."""
        instruments, begin = self._able(away) or self.observatory.instruments, max(now, self.conditions.grid.start)
        done = DoneSoFar(tally.progress, tally.trains, self.costs)
        asked = candidates(self.observatory.plans, instruments, self.conditions, done, begin)
        record = Record(self.observatory.quality.patience, self.night.start, tally.progress, tally.failed)
        waiting, grid = giving_way(asked, record, self.conditions.grid), self.conditions.grid
        at = grid.index(begin) if begin < grid.end else grid.count
        last = yielding(waiting, self.observatory.plans, instruments, self.conditions.wanted, (grid, at))
        return bonded(last, bonds(self.observatory.plans, tally.progress, grid.start))

    def _able(self, away: Collection[str]) -> list[Instrument]:
        return [each for each in self.observatory.instruments if each.mount.name not in away]

    def joined(self, observatory: Observatory) -> "Planner":
        """Return the same night with the plans that were added to the observatory."""
        conditions = joined_conditions(self.conditions, observatory, self.night)
        return replace(self, observatory=observatory, conditions=conditions)

    def with_plan(self, changed: Plan) -> "Planner":
        """Return the same night with another version of a plan that points at the same target."""
        plans = tuple(changed if each.name == changed.name else each for each in self.observatory.plans)
        return replace(self, observatory=replace(self.observatory, plans=plans))

    def intent(self, tally: Tally, now: datetime, away: Collection[str] = ()) -> Intent:
        """What is to be done from `now` on; mounts that are `away` get nothing."""
        schedule = self.schedule(tally, now, away)
        return intent(self.night, self.observatory, schedule, self._lacking(tally, schedule, now))

    def lacking(self, tally: Tally, now: datetime) -> tuple[CalibrationSet, ...]:
        """The calibration sets that tonight's lights need, those already taken and those still to come."""
        return self._lacking(tally, self.schedule(tally, now), now)

    def _lacking(self, tally: Tally, schedule: Schedule, now: datetime) -> tuple[CalibrationSet, ...]:
        requests = [each.request for each in schedule.blocks]
        # The night chooses anew after each block: what finds no time beside other goals of its plan may find some then.
        begun = {(each.line.plan, each.train) for each in requests}
        spare = [each.request for each in schedule.unplaced if each.reason.code == NO_TIME.code]
        requests += [each for each in spare if (each.line.plan, each.train) in begun]
        # What others leave of a flyover is seen minutes before it is taken: that is too late for flats.
        requests += [each.request for each in schedule.unplaced if each.reason.code == FLYOVER_TAKEN.code]
        coming = {LightNeed(each.train, each.line.goal.exposure, each.line.filter) for each in requests}
        wanted, masters = coming | tally.lights | self._foreseen(), tuple(tally.masters)
        return tuple(each for one in self.observatory.instruments for each in needs(wanted, masters, one, now))

    def _foreseen(self) -> set[LightNeed]:
        """Return the lights that alerts may ask for: when one comes, it is too late for flats, and it is dark."""
        house = self.observatory
        live = {name for name, rule in house.rules.items() if rule.mode == "live" and rule.trigger.alert is not None}
        named = [plan for plan in house.plans if house.asked_by.get(plan.name) in live]
        found = [(plan, each) for plan in (*house.foreseen, *named) for each in serving(plan, house.instruments)]
        return {LightNeed(each.name, line.goal.exposure, line.filter) for plan, each in found for line in lines(plan)}


def _not_by_ekos(plan: Plan, turned: bool) -> Iterator[Loc]:
    """Yield what KStars is not told of a plan; it asks for it by these words. turned: whether a train has a rotator."""
    if plan.angle is not None and turned:
        yield "ekos", "angle"
    if plan.dither is not None:
        yield "ekos", "dither"
    if plan.guiding == "required":
        yield "ekos", "guiding"
    if plan.tracking == "none":
        yield "ekos", "tracking"
    if isinstance(plan.target, OverGround | Satellite):
        yield "ekos", "altitude" if isinstance(plan.target, OverGround) else "tle"


def for_ekos(planner: Planner) -> Planner:
    """Return the same night for `--runner ekos`, which takes nothing for plans that ask for what it does not do."""
    known = planner.conditions.reserved
    turned = any(each.train.rotator is not None for each in planner.observatory.instruments)
    more = {each.name: (*known.get(each.name, ()), *_not_by_ekos(each, turned)) for each in planner.observatory.plans}
    return replace(planner, conditions=replace(planner.conditions, reserved={**known, **more}))


def prepare(observatory: Observatory, day: date, data_root: DataRoot | None = None) -> Planner:
    """Return tonight's sky and everything that planning needs of it.

    data_root: where journals tell how long slews and downloads take; without it, what is declared counts.
    """
    night = observing_night(observatory, day)
    return Planner(observatory, night, observing_conditions(observatory, night), costs(observatory, day, data_root))


def preview(observatory: Observatory, root: Path, day: date, simulate: bool, runner: str = "indi") -> Intent:
    """Return a night's intent: from its beginning, from where its journal ends, or from now if the real one goes on.

    A night that is finished has nothing left to do, unless there is something new to observe before dawn.
    runner: what is to move the devices of a real night; a rehearsal takes whatever is asked for.
    """
    night = standing(observatory, root, day, simulate)
    if runner == "ekos" and not simulate:
        night = night._replace(planner=for_ekos(night.planner))
    planner, known, begin, _ = night
    if not (wanted := night.intent()).blocks:
        return wanted
    debts = planner.conditions.shares.debts(known.progress, max(begin, planner.conditions.grid.start))
    return replace(wanted, worth=planner.worth(Schedule(wanted.blocks, wanted.unplaced), known, begin), debts=debts)


class NightSoFar(NamedTuple):
    """A night as it stands: what is done of everything, from when on it may be planned, and whether it is finished."""

    planner: Planner
    known: Tally
    begin: datetime
    finished: bool

    def intent(self) -> Intent:
        """Return what is to be done from then on, without what it is worth: that takes longer than the planning."""
        wanted = self.planner.intent(self.known, self.begin)
        if self.finished and not wanted.blocks:
            return intent(self.planner.night, self.planner.observatory, Schedule((), ()))
        return wanted


def standing(observatory: Observatory, root: Path, day: date, simulate: bool) -> NightSoFar:
    """Return how a night stands; one that is rehearsed begins at its beginning, or where its journal ends."""
    data_root = DataRoot.of(root, observatory.site, simulate)
    planner = replace(prepare(observatory, day, data_root), seeking=AtOnce())
    before = fold(read(data_root.journal(day)), data_root.incoming)
    known = (
        tally_before(data_root, observatory, going_on=day) if data_root.known_store().exists() else Tally()
    )  # a dry run makes no store
    known.failed |= before.failed
    night = planner.night
    begin = night.start if simulate else min(max(night.start, datetime.now(UTC)), night.end)
    return NightSoFar(planner, known, max(begin, before.last or begin), before.finished)


def tally(store: "Store", observatory: Observatory, before: date = date.max, going_on: date | None = None) -> Tally:
    """Return every master, and the progress of every goal by its name of now, over all nights or those before one.

    going_on: a night of which it is not known yet what it tears.
    """
    claims = Claims.of(observatory)
    taken = store.done(claims.now, before, claims.proofs, claims.colour)
    done = credited(taken, observatory.plans, partial(night_of, longitude_deg=observatory.site.longitude), going_on)
    return Tally(done, list(store.masters()), trains(done), proofs=claims.proofs)


def tally_before(
    data_root: DataRoot, observatory: Observatory, before: date = date.max, going_on: date | None = None
) -> Tally:
    """Return what the store of a data root knows; see `tally`."""
    from obsy.engine.store.store import Store  # noqa: PLC0415  Django loads only where a store is used

    with Store(data_root.store) as store:
        return tally(store, observatory, before, going_on)
