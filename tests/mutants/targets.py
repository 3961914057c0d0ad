"""The modules that decide, and the tests that answer for each besides those at the mirrored path."""

from collections.abc import Iterator
from pathlib import Path

ENGINE = "tests/unit/engine/"
TARGETS: dict[str, tuple[str, ...]] = {
    "obsy/engine/night/supervisor.py": (),
    "obsy/engine/safety/verdict.py": (),
    "obsy/engine/safety/seeing.py": (),
    "obsy/engine/safety/opening.py": (),
    "obsy/engine/safety/closing.py": (),
    "obsy/engine/schedule/progress.py": (),
    "obsy/engine/schedule/tonight.py": (ENGINE + "schedule/test_merit.py",),
    "obsy/engine/schedule/fit.py": (ENGINE + "schedule/test_merit.py",),
    "obsy/engine/schedule/candidates.py": (),
    "obsy/engine/schedule/cover.py": (),
    "obsy/engine/schedule/patience.py": (),
    "obsy/engine/schedule/overheads.py": (),
    "obsy/engine/intent.py": (),
    "obsy/engine/fold.py": (),
    "obsy/engine/night_record.py": (ENGINE + "test_fold.py",),
    "obsy/engine/events/event.py": (),
    "obsy/engine/frames/ingest.py": (),
    "obsy/units.py": (),
    "obsy/engine/reduce/grade.py": (),
    "obsy/engine/library/match.py": (ENGINE + "library/test_needs.py",),
    "obsy/engine/library/needs.py": (),
}


def mirror(module: str) -> str:
    """The test file of a module: `obsy/engine/intent.py` is answered for by `tests/unit/engine/test_intent.py`."""
    path = Path(module)
    return str(Path("tests/unit", *path.parts[1:-1], f"test_{path.name}"))


def answering(root: Path, module: str) -> list[str]:
    """The test files that answer for a module, its own first."""
    own = mirror(module)
    return [*([own] if (root / own).exists() else []), *TARGETS[module]]


def missing(root: Path) -> Iterator[str]:
    """Each path that is named here and does not exist, and each module without a test."""
    for module, extras in TARGETS.items():
        yield from (path for path in (module, *extras) if not (root / path).exists())
        if not answering(root, module):
            yield f"a test of {module}"
