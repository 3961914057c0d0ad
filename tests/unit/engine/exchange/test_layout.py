"""What is written is read back as it was meant."""

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from obsy.engine.exchange.layout import written
from obsy.engine.importing.plain_text import words
from tests.support.effort import examples

TEXT = st.text(st.characters(codec="utf-8"), max_size=12).map(words).filter(bool) | st.sampled_from(
    [
        "-5d",
        "- 5",
        "1e3",
        "0x1F",
        ".inf",
        "true",
        "05:35:17",
        "a: b",
        "a:b",
        "x #y",
        "null",
        "~",
        "%",
        "50 %",
        "1_000",
        "-",
        "?",
        "2026-12-01",
    ]
)
FLAT = TEXT | st.integers(-5, 5)


@settings(max_examples=examples(20), deadline=None)
@given(
    st.dictionaries(
        TEXT,
        FLAT | st.lists(FLAT, min_size=1, max_size=3) | st.dictionaries(TEXT, FLAT, min_size=1, max_size=3),
        min_size=1,
    )
)
def test_every_value_comes_back_as_it_was(plan: dict[str, object]) -> None:
    plan = {"kind": "plan", "target": plan, "notes": plan}
    assert YAML(typ="safe", pure=True).load(written(plan, ["a comment"])) == plan
