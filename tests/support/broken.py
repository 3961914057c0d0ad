"""Documents with faults, as the manual and the corpus show them: the keys that matter, over files that are well."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.survey import survey

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "validate"
PLAN = "plans/m31.yaml"
REST = re.compile(r"^ *# …\n", re.MULTILINE)
"""Stands for all that the file has at this place when it is well."""
WHOLE = "\0"
"""Begins what is not to be filled up."""
Said = list[tuple[Diagnostic, str]]
"""Complaints, and warnings, with the level of each."""


def observatory(root: Path) -> None:
    """Make the observatory that is well, with one plan."""
    shutil.copytree(GOLDEN / "observatory", root, dirs_exist_ok=True)
    shutil.copytree(GOLDEN / "all-is-well", root, dirs_exist_ok=True)


def files(example: str) -> dict[str, str]:
    """Return the text that an example has for each of its files: a comment with a path begins one."""
    parts = re.split(r"^# ((?:site|library|plans|packs)[/.]\S+)(, all of it)?\n", example, flags=re.MULTILINE)
    every = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    return {name: WHOLE * bool(whole) + said for name, whole, said in every} or {PLAN: example}


def filled(said: str, well: str) -> str:
    """Return a file that says this, and of what it leaves out what the file says when it is well.

    What says its `kind`, or is no mapping, is the whole file.
    """
    if said.startswith(WHOLE):
        return said.removeprefix(WHOLE)
    keys = set(re.findall(r"^([a-z_]+):", said, re.MULTILINE))
    if not keys or "kind" in keys or said.startswith("%"):
        return said
    keys |= {"target"} if "targets" in keys else set()
    rest = dict(re.findall(r"^(\w+):((?:.*\n)(?:[ -].*\n)*)", well, re.MULTILINE))
    if moves := rest.get("moves", "").removeprefix("\n"):
        said = REST.sub(lambda _: moves, said)
    return said + "".join(f"{key}:{value}" for key, value in rest.items() if key not in keys)


def found(examples: dict[str, str], root: Path) -> Iterator[tuple[str, Said]]:
    """Yield what is said of each example, by its name; those that are one plan share an observatory, beside each other.

    root: the working folder, which is empty.
    """
    observatory(root)
    well = {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.yaml")}
    plans = {name: said for name, said in examples.items() if list(files(said)) == [PLAN] and "\n---\n" not in said}
    paths = {name: Path(f"plans/{name}.yaml") for name in plans}
    for name, path in paths.items():
        own = well[PLAN].replace("name: m31", f"name: {name}")
        path.write_text(filled(files(plans[name])[PLAN], own))
    Path(PLAN).unlink()
    said = list(_said())
    yield from ((name, [each for each in said if Path(each[0].mark.file) == path]) for name, path in paths.items())
    for path in paths.values():
        path.unlink()
    for name in examples.keys() - plans.keys():
        yield name, _alone(files(examples[name]), well)


def _alone(example: dict[str, str], well: dict[str, str]) -> Said:
    for name, said in ({PLAN: ""} | example).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(filled(said, well.get(name, "")) if said else well[name])
    said = list(_said())
    for name in {PLAN: ""} | example:
        Path(name).unlink()
        if name in well:
            Path(name).write_text(well[name])
    return said


def _said() -> Iterator[tuple[Diagnostic, str]]:
    seen = survey(Path(), Path("plans"))
    yield from ((each, "error") for each in seen.complaints)
    yield from ((each, "warning") for each in seen.warnings)


def codes(said: Iterable[tuple[Diagnostic, str]]) -> list[str]:
    """Return the codes alone."""
    return [each.code for each, _ in said]
