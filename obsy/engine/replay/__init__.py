"""A night's decisions made again from its journal, and what another policy would have decided."""
