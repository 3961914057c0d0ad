"""What processing is told of the declared observatory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import cos, radians

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.frame import Frame
from obsy.engine.identity import Identity, plain
from obsy.engine.processing.rules import Credit, ProcessingRules, TrainRules
from obsy.engine.progress import GoalKey
from obsy.engine.reduce.orders import Field, Optics
from obsy.engine.schedule.claims import Claims, Credits
from obsy.engine.schedule.goal_line import GoalLine, lines, middle
from obsy.moments import night_of
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

_HIGHEST_ADU = 65535.0
_FULL = 0.98
"""A pixel that has reached this share of its full well no longer counts in proportion."""
_J2000, _YEAR = datetime(2000, 1, 1, 12, tzinfo=UTC), timedelta(days=365.25)
MAS_PER_DEG = 3.6e6


def rules(observatory: Observatory) -> ProcessingRules:
    """How frames of an observatory's trains are credited, reduced and judged."""
    earned = {each.name: _credits(observatory, each.train) for each in observatory.every_instrument}
    whose = Credits(observatory.plans, observatory.sites)
    longitude_deg, claims = observatory.site.longitude, Claims.of(observatory)
    aims = {plan.name: _aim(observatory, plan) for plan in observatory.plans}

    def night(when: datetime) -> date:
        return night_of(when, longitude_deg)

    def credit(frame: Frame) -> Credit | None:
        line = whose.line(frame)
        if line is None or frame.train not in earned:  # taken with a train that is not declared any more
            return None
        asked = Identity(plan=line.plan, goal=line.key).over(Identity.of(frame))
        found, target = earned[frame.train][line.plan, line.key], aims[line.plan]
        return replace(found, cards=asked.cards(), aim=target and _place(target, frame.taken_at))

    def contradiction(frame: Frame) -> str:
        return whose.contradiction(frame) or _wrong_camera(frame, observatory.every_instrument)

    return ProcessingRules(
        site=observatory.site.name,
        sites=observatory.sites,
        place=observatory.site.location,
        night_of=night,
        train_of=lambda frame: train_of(frame, observatory.every_instrument, night(frame.taken_at)),
        credit=credit,
        contradiction=contradiction,
        shown=lambda frame: claims.now(frame) is not None,
        trains={each.name: _train_rules(each) for each in observatory.every_instrument},
        retention=observatory.retention,
    )


class RulesNow:
    """The rules of a running night, to which alerts add plans; asked from any thread."""

    def __init__(self, rules: ProcessingRules) -> None:
        """Begin with these."""
        self._now = rules

    def become(self, rules: ProcessingRules) -> None:
        """Credit frames by these from now on."""
        self._now = rules

    def rules(self) -> ProcessingRules:
        """Return the rules as they are whenever one of them is asked."""

        def credit(frame: Frame) -> Credit | None:
            return self._now.credit(frame)

        def contradiction(frame: Frame) -> str:
            return self._now.contradiction(frame)

        def shown(frame: Frame) -> bool:
            return self._now.shown(frame)

        return replace(self._now, credit=credit, contradiction=contradiction, shown=shown)


def train_of(frame: Frame, instruments: Sequence[Instrument], night: date) -> str | None:
    """Return the train that took a frame: as it says, by its camera, or the only one; None where none of ours fits.

    night: of the frame. A train that was no more by then is meant only by its name; until then its camera is its own,
    though an heir has it now.
    """
    named = [each.name for each in instruments if each.name == (frame.train or frame.telescope)]
    there = [each for each in instruments if each.was_in_use_on(night)]
    seen = [each for each in there if each.train.camera.model == frame.camera]
    first = [each.name for each in seen if each.train.retired is not None]
    for fitting in (named, first, [each.name for each in seen], [each.name for each in there]):
        if len(fitting) == 1:
            return fitting[0]
    return None


