"""Processing: from a finished file to an archived, reduced, graded and stacked frame, beside the night."""

from obsy.engine.processing.folders import Folders
from obsy.engine.processing.outcome import Outcome
from obsy.engine.processing.processing import Processing
from obsy.engine.processing.room import Crew
from obsy.engine.processing.rules import Craft, Credit, ProcessingRules
from obsy.engine.processing.workers import Workers

__all__ = ["Craft", "Credit", "Crew", "Processing", "Folders", "Outcome", "ProcessingRules", "Workers"]
