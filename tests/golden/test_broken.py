"""What people really write, and what obsy says of it: over 250 broken documents, each with its place, code and cure.

`OBSY_RENEW=1` writes the answers beneath the documents; read the diff as the person who made the mistake.
"""

import re
from pathlib import Path

import pytest

from tests.support.broken import Told, examples, found, page
from tests.support.golden import assert_golden

THEMES = sorted((Path(__file__).parent / "broken").glob("*.md"))
HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)


def documents(theme: Path) -> dict[str, str]:
    """Return the documents of a theme by what is wrong with them."""
    parts = HEADING.split(theme.read_text("utf-8"))
    return {name: examples(said)[0] for name, said in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """What is said of every document, by its heading."""
    every = {name: said for theme in THEMES for name, said in documents(theme).items()}
    with pytest.MonkeyPatch.context() as here:
        here.chdir(tmp_path_factory.mktemp("broken"))
        here.setenv("OBSY_ANA", "ntfys://topic")
        return dict(found(every, Path()))


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.stem)
def test_every_mistake_is_answered_as_written(theme: Path, told: dict[str, Told]) -> None:
    said = {name: told[name].shown for name in documents(theme)}
    assert_golden(page(theme.read_text("utf-8"), said, "## "), theme)


@pytest.mark.long
def test_every_mistake_is_noticed(told: dict[str, Told]) -> None:
    assert [name for name, each in told.items() if not each.codes] == []


@pytest.mark.long
def test_there_are_enough_of_them(told: dict[str, Told]) -> None:
    assert len(told) >= 200
    assert sum(len(each.codes) > 1 for each in told.values()) >= 40
