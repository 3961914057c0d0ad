"""Telling people and programs how the night goes, from a process that neither moves nor delays anything."""
