"""A goal's name: the tile at its end, whatever its filter is called."""

import pytest

from obsy.engine.progress import tile


@pytest.mark.parametrize(
    ("key", "of"),
    [("L-180s", ""), ("L-180s_2-1", "_2-1"), ("deep-L_20-13", "_20-13"), ("H_a-300s", ""), ("H_a-300s_2-1", "_2-1")],
)
def test_only_a_column_and_a_row_at_its_end_are_a_tile(key: str, of: str) -> None:
    assert tile(key) == of
