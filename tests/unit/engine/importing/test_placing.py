"""What becomes of the files that are imported."""

from pathlib import Path

import pytest

from obsy.engine.declare.declared import Declared
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.placing import place_plans


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ('[{"star_name": "SS Cyg"}]', "'targets' with 'star_name'"),
        ('{"a": [{"$type": "NINA.x"}]}', "'InputCoordinates'"),
        ("name,ra,dec\n", "lines"),
    ],
)
def test_a_file_without_a_target_is_told_what_was_looked_for(text: str, sought: str, tmp_path: Path) -> None:
    home = Home(Declared(tmp_path, (), ()), tmp_path)
    (read,) = place_plans([GivenFile(Path("list"), text)], home, None, True)
    assert [each.found for each in read.left][0].startswith(f"no target is found: looked for {sought}")
