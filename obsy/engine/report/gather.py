"""Gathers what a report needs besides the journal: from what is declared, and from the store as it stood."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from obsy.engine.declare.instrument import Instrument, serving
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.star_names import planet_name, planets_covered
from obsy.engine.frames.name import word
from obsy.engine.progress import NOTHING, ProgressByGoal
from obsy.engine.report.inputs import GoalInput, Limit, ReportInputs, StackInput, TrainPlace
from obsy.engine.report.transits import transits_of
from obsy.engine.report.words import asked
from obsy.engine.schedule.claims import Claims
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.shares import Debt, Shares
from obsy.engine.schedule.torn_nights import credited
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from obsy.moments import night_of, noon
from obsy.schemas.model import Model
from obsy.schemas.plan import Plan
from obsy.schemas.policy import Quality, Safety
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import Asteroid, Beside, Comet, NamedTarget, Planet, Position, Satellite, Target

QUALITY = {"fwhm_arcsec": "fwhm", "eccentricity": "eccentricity", "background_adu": "background", "stars": "stars"}
"""What the policy calls the measures that have limits."""

FrameCount = tuple[int, float]
"""Frames and their exposure together."""


def gather(
    observatory: Observatory, store: Store, night: date, costs: Mapping[str, Overheads] | None = None
) -> ReportInputs:
    """Return the inputs of a night's report; costs: what planning counts, by train, if not what is declared."""
    claims = Claims.of(observatory)
    lights = (frame for frame in store.frames(kind="light", accepted=True) if frame.night <= night)
    kept = [frame for frame in lights if claims.now(frame)]
    every, instruments = claims.lines, observatory.every_instrument
    then = observatory.in_use_on(night)

    def trains(plan: Plan) -> tuple[str, ...]:
        return tuple(each.name for each in serving(plan, then))

    return ReportInputs(
        site=observatory.site.name,
        timezone=observatory.site.timezone,
        goals=tuple(_goals(every, _done_before(observatory, store, claims, night))),
        targets={plan.name: target(plan) for plan in observatory.plans},
        trains={plan.name: trains(plan) for plan in observatory.plans},
        all_plans=observatory.all_plans,
        several_trains=len(then) > 1,
        stacks=tuple(_stacks(every, kept, store, night)),
        colour=frozenset(each.name for each in instruments if each.train.camera.bayer),
        limits=limits(observatory.safety, observatory.quality),
        transits=transits_of(observatory, night, store.done(claims.now), costs),
        places={each.name: _place(each) for each in instruments},
        sides=tuple((each.train, each.pier) for each in store.frames(night, "light") if each.train and each.pier),
        longitude_deg=observatory.site.location.longitude_deg,
        shares=_shares(observatory, store, claims, night),
        left_aside=tuple(store.left_aside.values()),
    )


def _done_before(observatory: Observatory, store: Store, claims: Claims, night: date) -> ProgressByGoal:
    done, longitude_deg = store.done(claims.now, night, claims.proofs, claims.colour), observatory.site.longitude
    return credited(done, observatory.plans, partial(night_of, longitude_deg=longitude_deg))


def _shares(observatory: Observatory, store: Store, claims: Claims, night: date) -> tuple[Debt, ...]:
    """Return how each share of the time stands at the noon after a night."""
    after = night + timedelta(days=1)
    done = store.done(claims.now, before=after) if observatory.shares else {}
    return Shares.of(observatory).debts(done, noon(after, observatory.site.longitude))


def _place(instrument: Instrument) -> TrainPlace:
    """Return what a train stands on."""
    mount = instrument.mount
    return TrainPlace(
        mount.name, instrument.enclosure.name, mount.type == "german-equatorial" and mount.meridian is not None
    )


def limits(safety: Safety | None, quality: Quality | None) -> dict[str, Limit]:
    """Every declared limit, of the weather and of the frames, by the name of what it limits."""
    declared = {name: getattr(safety.limits, name) for name in type(safety.limits).model_fields} if safety else {}
    if quality is not None:
        declared |= {measure: getattr(quality, name) for measure, name in QUALITY.items()}
    return {name: _limit(name, each) for name, each in declared.items() if each is not None}


def _limit(name: str, declared: Model) -> Limit:
    """Weather is bad above its 'above' or below its 'below'; a frame is good below its 'below', or with 'at least'."""
    above, below, least = (getattr(declared, key, None) for key in ("above", "below", "at_least"))
    value = next(each for each in (above, below, least) if each is not None)
    return Limit(float(value), above_is_bad=above is not None or (name in QUALITY and below is not None))


def _goals(every: Iterable[GoalLine], before: ProgressByGoal) -> Iterator[GoalInput]:
    for line in every:
        it = before.get((line.plan, line.key), NOTHING)
        yield GoalInput(
            plan=line.plan,
            goal=line.key,
            filter=line.filter,
            exposure_s=line.goal.exposure,
            wanted_s=line.wanted_s,
            asked=asked(line.goal),
            before=it.accepted,
            before_s=it.done_s,
            count=line.count,
            until=line.goal.until,
            signal=it.signal,
        )


def _stacks(every: Iterable[GoalLine], kept: Sequence[StoredFrame], store: Store, night: date) -> Iterator[StackInput]:
    """The pictures that the night left, train by train; where it is still running, those that grow with it."""
    aligned = {product.frame for product in store.products("aligned")}
    members: dict[tuple[str, str, str], FrameCount] = defaultdict(lambda: (0, 0.0))
    for frame in kept:
        if frame.sha256 in aligned:
            key = word(frame.train or ""), frame.picture, frame.filter or ""
            count, total_s = members[key]
            members[key] = count + 1, total_s + frame.exposure_s
    hashes = {product.path: product.sha256 for product in store.products("stack")}
    trains = {word(frame.train): frame.train for frame in kept if frame.train}
    folders = sorted((store.folder / "stacks" / night.isoformat()).glob("*/"))
    for picture, filter_ in dict.fromkeys((line.picture, line.filter) for line in every):
        plan = next(line.plan for line in every if line.picture == picture)
        name = "_".join(word(part) for part in (picture, filter_))
        for folder in folders:
            preview = next((path for end in ("", "_live") if (path := folder / f"{name}{end}.png").is_file()), None)
            if preview is not None:
                amount = members[folder.name, picture, filter_]
                sha256 = hashes.get(folder / f"{name}.fits", "")
                train = trains.get(folder.name, folder.name)
                yield StackInput(picture, filter_, plan, *amount, preview, sha256, train)


def target(plan: Plan) -> str:
    """What a plan points at, as people say it: of one that covers a transit, the planet."""
    if covered := planets_covered(plan):
        return " and ".join(planet_name(plan, letter) for letter in covered)
    name = plan.target.called if isinstance(plan.target, Recurring) else None
    return name or _pointed_at(plan.target)


def _pointed_at(target: Target) -> str:
    match target:
        case NamedTarget(name=name):
            return name
        case Planet(body=body):
            return body.title()
        case Beside(of=of):
            return f"a place beside {of}"
        case Position(ra=ra, dec=dec):
            return f"{ra:.4f}° {dec:+.4f}°"
        case Comet() | Asteroid() as body:
            return f"{'an asteroid' if isinstance(body, Asteroid) else 'a comet'} by its elements"
        case other:
            return "a satellite" if isinstance(other, Satellite) else "a place over the ground"
