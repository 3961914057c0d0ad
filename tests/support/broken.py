"""Documents with faults, as the manual and the corpus show them: the keys that matter, over files that are well."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from obsy.cli.excerpt import with_excerpts
from obsy.cli.explain import explanations
from obsy.diagnostics import Diagnostic
from obsy.engine.declare.survey import survey

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "validate"
PLAN = "plans/m31.yaml"
REST = re.compile(r"^ *# …\n", re.MULTILINE)
"""Stands for all that the file has at this place when it is well."""
WHOLE = "\0"
"""Begins what is not to be filled up."""
BLOCK = re.compile(r"(?:^(?: {4}.*)?\n)*^ {4}.*\n?", re.MULTILINE)
"""An example, indented by four."""
ANSWER = re.compile(r"^```text\n.*?^```\n\n?", re.MULTILINE | re.DOTALL)


class Told(NamedTuple):
    """What obsy says of a document."""

    said: Sequence[Diagnostic] = ()
    """Complaints, then warnings."""
    shown: str = ""
    """As people read it."""

    @property
    def codes(self) -> list[str]:
        """Return the codes alone."""
        return [each.code for each in self.said]


def examples(said: str) -> list[str]:
    """Return the examples that stand in a text."""
    blocks = [re.sub(r"^ {4}", "", block.strip("\n"), flags=re.MULTILINE) + "\n" for block in BLOCK.findall(said)]
    return [block for block in blocks if block.strip()]


def explained(which: int, folder: Path) -> dict[str, Told]:
    """Return what obsy says of each explanation's example: the first raises the complaint, the second is mended.

    What a command shows, and no text can, is left out. folder: an empty one.
    """
    every = {code: examples(said) for code, said in explanations().items()}
    shown = {code: each[which] for code, each in every.items() if each[which:] and not each[0].startswith("$")}
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setenv("OBSY_ANA", "ntfys://topic")
        return dict(found(shown, Path()))


def page(text: str, said: dict[str, str], heading: str) -> str:
    """Return a page with what is said of the first example of each part beneath it. heading: begins a part's title."""
    text = ANSWER.sub("", text)
    for title, told in said.items():
        before, after = text.split(f"{heading}{title}\n", 1)
        block = BLOCK.search(after)
        assert block is not None
        text = (
            f"{before}{heading}{title}\n{after[: block.end()]}\n```text\n{told}\n```\n\n{after[block.end() :].lstrip()}"
        )
    return text


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
    if not said.strip() or "kind" in keys or said.startswith(("%", "#")):
        return said
    keys |= {"target"} if "targets" in keys else set()
    rest = dict(re.findall(r"^(\w+):((?:.*\n)(?:[ -].*\n)*)", well, re.MULTILINE))
    if moves := rest.get("moves", "").removeprefix("\n"):
        said = REST.sub(lambda _: moves, said)
    return said + "".join(f"{key}:{value}" for key, value in rest.items() if key not in keys)


def found(documents: dict[str, str], root: Path) -> Iterator[tuple[str, Told]]:
    """Yield what is said of each document, by its name; those that are one plan lie in one observatory together.

    root: the working folder, which is empty.
    """
    shutil.copytree(GOLDEN / "observatory", root, dirs_exist_ok=True)
    shutil.copytree(GOLDEN / "all-is-well", root, dirs_exist_ok=True)
    well = {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.yaml")}
    plans = {name: said for name, said in documents.items() if list(files(said)) == [PLAN] and "\n---\n" not in said}
    paths = {name: f"plans/{re.sub('[^a-z0-9]+', '-', name.lower())}.yaml" for name in plans}
    for name, path in paths.items():
        Path(path).write_text(filled(files(plans[name])[PLAN], well[PLAN].replace("m31", Path(path).stem, 1)))
    Path(PLAN).unlink()
    told = _told()
    yield from ((name, told.get(path, Told())) for name, path in paths.items())
    for path in paths.values():
        Path(path).unlink()
    for name in [name for name in documents if name not in plans]:
        yield name, _alone(files(documents[name]), well)


def _alone(document: dict[str, str], well: dict[str, str]) -> Told:
    for name, said in ({PLAN: ""} | document).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(filled(said, well.get(name, "")) if said else well[name])
    every = _told().values()
    for name in {PLAN: ""} | document:
        Path(name).unlink()
        if name in well:
            Path(name).write_text(well[name])
    return Told([each for told in every for each in told.said], "\n".join(told.shown for told in every))


def _told() -> dict[str, Told]:
    """Return what is said of each file."""
    seen = survey(Path(), Path("plans"))
    told: dict[str, Told] = {}
    every = [*seen.complaints, *seen.warnings]
    for each, shown in zip(every, with_excerpts(every), strict=True):
        before = told.get(each.mark.file, Told())
        told[each.mark.file] = Told([*before.said, each], f"{before.shown}\n{shown}".strip("\n"))
    return told
