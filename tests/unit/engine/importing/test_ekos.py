"""Every dialect of EKOS is read: what a plan can say is carried over, and of the rest what means something is told."""

from pathlib import Path

import pytest

from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import given
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Wish
from tests.support.ekos_files import VERSIONS, written

FRAMES = [f"{kind} frames, which obsy takes by itself" for kind in ("Bias", "Dark", "Flat")]
START = "the start at 2026-12-17 21:30, local time: write 'dates: after 2026-12-17 21:30 +01:00' with the site's zone"


def wishes(path: Path) -> list[Wish]:
    source = given(path)
    return [each for each in all_told(reader_of(source, None), source) if isinstance(each, Wish)]


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_told_that_has_no_meaning(version: str, tmp_path: Path) -> None:
    texts = written(version, driven=False)
    for name in ("01-m31-L.esq", "02 ngc-253.esq"):
        (tmp_path / name).write_text(texts["sequence.esq"])
    (tmp_path / "night.esl").write_text(texts["schedule.esl"])
    _, late = wishes(tmp_path / "night.esl")
    told = [each for each in late.lost if not each.startswith("GuideDitherPerJob")]
    steps = "the steps Align, Focus, Track: obsy does that by itself"
    assert told == [*FRAMES, START, steps, "RefocusEveryN 60", "Temperature -10.0: the train's counts"]


def test_the_turn_and_the_height_of_the_moon_are_carried_over(tmp_path: Path) -> None:
    texts, path = written("3.8.0", driven=False), tmp_path / "night.esl"
    (tmp_path / "02 ngc-253.esq").write_text(texts["sequence.esq"])
    path.write_text(
        texts["schedule.esl"]
        .replace("<PositionAngle>-181<", "<PositionAngle>-90<")
        .replace("</Constraints>", "<Constraint value='20'>MoonMaxAltitude</Constraint></Constraints>")
    )
    *_, late = wishes(path)
    assert (late.more["angle"], late.when["moon"]) == ("-90 deg", "farther than 60 deg and below 20 deg")


def rows(*dithers: str) -> str:
    jobs = (
        f"<Job><Exposure>60</Exposure><Type>Light</Type><Count>5</Count><Filter>R</Filter>{dither}"
        "<TargetName>M 31</TargetName></Job>"
        for dither in dithers
    )
    dark = "<Job><Exposure>60</Exposure><Type>Dark</Type><Count>5</Count></Job>"
    return f"<SequenceQueue version='2.6'>{''.join(jobs)}{dark}</SequenceQueue>"


@pytest.mark.parametrize(
    ("dithers", "dither", "told"),
    [
        (("3", "3"), "every 3 frames", []),
        (("0", "0"), None, []),
        (("-1",), None, []),
        (("2", "3"), None, ["GuideDitherPerJob 2", "GuideDitherPerJob 3"]),
        (("3", "0"), None, ["GuideDitherPerJob 3"]),
    ],
)
def test_the_dither_of_a_sequence_is_the_plans(
    dithers: tuple[str, ...], dither: str | None, told: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "m31.esq"
    path.write_text(rows(*(f"<GuideDitherPerJob>{each}</GuideDitherPerJob>" for each in dithers)))
    (wish,) = wishes(path)
    assert (wish.name, wish.more.get("dither")) == ("M 31", dither)
    assert [each for each in wish.lost if "Dither" in each] == told
    assert [goal["count"] for goal in wish.want] == [5 * len(dithers)]


def test_a_binning_that_is_not_square_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m31.esq"
    path.write_text(rows("<Binning><X>2</X><Y>3</Y></Binning>"))
    (wish,) = wishes(path)
    assert "Y 3" in wish.lost
