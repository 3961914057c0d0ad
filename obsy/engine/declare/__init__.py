"""YAML in, one checked and frozen Observatory out, or every complaint with its place."""
