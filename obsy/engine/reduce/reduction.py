"""One light from the archive to its verdict and its products."""

from obsy.engine.identity import Card
from obsy.engine.reduce.grade import grade
from obsy.engine.reduce.grids import grid_cards
from obsy.engine.reduce.light import LightFrame, open_light
from obsy.engine.reduce.measure_cards import measured
from obsy.engine.reduce.orders import LightOrder, LightResult, Measures, ProductFile
from obsy.engine.reduce.plain_cards import plain_exposure, plain_start
from obsy.engine.reduce.plane import grid, overlap, touched
from obsy.engine.reduce.product import dress, image, write
from obsy.engine.reduce.steps import STACK, STEPS
from obsy.engine.reduce.wcs_cards import placed
from obsy.engine.separation import separation_deg
from obsy.errors import FrameError
from obsy.schemas.pipeline import Step


def reduce(order: LightOrder) -> LightResult:
    """The verdict and, if it was accepted, the calibrated and the aligned frame, written.

    A file that cannot be reduced is rejected with its reason; nothing a camera writes raises.
    """
    measures = Measures()
    try:
        light = open_light(order)
        measures = light.measures
        for step in _own_steps(order):
            light = STEPS[step.step].run(light, step)
    except FrameError as fault:
        return LightResult(fault.code, str(fault), measures)
    flaw = grade(light.measures, order.quality, trails=order.trails) if light.stars is not None else None
    if flaw is not None:
        return LightResult(*flaw, light.measures)
    return _written(light)


def _own_steps(order: LightOrder) -> list[Step]:
    """Return the steps that a light goes through by itself: all but `stack`, which is of many."""
    return [step for step in order.pipeline.steps if step.step != STACK]


def _written(light: LightFrame) -> LightResult:
    order = light.order
    plain = (*plain_exposure(light.header, light.exposure_s), *plain_start(light.header, order.frame.taken_at))
    cards = (*plain, *measured(light.measures), *_provenance(order), *order.cards)
    header = placed(light.header, light.plane) if light.plane is not None else light.header.copy()
    sha256 = write(order.calibrated, image(light.counts, dress(header, cards)))
    products = [ProductFile("calibrated", order.calibrated, sha256)]
    if light.aligned is not None and order.field is not None:
        on_grid = dress(placed(light.header, grid(order.field)), (*cards, *grid_cards(order.field)))
        sha256 = write(order.aligned, image(light.aligned, on_grid, on_grid=True))
        products.append(ProductFile("aligned", order.aligned, sha256))
    if light.table is not None and order.table is not None:
        products.append(ProductFile("stars", order.table, light.table.write(order.table)))
    unplaced = "" if light.aligned is not None else light.unplaced or ""
    return LightResult("", "", light.measures, tuple(products), unplaced, _astray(light))


def _astray(light: LightFrame) -> str:
    """Say that a light shows no part of its plan's field; empty for one that does, or of which it is not known."""
    field, plane = light.order.field, light.plane
    if field is None or plane is None:
        return ""
    if overlap((grid(field), (field.rows, field.columns)), (plane, (light.counts.shape[0], light.counts.shape[1]))):
        return ""
    whose, (ra, dec) = f"the field of {field.reference}" if field.reference else "its plan's field", touched(plane)
    away = separation_deg((ra, dec), (field.ra_deg, field.dec_deg))
    return f"it shows no part of {whose}, but {ra:.3f} {dec:+.3f}, {away:.2f} deg away"


def _provenance(order: LightOrder) -> tuple[Card, ...]:
    """The hash of the light and of each master the pipeline used, why it was that one, and the steps."""
    steps = [step.step for step in _own_steps(order)]
    return (
        ("RAWSHA", order.sha256, ""),
        ("PIPELINE", order.pipeline.name, "name of the pipeline"),
        ("STEPS", " ".join(steps), ""),
        *order.masters.cards(steps),
    )
