"""Break the modules that decide, one small fault at a time, and see whether their tests notice."""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tests.mutants.again import Again, best, is_there
from tests.mutants.mutate import Mutant, compiles, mutants
from tests.mutants.outcome import SURVIVED, UNTOUCHED, Outcome
from tests.mutants.records import Records, described, tried_at
from tests.mutants.rehearsal import Rehearsal
from tests.mutants.score import Page, Score, read
from tests.mutants.targets import TARGETS, answering, missing, nearest, roomy
from tests.mutants.time_limit import SLOWER
from tests.mutants.trial import LOG, lay_out, load, rehearse, trial

ROOT = Path(__file__).resolve().parents[2]
EACH = 5
"""How many faults of a module a sample takes: few modules, since each has to run its tests without any fault first."""
BASELINE_S = 300.0
Likely = Callable[[Mutant], Mapping[str, int]]
"""Which tests probably find a fault, and how probably, compared with each other."""
Way = tuple[type[Rehearsal], Callable[[Path, str], list[str]]]
"""How faults are tried in forks, and on which tests those of a module."""


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("module", nargs="*", help="only these, such as obsy/units.py; all that decide if none is named")
    parser.add_argument("--sample", type=int, metavar="N", help="try N faults, drawn from a few of the modules")
    parser.add_argument("--seed", type=int, default=1, help="draws the sample")
    parser.add_argument("--jobs", type=int, default=2, help="how many at the same time (2)")
    parser.add_argument("--grace", type=float, default=5.0, help="seconds that a test may take more than threefold (5)")
    parser.add_argument("--minutes", type=float, default=120.0, help="begin no trial after so long (120)")
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="add the outcomes, and try only what it does not say"
    )
    parser.add_argument("--list", action="store_true", help="print the faults, and try none")
    parser.add_argument("--killers", action="store_true", help="print the test that found each fault, too")
    asked = parser.parse_args(words)
    asked.until = time.time() + 60 * asked.minutes
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
    """Try the faults, print the survivors and the score; 1 if too few are found or one survives unexplained."""
    asked = arguments()
    if lost := list(missing(ROOT)):
        sys.stderr.write(f"tests/mutants/targets.py names what is not there: {', '.join(lost)}\n")
        return 2
    begun = time.time()
    with tempfile.TemporaryDirectory(prefix="obsy-mutants-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder).resolve()
        lay_out(ROOT, copy)
        sources = {module: (copy / module).read_bytes() for module in asked.module or TARGETS}
        drawn = draw({module: mutants(module, source) for module, source in sources.items()}, asked.sample, asked.seed)
        if unfit := [mutant for mutant in drawn if not compiles(mutant.applied(sources[mutant.path]))]:
            raise SystemExit(f"tests/mutants/mutate.py writes what is no Python: {unfit}")
        if asked.list:
            for mutant in drawn:
                print(f"{mutant.path}:{mutant.line}: {mutant.what}\n{mutant.diff(sources[mutant.path])}")
            return 0
        page = Page(read(ROOT / "docs" / "mutants.md"), sources)
        outcomes = []
        for outcome in remembered(copy, drawn, page, asked):
            outcomes.append(outcome)
            if len(outcomes) % 100 == 0:
                print(f"{len(outcomes)} of {len(drawn)}, {time.time() - begun:.0f} s", flush=True)
            tell(outcome, page, asked.killers)
        score = Score(tuple(outcomes), page, bool(asked.sample))
    print(f"\n{score.table()}\n{tried_at(outcomes)}\n{len(drawn)} faults, {time.time() - begun:.0f} s")
    for fault in score.faults():
        print(fault)
    return 1 if score.faults() else 0


def remembered(copy: Path, drawn: list[Mutant], page: Page, asked: argparse.Namespace) -> Iterator[Outcome]:
    """What became of each mutant according to the record, and what becomes of the others, which is added to it."""
    records = Records(copy, asked.record, described(ROOT))
    known = {mutant: outcome for mutant in drawn if (outcome := records.recall(mutant))}
    if known:
        print(f"{len(known)} of {len(drawn)} are on record", flush=True)
    yield from known.values()
    left = [mutant for mutant in drawn if mutant not in known]
    left.sort(key=lambda mutant: max(records.likely(mutant).values(), default=0), reverse=True)  # the quick ones first
    if time.time() > asked.until:
        yield from (Outcome(mutant, UNTOUCHED) for mutant in left)
    elif left:
        load()
        yield from map(records.keep, run(copy, left, page, asked, records.likely))


def run(
    copy: Path, drawn: list[Mutant], page: Page, asked: argparse.Namespace, likely: Likely = lambda mutant: {}
) -> Iterator[Outcome]:
    """What becomes of each mutant: shown to what found it before, then to the nearest tests, then to its room's; and a
    survivor of the quick way to the tests that could not see it there. Those that are likely to find it go first.
    """
    left: list[tuple[Mutant, list[str]]] = []
    kills: dict[str, Counter[str]] = defaultdict(Counter)
    anew = set(drawn)
    for outcome in again(copy, drawn, asked, likely):
        kills[outcome.mutant.path][outcome.by] += 1
        anew.remove(outcome.mutant)
        yield outcome
    room = [mutant for mutant in drawn if mutant in anew and far(copy, mutant, likely)]
    nearby = [mutant for mutant in drawn if mutant in anew and mutant not in room]
    for near in (True, False):
        way = Rehearsal, nearest if near else answering
        for outcome, unseen in quickly(copy, nearby if near else room, way, asked, likely):
            mutant = outcome.mutant
            kills[mutant.path][outcome.by] += 1
            if outcome.became == SURVIVED and near and not page.explains(mutant) and roomy(copy, mutant.path):
                room.append(mutant)
            elif unseen:
                left.append((mutant, unseen))
                print(f"to be tried again: {mutant.path}:{mutant.line}: {mutant.text}", flush=True)
            else:
                yield outcome
    yield from plainly(copy, left, kills, asked, likely)


def plainly(
    copy: Path,
    left: list[tuple[Mutant, list[str]]],
    kills: Mapping[str, Counter[str]],
    asked: argparse.Namespace,
    likely: Likely,
) -> Iterator[Outcome]:
    """What becomes of each mutant when it is written into its file, on tests that could not see it in a fork."""
    limits: dict[str, float] = {}
    for mutant, tests in left:
        if time.time() > asked.until:
            yield Outcome(mutant, UNTOUCHED)
            continue
        if (key := " ".join(tests)) not in limits:
            limits[key] = SLOWER * baseline(copy, tests) + asked.grace
        ended = trial(copy, tests, limits[key], {**kills[mutant.path], **likely(mutant)}, mutant)
        kills[mutant.path][ended.by] += 1
        yield Outcome(mutant, ended.became, ended.by)


def again(copy: Path, drawn: list[Mutant], asked: argparse.Namespace, likely: Likely) -> Iterator[Outcome]:
    """What becomes of the mutants that the tests still find which found them, or others of their functions, before."""
    known = {mutant: {test: n for test, n in likely(mutant).items() if is_there(copy, test)} for mutant in drawn}
    tests: dict[str, set[str]] = defaultdict(set)
    for mutant, found in known.items():
        tests[mutant.path].update(test.partition("[")[0] for test in best(found))
    way = Again, lambda copy, path: sorted(tests[path])
    for outcome, _ in quickly(copy, [mutant for mutant in drawn if known[mutant]], way, asked, known.__getitem__):
        if outcome.became not in (SURVIVED, UNTOUCHED):
            yield outcome


def far(copy: Path, mutant: Mutant, likely: Likely) -> bool:
    """Whether what most likely finds a fault is not among the nearest tests, but in its module's room."""
    tests = likely(mutant)
    best = max(tests, key=lambda test: tests[test], default="")
    near, answer = (tuple(each(copy, mutant.path)) for each in (nearest, answering))
    return best.startswith(answer) and not best.startswith(near)


def quickly(
    copy: Path, drawn: list[Mutant], way: Way, asked: argparse.Namespace, likely: Likely
) -> Iterator[tuple[Outcome, list[str]]]:
    """What becomes of each mutant in a fork of a process that has collected the tests that answer for it; of a survivor
    also the tests that could not see it there.
    """
    if not drawn:
        return
    kind, answer = way
    names = sorted({mutant.path for mutant in drawn})
    tests = {name: answer(copy, name) for name in names}
    reads, writes = os.pipe()
    sources = {name: (copy / name).read_bytes() for name in names}
    plugin = kind(copy, sources, tests, drawn, asked.jobs, asked.grace, asked.until, writes)
    plugin.likely = [likely(mutant) for mutant in drawn]
    child = rehearse(copy, distinct(tests.values()), plugin)
    os.close(writes)
    heard = 0
    with os.fdopen(reads, encoding="utf-8") as lines:
        for said in map(json.loads, lines):
            if "fails" in said:
                raise SystemExit(f"the tests fail without any fault: {said['fails']}")
            if "tests" in said:
                print(f"{said['tests']} tests, {max(0.0, said['seconds']):.0f} s without a fault", flush=True)
                continue
            heard += 1
            yield Outcome(drawn[said["mutant"]], said["became"], said["by"]), said.get("unseen", [])
    os.waitpid(child, 0)
    if heard < len(drawn):
        raise SystemExit(f"the quick way broke off:\n{(copy / LOG).read_text()[-3000:]}")


def distinct(tests: Iterable[list[str]]) -> list[str]:
    """The files and folders to collect, none inside another."""
    paths = {Path(path) for each in tests for path in each}
    return sorted(str(path) for path in paths if not paths & set(path.parents))


def baseline(copy: Path, tests: list[str]) -> float:
    """How long the tests take without a fault in the plain way; raises SystemExit where they fail."""
    healthy = trial(copy, tests, BASELINE_S, {})
    if healthy.became != SURVIVED:
        raise SystemExit(f"{healthy.by} fails without any fault ({healthy.became})\n{(copy / LOG).read_text()}")
    return healthy.seconds


def tell(outcome: Outcome, page: Page, killers: bool) -> None:
    """Print a survivor as soon as it is known, with its place and its difference."""
    mutant = outcome.mutant
    if outcome.became == SURVIVED or killers:
        known = ", explained" if outcome.became == SURVIVED and page.explains(mutant) else ""
        print(f"\n{mutant.path}:{mutant.line}: {mutant.what}, {outcome.became}{known} {outcome.by}")
        print(mutant.diff(page.sources[mutant.path]), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
