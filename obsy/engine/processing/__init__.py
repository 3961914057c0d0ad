"""Processing: from a finished file to an archived, reduced, graded and stacked frame, beside the night."""

from obsy.engine.processing.folders import Folders
from obsy.engine.processing.processing import Outcome, Processing
from obsy.engine.processing.requests import FinalStack
from obsy.engine.processing.rules import Craft, Credit, Crew, ProcessingRules, TrainRules
from obsy.engine.processing.workers import Workers

__all__ = [
    "Craft",
    "Credit",
    "Crew",
    "FinalStack",
    "Folders",
    "Outcome",
    "Processing",
    "ProcessingRules",
    "TrainRules",
    "Workers",
]
