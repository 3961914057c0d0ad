"""YAML in, one checked and frozen Observatory out, or every complaint with its place."""

from obsy.engine.declare.survey import complaints, declare

__all__ = ["complaints", "declare"]
