"""Processing: from a finished file to an archived, reduced, graded and stacked frame, beside the night."""
