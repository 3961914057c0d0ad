"""obsy runs an observatory from text."""

__version__ = "0.1.0"
