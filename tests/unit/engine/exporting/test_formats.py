"""What other programs are given reads as written, and means the same when it comes back."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.survey import survey
from obsy.engine.exporting.formats import FORMATS
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.wish import Wish
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from obsy.schemas.together import Together
from obsy.schemas.when import When
from tests.support.golden import assert_golden

PLANS = """\
kind: plan
name: galaxies
targets: [NGC 891, {ra: 01h33m50.9s, dec: -30d39m36s}]
priority: 7
turns: 6 frames
want:
  - {filter: [L, R], exposure: 240 s, total: 1 h}
  - {filter: Ha, exposure: 300 s, count: 5, every: 4 d}
when:
  altitude: above 35 deg
  airmass: below 1.8
  moon: farther than 40 deg and fainter than 60 %
  dates: after 2026-12-01 20:00 UTC
pipeline: deep-sky
---
kind: plan
name: transit
target: HAT-P-32
want: [{filter: R, exposure: 60 s, cover: {transit: b, baseline: 45 min}}]
pipeline: exoplanet
---
kind: plan
name: jupiter
target: {body: jupiter}
want: [{filter: R, exposure: 1 s, count: 10}]
pipeline: photometry
"""
GOLDEN = Path(__file__).parents[3] / "golden" / "export"
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def declared(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Declared:
    here = tmp_path_factory.mktemp("here")
    for part in ("site", "library"):
        shutil.copytree(root / part, here / part)
    (here / "plans").mkdir()
    (here / "plans" / "plans.yaml").write_text(PLANS)
    return survey(here, here / "plans").declared


def named(declared: Declared, start: str) -> list[Entry[Plan]]:
    return [each for each in declared.of(Plan) if each.document.name.startswith(start)]


@pytest.mark.parametrize("way", ["acp", "itelescope", "nina", "ocs"])
def test_what_others_are_given_reads_as_written(way: str, declared: Declared) -> None:
    entries = named(declared, "galaxies")
    text, told = FORMATS[way](entries[:1] if way == "nina" else entries, declared, TODAY)
    assert_golden(text + "".join(f"> {each}\n" for each in told), GOLDEN / f"{way}.txt")


@pytest.mark.parametrize("way", ["nina", "ocs"])
def test_a_plan_means_the_same_when_it_comes_back(way: str, declared: Declared) -> None:
    entry = named(declared, "galaxies")[1]
    given = GivenFile(Path("back"), FORMATS[way]([entry], declared, TODAY)[0])
    (back,) = [each for each in reader_of(given, None).read(given) if isinstance(each, Wish)]
    assert back.target == {"ra": "01h33m50.90s", "dec": "-30d39m36.0s"}
    wanted = [(goal["filter"], goal["exposure"], goal["count"]) for goal in back.want]
    assert wanted == [("Luminance", "240 s", 15), ("Red", "240 s", 15), ("Ha", "300 s", 5)]


@pytest.mark.parametrize("way", ["acp", "itelescope", "nina", "ocs"])
@pytest.mark.parametrize(
    ("name", "why"), [("transit", "takes numbers of frames"), ("jupiter", "only places that stand still")]
)
def test_what_another_program_does_not_take_is_told_with_its_place(
    way: str, name: str, why: str, declared: Declared
) -> None:
    with pytest.raises(UserError, match=rf"plans.yaml:\d+:\d+: .*{why}"):
        FORMATS[way](named(declared, name), declared, TODAY)


@pytest.mark.parametrize(
    ("dates", "end", "is_told"),
    [
        ("before 2027-01-20 06:00 UTC", "2027-01-20 06:00:00", False),
        ("before 2027-02-10 06:00 UTC", "2027-02-10 06:00:00", True),
        (None, "2027-02-01 00:00:00", False),
    ],
)
def test_a_window_lies_in_one_semester_or_is_told(
    dates: str | None, end: str, is_told: bool, declared: Declared
) -> None:
    entry = named(declared, "galaxies")[0]
    plan = entry.document.model_copy(update={"when": When.model_validate({"dates": dates} if dates else {})})
    text, told = FORMATS["ocs"]([entry._replace(document=plan)], declared, TODAY)
    assert f'"end": "{end}"' in text
    assert ("its window does not lie in one semester: part it" in told) is is_told


def test_plans_that_count_only_together_are_a_group_of_all(declared: Declared) -> None:
    both = [
        each._replace(document=each.document.model_copy(update={"together": Together(within="one night", of="pair")}))
        for each in named(declared, "galaxies")
    ]
    here = Declared(declared.root, tuple(both), declared.written)
    text, told = FORMATS["ocs"](both, here, TODAY)
    assert '"operator": "AND"' in text and not any("not in it: 'together" in each for each in told)
    assert "AND is for all of its requests within the window: that it be one night nobody says" in told
    given = GivenFile(Path("back"), text)
    back = [each for each in reader_of(given, None).read(given) if isinstance(each, Wish)]
    assert [each.more for each in back] == [{"together": "one night of galaxies"}] * 2
    assert '"operator": "MANY"' not in text and '"operator": "SINGLE"' in FORMATS["ocs"](both[:1], here, TODAY)[0]


def test_several_targets_are_no_file_of_nina(declared: Declared) -> None:
    with pytest.raises(UserError, match="one target a file: export one of galaxies-ngc891, galaxies-j0133s3039"):
        FORMATS["nina"](named(declared, "galaxies"), declared, TODAY)
