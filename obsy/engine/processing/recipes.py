"""What workers are asked to make of lights, and the products that the store keeps of their answers."""

from dataclasses import asdict
from typing import NamedTuple

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.name import word
from obsy.engine.library.master import Masters
from obsy.engine.processing.rules import Credit, Crew
from obsy.engine.reduce.orders import LightOrder, LightResult, LiveOrder
from obsy.engine.store.record import Product, StoredFrame


class StackKey(NamedTuple):
    """The stack that a light belongs to."""

    train: str
    object: str
    """The plan's name, and the tile."""
    filter: str

    @classmethod
    def of(cls, frame: StoredFrame) -> "StackKey":
        """The stack of this light."""
        tile = (frame.goal or "").partition("_")
        return cls(frame.train or "", (frame.plan or frame.object) + tile[1] + tile[2], frame.filter or "")

    @property
    def name(self) -> str:
        """What its file is called."""
        return "_".join(word(part) for part in (self.object, self.filter) if part)


def light_order(frame: StoredFrame, credit: Credit, masters: Masters, crew: Crew) -> LightOrder:
    """Reduce this light as its plan wants it."""
    place = crew.data_root.products(frame.night, frame.object)
    return LightOrder(
        frame=frame,
        calibrated=place / f"{frame.path.stem}_calibrated.fits",
        aligned=place / f"{frame.path.stem}_aligned.fits",
        masters=masters,
        pipeline=credit.pipeline,
        quality=credit.quality,
        optics=crew.rules.trains[frame.train or ""].optics,
        field=credit.field,
        cards=credit.cards,
    )


def light_products(frame: StoredFrame, result: LightResult, order: LightOrder) -> tuple[Product, ...]:
    """What a reduced light left behind."""
    steps = [step.step for step in order.pipeline.steps]
    parents = (frame.sha256, *(master.sha256 for master in order.masters.used(steps)))
    recipe = order.pipeline.model_dump(mode="json", exclude={"kind"})
    return tuple(
        Product(each.kind, each.path, each.sha256, frame.night, frame.site, frame.train, frame.sha256, parents, recipe)
        for each in result.products
    )


def live_order(frame: StoredFrame, aligned: Product, credit: Credit, data_root: DataRoot) -> LiveOrder:
    """Add this aligned frame to the night's growing stack."""
    place = data_root.stacks(frame.night, frame.train or "") / f"{StackKey.of(frame).name}_live.fits"
    return LiveOrder(aligned.path, frame.sha256, place, place.with_suffix(".png"), credit.cards)


def measures(result: LightResult) -> dict[str, float]:
    """What was measured on a light."""
    return {key: float(value) for key, value in asdict(result.measures).items() if value is not None}
