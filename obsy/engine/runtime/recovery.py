"""What an interrupted night owes its journal: verdicts that were not written, frames that were not noted."""

from collections.abc import Iterable

from obsy.engine.events.frames import FrameRecovered
from obsy.engine.library.master import LightNeed
from obsy.engine.night.context import NightContext
from obsy.engine.night.delivery import note, refuse
from obsy.engine.night_record import Capture, NightRecord
from obsy.errors import ObsyError


async def recover(context: NightContext, before: NightRecord, archived: Iterable[Capture]) -> None:
    """Write what is owed. Processing has judged it all by now, and the store's sums hold it already.

    archived: every frame of this night in the store; one the journal does not know was delivered as obsy died.
    """
    known = {capture.path for capture in before.captures}
    unknown = [capture for capture in archived if capture.path not in known]
    for capture in unknown:
        context.log(FrameRecovered(**capture.facts(context.incoming)))
    owed = [(capture, context.processing.outcome(capture.path)) for capture in (*before.owed, *unknown)]
    for capture, outcome in owed:
        try:
            note(context, capture, await context.ports.clock.settle(outcome, context.now()))
        except ObsyError as refusal:
            refuse(context, capture, refusal)
    context.tally.failed |= before.failed
    for capture in before.captures:
        if capture.kind != "light" and capture.verdict == "accepted":
            context.tally.keep(capture.train or "", capture.kind, capture.filter, capture.exposure_s)
    context.tally.lights |= {
        LightNeed(capture.train, capture.exposure_s, capture.filter or "")
        for capture in before.captures
        if capture.kind == "light"
    }