def rules_of_old_files(observatory: Observatory) -> ProcessingRules:
    """As `rules`, of files that anybody's camera may have taken: the only train is no answer unless a frame fits it."""

    every, told = observatory.every_instrument, rules(observatory)

    def train_of_any(frame: Frame) -> str | None:
        fitting = [each for each in every if each.train.shape == (frame.rows, frame.columns)]
        return train_of(frame, every if _is_told(frame, observatory) else fitting, told.night_of(frame.taken_at))

    return replace(told, train_of=train_of_any)


def _is_told(frame: Frame, observatory: Observatory) -> bool:
    """Return whether a frame names a train of ours, or its camera."""
    told = {frame.train, frame.telescope}
    return any(each.name in told or each.train.camera.model == frame.camera for each in observatory.every_instrument)


def _wrong_camera(frame: Frame, instruments: Sequence[Instrument]) -> str:
    """Say that a light was taken with the camera of another train; one that nobody declares proves nothing."""
    having = [each.name for each in instruments if each.train.camera.model == frame.camera]
    if frame.plan is None or not having or frame.train in having:
        return ""
    return f"it was asked of {frame.train}, and {frame.camera} is the camera of {having[0]}"


def _train_rules(instrument: Instrument) -> TrainRules:
    train = instrument.train
    return TrainRules(
        calibration=instrument.calibration,
        optics=optics(train),
        shape=train.shape,
        roles=_roles(train),
        alone=train.roles[0] if train.filters is None else None,
    )


def _roles(train: Train) -> dict[str, str]:
    """The roles by their labels, and by the form in which a card holds a label or a role, where that is one's alone."""
    spelt = dict.fromkeys((plain(word), slot.role) for slot in train.slots for word in (slot.label, slot.role))
    forms = Counter(form for form, _ in spelt)
    return {form: role for form, role in spelt if forms[form] == 1} | {slot.label: slot.role for slot in train.slots}


def optics(train: Train) -> Optics:
    """What reduction must know of the train."""
    camera = train.camera
    full = camera.pedestal + camera.full_well / camera.conversion
    most = _FULL * min(_HIGHEST_ADU, full)
    return Optics(train.scale, camera.conversion, camera.read_noise, most, train.telescope.aperture)


def _credits(observatory: Observatory, train: Train) -> dict[GoalKey, Credit]:
    found = {}
    for plan, line in [(each, line) for each in observatory.plans for line in lines(each)]:
        found[line.plan, line.key] = Credit(
            plan=plan.name,
            goal=line.key,
            pipeline=observatory.pipelines[plan.pipeline],
            quality=observatory.quality,
            field=_field(observatory, line, train),
            trails=line.stands,
        )
    return found


def _aim(observatory: Observatory, plan: Plan) -> FixedTarget | None:
    """Return a plan's target; None where it moves, or its star would be on one tile of many."""
    target = observatory.target(plan)
    return target if isinstance(target, FixedTarget) and plan.mosaic is None else None


def _place(target: FixedTarget, when: datetime) -> tuple[float, float]:
    """Return where a target stands among the stars of J2000.0 at a time, degrees, by its proper motion."""
    if target.motion_mas is None:
        return target.ra_deg, target.dec_deg
    moved_deg = (when - _J2000) / _YEAR / MAS_PER_DEG
    east, north, _ = target.motion_mas
    return target.ra_deg + east * moved_deg / cos(radians(target.dec_deg)), target.dec_deg + north * moved_deg


def _field(observatory: Observatory, line: GoalLine, train: Train) -> Field | None:
    """The grid that every frame of a line is laid on; a body that moves has none, nor what is taken standing."""
    plan = next(plan for plan in observatory.plans if plan.name == line.plan)
    target = observatory.target(plan)
    if not isinstance(target, FixedTarget) or line.stands:
        return None
    ra, dec = middle(line, plan, train, (target.ra_deg, target.dec_deg))
    rows, columns = train.shape
    turned = train.rotation if train.rotator is None or plan.angle is None else plan.angle
    return Field(ra, dec, train.scale, turned, rows, columns, line.picture)
