"""Do the tests notice when the code decides otherwise? `python -m tests.mutants` breaks it in small ways and looks.

`targets.py` says which modules decide and which tests answer for them, `mutate.py` makes the small faults, `trial.py`
runs the tests on each, and `docs/mutants.md` explains those that no test can find.
"""
