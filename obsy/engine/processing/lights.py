"""Lights: what the worker is asked, and what its answer means for the store."""

from dataclasses import asdict

from obsy.engine.frames.frame import Frame
from obsy.engine.frames.name import word
from obsy.engine.library.master import Masters
from obsy.engine.processing.folders import Folders
from obsy.engine.processing.record import from_store
from obsy.engine.processing.rules import Credit, ProcessingRules
from obsy.engine.reduce.orders import LightOrder, LightResult
from obsy.engine.store.frames import Grade
from obsy.engine.store.record import FrameRecord

NO_PLAN = "no-plan"


def order(
    record: FrameRecord, credit: Credit, masters: Masters, rules: ProcessingRules, folders: Folders
) -> LightOrder:
    """What the worker is asked about this light."""
    frame: Frame = from_store(record, folders)
    products = folders.products(record.night, word(record.object))
    return LightOrder(
        source=frame.path,
        sha256=record.sha256,
        calibrated=products / f"{frame.path.stem}_calibrated.fits",
        aligned=products / f"{frame.path.stem}_aligned.fits",
        masters=masters,
        pipeline=credit.pipeline,
        quality=credit.quality,
        optics=rules.optics,
        field=credit.field,
        cards=credit.cards,
    )


def grade(result: LightResult, masters: Masters, folders: Folders) -> Grade:
    """What the store keeps of the worker's answer."""
    said = {key: float(value) for key, value in asdict(result.measures).items() if value is not None}
    return Grade(
        accepted=result.accepted,
        reason=result.reason or result.code or "",
        measures=said,
        aligned=folders.short(result.aligned) if result.aligned else None,
        calibrated=folders.short(result.calibrated) if result.calibrated else None,
        missing=masters.missing,
    )
