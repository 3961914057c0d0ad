"""What an interrupted night owes its journal: verdicts that were not written, frames that were not noted."""

from collections.abc import Iterable

from obsy.engine.night.duty import Duty
from obsy.engine.night.resume import Past
from obsy.engine.night.shot import Shot
from obsy.engine.night.verdicts import note, refuse
from obsy.errors import ObsyError


async def pay(duty: Duty, before: Past, archived: Iterable[Shot]) -> None:
    """Write what is owed. The darkroom has judged it all by now, and the store's sums hold it already.

    archived: every frame of this night in the store; one the journal does not know was delivered as obsy died.
    """
    known = {shot.path.name for shot in before.shots}
    strangers = [shot for shot in archived if shot.path.name not in known]
    for shot in strangers:
        duty.log("frame-recovered", **shot.as_json())
    owed = [(shot, duty.darkroom.outcome(shot.path)) for shot in (*before.owed, *strangers)]
    for shot, outcome in owed:
        try:
            note(duty, shot, await duty.ports.clock.settle(outcome, duty.now()))
        except ObsyError as refusal:
            refuse(duty, shot, refusal)
    for shot in before.accepted:
        if shot.kind != "light":
            duty.book.keep(shot.kind, shot.filter, shot.exposure_s)
    duty.book.lights |= {(shot.exposure_s, shot.filter or "") for shot in before.shots if shot.kind == "light"}
