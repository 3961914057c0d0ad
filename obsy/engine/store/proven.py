"""What lights prove of goals: frames, time, and of a goal in S/N its signal to noise."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from obsy.engine.frames.frame import Exposed
from obsy.engine.progress import GoalKey, Progress
from obsy.engine.signal import Signal
from obsy.engine.store.record import GradedLight
from obsy.schemas.proof import Proof

Claim = Callable[[Exposed], GoalKey | None]
"""The plan and goal that a light counts for; None for none."""
Proofs = Mapping[GoalKey, Proof]
"""What goals in S/N ask for."""
NONE: Proofs = {}


def progress_by_goal(
    lights: Iterable[tuple[Exposed, list[GradedLight]]],
    claim: Claim,
    proofs: Proofs = NONE,
    colour: Collection[str] = (),
) -> dict[GoalKey, Progress]:
    """Return what lights, those together that show the same, prove of each goal that has any.

    colour: trains with one-shot-colour cameras, whose lights prove no signal to noise.
    """
    found: dict[GoalKey, list[GradedLight]] = defaultdict(list)
    for light, graded in lights:
        if goal := claim(light):
            found[goal] += graded
    return {
        goal: progress_of(sorted(of, key=itemgetter(0)), proofs.get(goal), colour) for goal, of in sorted(found.items())
    }


def progress_of(lights: Sequence[GradedLight], proof: Proof | None = None, colour: Collection[str] = ()) -> Progress:
    """Return what lights of one goal prove.

    lights: in the order of time; proof: what a goal in S/N asks for; colour: trains whose lights do not count for it.
    """
    accepted = [light for light in lights if light[3]]
    rejected_at = tuple(at for at, _, _, accepted, *_ in lights if accepted is False)
    return Progress(
        frames=len(lights),
        accepted=len(accepted),
        rejected=len(rejected_at),
        done_s=sum(exposure_s for _, _, exposure_s, *_ in accepted),
        accepted_at=tuple(at for at, *_ in accepted),
        rejected_at=rejected_at,
        trains=Counter(train for _, train, *_ in accepted if train),
        unstacked=tuple(reason for *_, reason, _ in accepted if reason),
        newest=next(((at, train) for at, train, *_ in reversed(lights) if train), None),
        signal=signal_of(accepted, proof, colour) if proof is not None else Signal(),
    )


def signal_of(accepted: Iterable[GradedLight], proof: Proof, colour: Collection[str] = ()) -> Signal:
    """Return the signal to noise that accepted lights prove together; those whose measures tell nothing add nothing.

    colour: trains whose lights are counted apart, whatever was measured on them.
    """
    found = Signal()
    for _, train, exposure_s, _, _, said in accepted:
        if train in colour:
            found = replace(found, coloured=found.coloured + 1)
            continue
        try:
            measures = json.loads(said or "{}")
            found = found.with_frame(measures, exposure_s, proof.of)
        except (ValueError, TypeError):  # a damaged row's, which the store tells of where frames are read
            found = found.with_frame({}, exposure_s, proof.of)
    return found
