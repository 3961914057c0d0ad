"""A declared pipeline, run over one light."""

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.steps import STEPS
from obsy.schemas.pipeline import Pipeline


def run(light: LightFrame, pipeline: Pipeline) -> LightFrame:
    """The light after every step, in the declared order. Raises FrameError where a step cannot be done."""
    for step in pipeline.steps:
        light = STEPS[step.step].run(light, step)
    return light
