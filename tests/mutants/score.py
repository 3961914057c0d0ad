"""What became of the mutants: the survivors, whether the manual explains them, and the score."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor
from pathlib import Path

from tests.mutants.mutate import Mutant
from tests.mutants.outcome import CRASHED, KILLED, SURVIVED, TIMED_OUT, UNTOUCHED, Outcome

AT_LEAST, SAMPLE_AT_LEAST = 0.90, 0.75
"""The share that must be found: of all faults of each module, and of a few drawn by chance, which say less."""
HANGS_AT_MOST = 0.05
"""A fault that hangs is found, since every test has a limit; many of all that hang say that the limits are wrong."""
EXPLAINED = "explained"
COLUMNS = (KILLED, TIMED_OUT, CRASHED, SURVIVED, EXPLAINED, UNTOUCHED)


@dataclass(frozen=True)
class Page:
    """The page that explains survivors, beside the modules as they were when the run began."""

    text: str
    sources: Mapping[str, bytes]

    def lines(self, module: str) -> list[str]:
        """The lines of code under a module's heading."""
        _, _, rest = self.text.partition(f"### `{module}`\n")
        return [line.strip() for line in rest.split("\n### ")[0].splitlines() if line.startswith("    ")]

    def explains(self, mutant: Mutant) -> bool:
        """Whether under its module's heading stand the lines without the fault, and after them those with it.

        Several faults of the same lines may follow them.
        """
        source = self.sources[mutant.path]
        told, whole = self.lines(mutant.path), {line.strip() for line in source.decode().splitlines()}
        diff = mutant.diff(source).splitlines()
        sound, sick = ([line[1:].strip() for line in diff if line[0] == sign] for sign in "-+")
        for place in range(len(told)):
            if told[place : place + len(sick)] == sick:
                before = next((each for each in range(place - 1, -1, -1) if told[each] in whole), -1)
                if told[max(0, before - len(sound) + 1) : before + 1] == sound:
                    return True
        return False


@dataclass(frozen=True)
class Score:
    """How the deciding modules fare."""

    outcomes: tuple[Outcome, ...]
    page: Page
    sampled: bool

    def counts(self, outcomes: Iterable[Outcome]) -> Counter[str]:
        """How often each came to pass; a survivor that is explained counts as that alone."""
        return Counter(
            EXPLAINED if outcome.became == SURVIVED and self.page.explains(outcome.mutant) else outcome.became
            for outcome in outcomes
        )

    def table(self) -> str:
        """The counts of each module and of all, with the share that was found."""
        paths = list(dict.fromkeys(outcome.mutant.path for outcome in self.outcomes))
        piles = {path: [o for o in self.outcomes if o.mutant.path == path] for path in paths}
        rows = [f"{'module':42} {' '.join(COLUMNS)}  found  of all"]
        for name, pile in [*piles.items(), ("all", self.outcomes)]:
            tally = self.counts(pile)
            cells = " ".join(f"{tally[column]:{len(column)}}" for column in COLUMNS)
            rows.append(f"{name:42} {cells} {percent(found(tally)):4} % {percent(found(tally, EXPLAINED)):5} %")
        return "\n".join(rows)

    def faults(self) -> list[str]:
        """Why the run fails; none if it does not."""
        tally = self.counts(self.outcomes)
        said = []
        if tally[UNTOUCHED]:
            said.append(f"{tally[UNTOUCHED]} were not tried")
        if self.sampled:
            return said + [f"below {100 * SAMPLE_AT_LEAST:.0f} %"] * (found(tally) < SAMPLE_AT_LEAST)
        if tally[TIMED_OUT] > max(1, HANGS_AT_MOST * len(self.outcomes)):
            said.append(f"{tally[TIMED_OUT]} timed out, more than {100 * HANGS_AT_MOST:.0f} %")
        for mutant in (o.mutant for o in self.outcomes if o.became == KILLED and self.page.explains(o.mutant)):
            said.append(f"{mutant.path}:{mutant.line}: {mutant.text} is explained, and a test finds it")
        if tally[SURVIVED]:
            said.append(f"{tally[SURVIVED]} survived without an explanation")
        for path in dict.fromkeys(outcome.mutant.path for outcome in self.outcomes):
            counts = self.counts([o for o in self.outcomes if o.mutant.path == path])
            if found(counts) < AT_LEAST and counts.total() > counts[UNTOUCHED]:
                said.append(f"{path} is below {100 * AT_LEAST:.0f} %")
        return said


def found(tally: Mapping[str, int], *more: str) -> float:
    """The share of the faults that some test noticed; what changes nothing is no fault, unless it is named too."""
    noticed = tally[KILLED] + tally[TIMED_OUT] + tally[CRASHED]
    return noticed / max(noticed + sum(tally[each] for each in (SURVIVED, *more)), 1)


def percent(share: float) -> int:
    """The share in whole hundredths, rounded down: all are found where none is missed."""
    return floor(100 * share + 1e-9)


def read(page: Path) -> str:
    """The manual's page of survivors; empty where there is none."""
    return page.read_text(encoding="utf-8") if page.exists() else ""
