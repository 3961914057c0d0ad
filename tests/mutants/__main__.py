"""Break the modules that decide, one small fault at a time, and see whether their tests notice."""

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.mutants.mutate import Mutant, mutants
from tests.mutants.targets import TARGETS, answering, missing
from tests.mutants.trial import NO_TESTS, NOT_TRIED, SURVIVED, attempt, baseline, move_in

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ROOT / "docs" / "mutants.md"
AT_LEAST, SAMPLE_AT_LEAST = 0.90, 0.75
"""The share that must be killed: of all faults, and of a few drawn by chance, which say less."""
EACH = 5
"""How many faults of a module a sample takes: few modules, since each has to run its tests without any fault first."""
SOURCES: dict[str, bytes] = {}
"""The modules as they were when the run began; somebody may work on them meanwhile."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("module", nargs="*", help="only these, such as obsy/units.py; all that decide if none is named")
    parser.add_argument("--sample", type=int, metavar="N", help="try N faults, drawn from a few of the modules")
    parser.add_argument("--seed", type=int, default=1, help="draws the sample")
    parser.add_argument("--jobs", type=int, default=2, help="how many at the same time (2)")
    parser.add_argument("--minutes", type=float, default=120.0, help="begin no trial after so long (120)")
    parser.add_argument("--list", action="store_true", help="print the faults, and try none")
    asked = parser.parse_args()
    if unknown := [module for module in asked.module if module not in TARGETS]:
        parser.error(f"not among the deciding modules: {', '.join(unknown)}\nthey are: {', '.join(TARGETS)}")
    return asked


def draw(chosen: dict[str, list[Mutant]], count: int | None, seed: int) -> list[Mutant]:
    """All of them, or `count` of a few modules."""
    if count is None:
        return [mutant for found in chosen.values() for mutant in found]
    chance = random.Random(seed)
    names = chance.sample(sorted(chosen), min(len(chosen), -(-count // EACH)))
    piles = [chance.sample(chosen[name], len(chosen[name])) for name in names]
    dealt = [pile[turn] for turn in range(max(map(len, piles))) for pile in piles if turn < len(pile)]
    return sorted(dealt[:count], key=lambda mutant: (mutant.path, mutant.begin))


def main() -> int:
    """Try the faults, print the survivors and the score; 1 if too few are killed or one survives unexplained."""
    asked = arguments()
    if lost := list(missing(ROOT)):
        sys.stderr.write(f"tests/mutants/targets.py names what is not there: {', '.join(lost)}\n")
        return 2
    SOURCES.update({module: (ROOT / module).read_bytes() for module in asked.module or TARGETS})
    chosen = {module: mutants(module, source) for module, source in SOURCES.items()}
    drawn = draw(chosen, asked.sample, asked.seed)
    if asked.list:
        for mutant in drawn:
            print(f"{mutant.path}:{mutant.line}: {mutant.what}\n{mutant.diff(SOURCES[mutant.path])}")
        return 0
    until = time.time() + 60 * asked.minutes
    with tempfile.TemporaryDirectory(prefix="obsy-mutants-") as folder:
        pool = ProcessPoolExecutor(asked.jobs, get_context("spawn"), move_in, (ROOT, folder))
        with pool:
            return tell(run(pool, drawn, until), SAMPLE_AT_LEAST if asked.sample else AT_LEAST)


def run(pool: ProcessPoolExecutor, drawn: list[Mutant], until: float) -> list[tuple[Mutant, str, float]]:
    """The outcome of each trial; raises SystemExit where the tests fail without any fault."""
    modules = sorted({mutant.path for mutant in drawn})
    tests = {module: answering(ROOT, module) for module in modules}
    sound = dict(zip(modules, pool.map(baseline, tests.values()), strict=True))
    for module, (said, seconds) in sound.items():
        print(f"{module}: {' '.join(tests[module])}: {seconds:.1f} s", flush=True)
        if said != SURVIVED:
            raise SystemExit(f"the tests of {module} fail without any fault ({said})")
    limits = {module: 4 * seconds + 10 for module, (_, seconds) in sound.items()}
    begun = [pool.submit(attempt, mutant, tests[mutant.path], limits[mutant.path], until) for mutant in drawn]
    return [told(trial.result()) for trial in begun]


def told(outcome: tuple[Mutant, str, float]) -> tuple[Mutant, str, float]:
    """Print a survivor as soon as it is known, with its place and its difference."""
    mutant, became, _ = outcome
    if became in {SURVIVED, NO_TESTS}:
        print(f"\n{mutant.path}:{mutant.line}: {mutant.what}, {became}{', explained' * explained(mutant)}")
        print(mutant.diff(SOURCES[mutant.path]), flush=True)
    return outcome


def explained(mutant: Mutant) -> bool:
    """Whether docs/mutants.md names the file and shows both lines."""
    page = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    lines = mutant.diff(SOURCES[mutant.path]).splitlines()
    return mutant.path in page and all(line[1:].strip() in page for line in lines)


def tell(outcomes: list[tuple[Mutant, str, float]], at_least: float) -> int:
    """Print the score of each module; 1 if too few faults were found, or some not tried."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for mutant, became, _ in outcomes:
        column = {SURVIVED: 1, NO_TESTS: 1, NOT_TRIED: 3}.get(became, 0)
        tally[mutant.path][column] += 1
        tally[mutant.path][2] += column == 1 and explained(mutant)
    print(f"\n{'module':40} killed survived explained not tried")
    whole = [sum(column) for column in zip(*tally.values(), strict=True)]
    for path, (killed, survived, known, untried) in [*tally.items(), ("all", whole)]:
        share = 100 * killed / max(killed + survived, 1)
        print(f"{path:40} {killed:6} {survived:8} {known:9} {untried:9}  {share:.0f} %")
    killed, survived, _, untried = whole
    enough = killed >= at_least * (killed + survived)
    print(f"{killed} of {killed + survived} faults found" + ("" if enough else f": below {100 * at_least:.0f} %"))
    return 0 if enough and not untried else 1


if __name__ == "__main__":
    raise SystemExit(main())
