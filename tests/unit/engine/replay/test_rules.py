"""Other rules are read from one file, or from all of an observatory's, and are one policy at most."""

from pathlib import Path

import pytest

from obsy.engine.replay.rules import other_rules
from obsy.errors import UserError

OVERRIDE = """\
kind: override
name: no-mast
owner: !secret owner
reason: it rattles
since: 2026-11-21 18:00 UTC
until: 2026-11-21 20:00 UTC
ignore: mast
"""
QUALITY = "kind: policy\nname: frames\nquality: {verdict: 30 s}\n"
SAFETY = "kind: policy\nname: strict\nsafety: {limits: {rain: above 0 mm/h}, dwell: 4 min}\n"


@pytest.fixture
def observatory(tmp_path: Path) -> Path:
    """One with an override, a policy of safety, and one of frames alone."""
    (tmp_path / "site").mkdir()
    for name, text in {"a": OVERRIDE, "b": QUALITY, "c": SAFETY}.items():
        (tmp_path / "site" / f"{name}.yaml").write_text(text)
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text("owner: ada\n")
    secrets.chmod(0o600)
    return tmp_path


def test_an_observatorys_overrides_and_its_policy_of_safety_are_read_with_its_secrets(observatory: Path) -> None:
    found = other_rules(observatory)
    assert found.safety is not None
    assert found.safety.dwell == 240.0
    assert [(each.name, each.owner) for each in found.overrides or ()] == [("no-mast", "ada")]


def test_a_file_of_overrides_keeps_the_policy_of_the_night(observatory: Path) -> None:
    (observatory / "secrets.yaml").rename(observatory / "site" / "secrets.yaml")
    found = other_rules(observatory / "site" / "a.yaml")
    assert found.safety is None
    assert [each.name for each in found.overrides or ()] == ["no-mast"]


def test_two_policies_of_safety_are_one_too_many(observatory: Path) -> None:
    (observatory / "site" / "d.yaml").write_text(SAFETY.replace("strict", "stricter"))
    with pytest.raises(UserError, match="holds 2 policies of safety, and 1 overrides: name one"):
        other_rules(observatory)
