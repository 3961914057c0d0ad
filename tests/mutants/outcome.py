"""What may become of a fault."""

from dataclasses import dataclass

from tests.mutants.mutate import Mutant

SURVIVED, KILLED, TIMED_OUT, CRASHED, UNTOUCHED = "survived", "killed", "timed out", "crashed", "not tried"


@dataclass(frozen=True)
class Outcome:
    """A mutant, what became of it, the test that found it, and the commit it was tried at."""

    mutant: Mutant
    became: str
    by: str = ""
    commit: str = ""
