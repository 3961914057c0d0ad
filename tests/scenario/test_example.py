"""The example observatory, whole, on the night that the manual plays."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow(minutes=2)


def test_the_example_plays_its_night(root: Path, tmp_path: Path, scenarios: Any) -> None:
    for folder in ("site", "library", "plans"):
        shutil.copytree(root / folder, tmp_path / folder)
    # A sixteenth of the pixels and stars: the nights of the manual, in test_manual.py, are played with all of them.
    train = tmp_path / "site" / "newton.yaml"
    train.write_text(train.read_text("utf-8").replace("size: 1024 x 1024 px", "size: 256 x 256 px"), "utf-8")
    example = scenarios.Observatory(tmp_path)
    code, said = example.apply()
    assert code == 0, said
    lights = [entry for entry in example.events("frame-accepted", "frame-rejected") if entry["kind"] == "light"]
    assert len(lights) >= 100
    assert sum(entry["event"] == "frame-accepted" for entry in lights) > len(lights) / 2
    assert example.events("fault", "frame-unjudged", "master-failed", "block-failed") == []
    assert example.roof()["goal"] == 0.0
    scenarios.assert_nothing_is_lost(example)
    scenarios.assert_the_roof_moves_over_a_parked_mount_only(example)
    assert example.obsy("drift")[0] == 0
