"""Outcomes that last: what became of each fault, and of which source and tests that is true."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from tests.mutants.mutate import Mutant
from tests.mutants.outcome import UNTOUCHED, Outcome
from tests.mutants.targets import answering


@dataclass
class Records:
    """A file of JSON lines, to which each outcome is added; without a path, nothing is kept."""

    root: Path
    path: Path | None
    commit: str
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    hashes: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path and self.path.exists():
            for each in map(json.loads, self.path.read_text(encoding="utf-8").splitlines()):
                self.known[each["fault"]] = each

    def recall(self, mutant: Mutant) -> Outcome | None:
        """What became of a fault, if neither its module nor the tests that say so have changed since."""
        each = self.known.get(self.fault(mutant))
        if each is None or each["tests"] != self.tests(mutant, each["by"]):
            return None
        return Outcome(mutant, each["became"], each["by"], each["commit"])

    def keep(self, outcome: Outcome) -> Outcome:
        """Add an outcome to the file."""
        outcome = replace(outcome, commit=self.commit)
        if self.path and outcome.became != UNTOUCHED:
            what = {"module": outcome.mutant.path, "fault": self.fault(outcome.mutant), "became": outcome.became}
            what |= {"by": outcome.by, "tests": self.tests(outcome.mutant, outcome.by), "commit": outcome.commit}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(what)}\n")
        return outcome

    def fault(self, mutant: Mutant) -> str:
        """A fault's name: the module, the hash of its source, the place and the text."""
        return f"{mutant.path}@{self.hash(mutant.path)}:{mutant.begin}-{mutant.end}:{mutant.text}"

    def tests(self, mutant: Mutant, by: str) -> str:
        """The hash of what an outcome rests on: the file of the test that found the fault, or all that could have."""
        killer = by.partition("::")[0] if "::" in by else ""
        return self.hash(*([killer] if killer else answering(self.root, mutant.path)))

    def hash(self, *paths: str) -> str:
        """The hash of some files and folders; empty if one is gone."""
        if paths not in self.hashes:
            places = [self.root / path for path in paths]
            files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
            whole = b"".join(file.read_bytes() for file in files)
            self.hashes[paths] = sha256(whole).hexdigest()[:12] if files else ""
        return self.hashes[paths]


def described(root: Path) -> str:
    """The commit that is checked out, with a + if something was changed since."""
    said = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    return subprocess.run(said, cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def tried_at(outcomes: Iterable[Outcome]) -> str:
    """At which commits how many were tried; each holds as long as its source and its tests are the same."""
    commits = Counter(outcome.commit for outcome in outcomes if outcome.commit)
    return ", ".join(f"{count} at {commit}" for commit, count in commits.most_common())
