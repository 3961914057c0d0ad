"""Measurements, one file a question: `python -m bench NAME [--json]` for one, `python -m bench` for all.

Each file answers through `answer(question, figures)`, where figures are counts, seconds, megabytes or ratios by name.
Files with a leading underscore are tools; a question with LONG = True is asked only when named, or by `--long`.
"""
