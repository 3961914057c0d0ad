"""The lock of packs is as obsy wrote it, or it is told that it is not."""

from pathlib import Path

import pytest

from obsy.engine.declare.packs.lock import Locked, as_text, locked
from obsy.errors import UserError

LOCKED = {"messier": Locked("../source", "1", None, {"m31.yaml": "0" * 64})}


def test_what_was_locked_is_read_again(tmp_path: Path) -> None:
    assert locked(tmp_path) == {}
    (tmp_path / "packs.lock").write_text(as_text(LOCKED))
    assert locked(tmp_path) == LOCKED


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        as_text(LOCKED)[:40],
        '{"a": 3}',
        '{"a": {"source": 1, "version": "1", "commit": null, "files": {}}}',
        '{"a": {"source": "x", "version": "1", "commit": null, "files": 3}}',
        '{"a": {"source": "x", "version": "1", "commit": null, "files": {"m31.yaml": 3}}}',
    ],
)
def test_a_damaged_lock_is_not_taken_for_one_that_is_empty(text: str, tmp_path: Path) -> None:
    (tmp_path / "packs.lock").write_text(text)
    with pytest.raises(UserError, match="not as obsy wrote it"):
        locked(tmp_path)
