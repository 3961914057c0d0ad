"""The darkroom: from a finished file to an archived, reduced, graded and stacked frame, beside the night."""

from obsy.engine.reduce.darkroom.darkroom import Darkroom
from obsy.engine.reduce.darkroom.folders import Folders
from obsy.engine.reduce.darkroom.outcome import Outcome
from obsy.engine.reduce.darkroom.room import Crew
from obsy.engine.reduce.darkroom.rules import Craft, Credit, Rules
from obsy.engine.reduce.darkroom.workers import Workers

__all__ = ["Craft", "Credit", "Crew", "Darkroom", "Folders", "Outcome", "Rules", "Workers"]
