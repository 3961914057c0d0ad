"""Lay the frame on the plan's own grid, so that every frame of every night fits."""

from dataclasses import replace

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.plane import between, grid
from obsy.engine.reduce.resample import resample
from obsy.schemas.pipeline import Align


def run(light: LightFrame, settings: Align) -> LightFrame:
    """The light with its aligned picture; unplaced if it was not solved or does not touch the grid."""
    field = light.order.field
    if field is None:
        return replace(light, unplaced=light.unplaced or "its plan has no grid")
    if light.plane is None:
        return replace(light, unplaced=light.unplaced or "the pipeline aligns before it solves")
    shape = field.rows, field.columns
    aligned = resample(light.counts, between(grid(field), light.plane, shape), shape)
    if aligned is None:
        return replace(light, unplaced="it shows no part of the plan's field")
    return replace(light, aligned=aligned)
