"""A cure that leaves no choice is typed where the complaint points; then the complaint is gone."""

from pathlib import Path

import pytest

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.survey import complaints
from obsy.engine.editor.mending import edit
from tests.golden.test_validate import GOLDEN, lay_out

SEVERAL = (
    "unknown-key",
    "several-at-once",
    "unknown-variable",
    "limits-in-other-words",
    "unknown-word",
    "bad-name",
    "no-effect",
)


def mended(text: str, told: Diagnostic) -> str | None:
    found = edit(text, told)
    if found is None:
        return None
    lines = text.split("\n")
    line = lines[found.line]
    lines[found.line] = line[: found.begin] + found.text + line[found.end :]
    return "\n".join(lines)


@pytest.mark.long
def test_cures_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    for case in SEVERAL:
        lay_out(GOLDEN / case, tmp_path / case)
        monkeypatch.chdir(tmp_path / case)
        for told in complaints(Path("."), Path("plans")):
            file = Path(told.mark.file)
            text = file.read_text()
            after = mended(text, told)
            if after is not None:
                tried += 1
                file.write_text(after)
                assert told not in complaints(Path("."), Path("plans")), told
                file.write_text(text)
    assert tried >= 10


@pytest.mark.parametrize("mend", ["choose one", "write for example '180 s'", "add 'want: …'", "write 'a' or 'b'"])
def test_what_leaves_a_choice_is_left_to_people(mend: str) -> None:
    assert edit("exposure: a\n", Diagnostic(Mark("f", 1, 11), "no-unit", "exposure: 'a'", "b", mend)) is None
