"""A cure that moves data offers both sites once there are any: nobody knows whose they are."""

from pathlib import Path

import pytest

from obsy.engine.declare.survey import complaints
from tests.golden.test_validate import GOLDEN, lay_out


@pytest.mark.parametrize(
    ("begun", "mend"),
    [
        (False, "add 'data: data-home'"),
        (True, "add 'data: data-home', or 'data: data-away' at site/away.yaml:2:7: in the one that has no frames yet"),
    ],
)
def test_who_shares_a_folder_with_frames_in_it_is_not_told_to_leave_them_behind(
    begun: bool, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(GOLDEN / "folder-twice", tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    if begun:
        Path("data/real").mkdir(parents=True)
    (told,) = complaints(Path("."), Path("plans"))
    assert (told.code, told.mend) == ("folder-twice", mend)
