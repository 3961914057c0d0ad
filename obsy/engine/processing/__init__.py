"""Processing: from a finished file to an archived, reduced, graded and stacked frame, beside the night."""

from obsy.engine.processing.processing import Outcome, Processing
from obsy.engine.processing.rules import Craft, Credit, Crew, ProcessingRules, TrainRules
from obsy.engine.processing.workers import Workers

__all__ = [
    "Craft",
    "Credit",
    "Crew",
    "Outcome",
    "Processing",
    "ProcessingRules",
    "TrainRules",
    "Workers",
]
