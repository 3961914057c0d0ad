"""What may be chosen from."""

from pathlib import Path

import pytest

from obsy.engine.choice.sights import sights
from obsy.errors import UserError


@pytest.mark.parametrize(
    ("catalogue", "least", "most"),
    [
        ("messier", 110, 110),
        ("caldwell", 109, 109),
        ("ngc", 12_000, 14_000),
        ("variables", 5000, 30_000),
        ("exoplanets", 30, 99),
    ],
)  # fmt: skip
def test_a_catalogue_offers_all_that_it_has(catalogue: str, least: int, most: int) -> None:
    found = sights(catalogue)
    assert least <= len(found) <= most and len({each.name for each in found}) >= 0.9 * len(found)
    assert all(0 <= each.ra_deg < 360 and -90 <= each.dec_deg <= 90 for each in found)


def test_a_file_offers_its_places_and_names_with_what_obsy_knows_of_them(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,ra (deg),dec\nmy spot,83.8,-5.4\nM 31,,\nJupiter,,\nnobody,,\n")
    found = {each.name: each for each in sights(str(tmp_path / "list.csv"))}
    assert set(found) == {"my spot", "M 31"}
    assert found["my spot"].ra_deg == pytest.approx(83.8) and found["M 31"].kind == "galaxy"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("mesier", "no catalogue is named 'mesier', and no file: did you mean 'messier'?"),
        ("planets.csv", "names no target"),
    ],
)
def test_what_is_no_catalogue_is_told_its_cure(
    said: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "planets.csv").write_text("name\nJupiter\n")
    with pytest.raises(UserError, match=told.replace("?", r"\?")):
        sights(said)
