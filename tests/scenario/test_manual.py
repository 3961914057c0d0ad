"""The manual is played: its files are written, its commands run, and they say what the page shows.

`OBSY_RENEW=1 pytest tests/scenario/test_manual.py` writes what they say into the pages: read the diff.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from tests.support.golden import assert_golden
from tests.support.manual import BLOCK, play

MKDOCS = Path(sys.executable).with_name("mkdocs")

pytestmark = pytest.mark.slow(minutes=2)


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    """The example observatory, as it ships."""
    for folder in ("site", "library", "plans", "docs/samples"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("page", ["first-night", "recipes", "science"])
def test_every_command_says_what_the_page_shows(page: str, root: Path, copied: Path) -> None:
    path = root / "docs" / f"{page}.md"
    assert_golden(play(path.read_text("utf-8"), copied), path)
    if page == "recipes":  # all but the one whose point it is are well
        assert [each.code for each in survey(copied, copied / "wishes").complaints] == ["no-train-serves"]
        reserved = path.read_text("utf-8").partition("## Said today, carried out later")[2]
        assert all("not-built-yet" in said for language, said in BLOCK.findall(reserved) if language == "console")


@pytest.fixture(scope="module")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the site is built of."""
    here = tmp_path_factory.mktemp("pages")
    shutil.copytree(root / "docs", here / "docs")
    shutil.copy(root / "mkdocs.yml", here)
    subprocess.run([sys.executable, "-m", "scripts.manual", here / "docs" / "reference"], cwd=root, check=True)
    return here


def test_a_reader_of_the_site_asks_no_other_server(pages: Path) -> None:
    subprocess.run([MKDOCS, "build"], cwd=pages, check=True, capture_output=True)
    site = pages / "build" / "manual"
    fetched = r"<(?:script|img|link|iframe|source)\b[^>]*?\b(?:src|href)=[\"']?((?:https?:)?//[^\"' >]+)"
    assert [found for page in site.rglob("*.html") for found in re.findall(fetched, page.read_text("utf-8"))] == []
    assert (site / "assets" / "iframe-worker.js").exists()


def test_a_link_or_an_anchor_that_leads_nowhere_and_a_page_that_nothing_leads_to_are_refused(pages: Path) -> None:
    lost = pages / "docs" / "lost.md"
    lost.write_text("[no page](nowhere.md), [no heading](index.md#nowhere)\n")
    built = subprocess.run([MKDOCS, "build"], cwd=pages, capture_output=True, text=True, check=False)
    lost.unlink()
    assert built.returncode == 1
    assert 'not included in the "nav" configuration:\n  - lost.md\n' in built.stderr
    assert "link 'nowhere.md', but the target is not found" in built.stderr
    assert "does not contain an anchor '#nowhere'" in built.stderr
    assert "Aborted with 3 warnings" in built.stdout
