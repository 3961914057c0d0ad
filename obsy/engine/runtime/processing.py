"""What processing is told of the declared observatory."""

from datetime import date, datetime

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.frames.frame import Frame
from obsy.engine.library.match import match
from obsy.engine.processing import Craft, Credit, ProcessingRules
from obsy.engine.reduce.orders import Card, Field, Optics
from obsy.engine.reduce.work import add_live, build_master, combine_stack, reduce_light
from obsy.engine.schedule.goal_line import Credits, GoalKey, GoalLine, lines
from obsy.engine.schedule.tile import middle
from obsy.engine.sky.twilight import night_of
from obsy.errors import UserError
from obsy.schemas.train import Train

CRAFT = Craft(reduce_light, build_master, add_live, combine_stack, match)
_HIGHEST_ADU = 65535.0
_FULL = 0.98
"""A pixel that has reached this share of its full well no longer counts in proportion."""


def rules(observatory: Observatory, train: Train, cards: tuple[Card, ...]) -> ProcessingRules:
    """How frames of this train are credited, reduced and judged."""
    calibration = observatory.calibration(train)
    if calibration is None:
        raise UserError(f"no document of kind 'calibration' serves the train '{train.name}': add one to library/")
    earned = _credits(observatory, train, cards)
    whose = Credits(observatory.plans, [observatory.site.name])
    timezone = observatory.site.timezone

    def night(when: datetime) -> date:
        return night_of(when, timezone)

    def credit(frame: Frame) -> Credit | None:
        line = whose.line(frame)
        return earned[line.plan, line.key] if line is not None else None

    return ProcessingRules(
        site=observatory.site.name,
        train=train.name,
        night_of=night,
        credit=credit,
        calibration=calibration,
        optics=optics(train),
        shape=train.shape,
        retention=observatory.retention,
        roles={slot.label: slot.role for slot in train.filters.slots},
    )


def optics(train: Train) -> Optics:
    """What reduction must know of the train."""
    camera = train.camera
    full = camera.pedestal + camera.full_well / camera.conversion
    return Optics(train.scale, camera.conversion, camera.read_noise, _FULL * min(_HIGHEST_ADU, full))


def _credits(observatory: Observatory, train: Train, cards: tuple[Card, ...]) -> dict[GoalKey, Credit]:
    found = {}
    for plan, line in [(each, line) for each in observatory.plans for line in lines(each)]:
        found[line.plan, line.key] = Credit(
            plan=plan.name,
            goal=line.key,
            pipeline=observatory.pipeline(plan.pipeline),
            quality=observatory.quality,
            field=_field(observatory, line, train),
            cards=(*cards, ("OBSYPLAN", plan.name, "plan"), ("OBSYGOAL", line.key, "goal")),
        )
    return found


def _field(observatory: Observatory, line: GoalLine, train: Train) -> Field | None:
    """The grid that every frame of a line is laid on; a body that moves has none."""
    plan = next(plan for plan in observatory.plans if plan.name == line.plan)
    target = observatory.target(plan)
    if not isinstance(target, FixedTarget):
        return None
    ra, dec = middle(line, plan, train, (target.ra_deg, target.dec_deg))
    rows, columns = train.shape
    return Field(ra, dec, train.scale, train.rotation, rows, columns)
