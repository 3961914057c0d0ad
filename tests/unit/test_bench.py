"""The command that measures: what it lists, refuses and compares. What it measures is not judged here."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.etree import ElementTree as ET

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import AltAz, get_body
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time

import tests.support.turning  # noqa: F401  astropy asks no network
from bench import schedulers, tonight
from bench.__main__ import about, ask, main, questions
from bench._growth_chart import Point, svg, text
from bench._peers import Question, before, ekos
from bench._scores import Scores
from bench._sky import GRID, LOCATION, sky
from obsy.engine.schedule.filling import FillingRule, goal_of
from obsy.engine.schedule.fit import joined_blocks
from obsy.engine.schedule.greedy_filling import GreedyFilling
from obsy.engine.schedule.list_filling import ListFilling
from tests.support.problems import draw

ROOT = Path(__file__).resolve().parents[2]


class Told(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Bench = Callable[..., Told]


@pytest.fixture
def bench(capsys: pytest.CaptureFixture[str]) -> Bench:
    """`bench("--list")`: what the command says."""
    return lambda *arguments: Told(main(list(arguments)), *capsys.readouterr())


@pytest.mark.once
def test_it_lists_every_question_in_its_own_words_and_asks_none(bench: Bench) -> None:
    told = bench("--list")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert [line.split()[0] for line in lines] == questions(long=True)
    assert [line.split()[0] for line in lines if line.endswith("(long)")] == ["install", "light_curves", "schedulers"]


@pytest.mark.once
@pytest.mark.parametrize("name", questions(long=True))
def test_every_question_says_what_it_asks(name: str) -> None:
    assert about(name)
    text = (ROOT / "bench" / f"{name}.py").read_text("utf-8")
    assert 'if __name__ == "__main__":' in text


@pytest.mark.once
@pytest.mark.long
def test_tonight_is_planned_as_obsy_plans_it_and_held_against_the_bound() -> None:
    told = {name: value for name, value in tonight.figures(1, 6).items() if isinstance(value, float)}
    assert 0.0 <= told["gap_percent"] <= told["rules_gap_percent"] < 100.0
    assert min(told.values()) >= 0.0


@pytest.mark.once
def test_a_night_that_was_scored_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "scores.jsonl"
    for by, value in (("obsy", 110.0), ("ekos", 100.0)):
        Scores(record).keep(1, by, value, 0.5)
    again = Scores(record)
    monkeypatch.setattr(schedulers, "_question", lambda _: object())  # of which nothing can be asked
    schedulers.score(again, ("ekos",), nights=1)
    told = schedulers.told(again, ("ekos", "slots"))
    assert (told["ekos_nights"], told["ekos_below"], told["obsy_s"]) == (1, 0, 0.5)
    assert told["ekos_median_%"] == pytest.approx(10.0)
    assert "slots_nights" not in told


@pytest.mark.once
def test_schedulers_that_nobody_knows_are_refused() -> None:
    with pytest.raises(SystemExit, match="no such scheduler: nina"):
        schedulers.options(["--only", "ekos,nina"])


@pytest.mark.once
def test_it_is_a_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (2, "")


@pytest.mark.once
def test_help_is_help_and_nothing_is_measured(bench: Bench) -> None:
    told = bench("--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Measure obsy")
    assert "--against FILE" in told.stdout
    assert bench("night", "--help").stdout.startswith("How long a clear simulated night takes")


@pytest.mark.once
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nigth"], "no such question: nigth; did you mean night?"),
        (["_memory"], "no such question: _memory"),
        (["--lsit"], "no such option: --lsit"),
        (["--against"], "--against needs a file"),
        (["--against", "no-such-file"], "No such file"),
    ],
)
def test_what_is_not_there_is_refused_with_the_questions_there_are(
    bench: Bench, arguments: list[str], words: str
) -> None:
    told = bench(*arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert words in told.stderr
    assert "questions: " + ", ".join(questions(long=True)) in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.once
@pytest.mark.slow
def test_one_question_is_asked_by_its_name_and_compared_with_earlier_figures(bench: Bench, tmp_path: Path) -> None:
    earlier = json.dumps(
        {"question": "libraries: fit of a tangent plane to 100 stars", "ours_ms": 1e9, "astropy_ms": 1e-9}
    )
    (tmp_path / "before.jsonl").write_text(earlier + "\n")
    compared = bench("--against", str(tmp_path / "before.jsonl"), "libraries", "tangent")
    assert compared.returncode == 0, compared.stderr
    lines = [line.split() for line in compared.stdout.splitlines()]
    assert "tangent plane" in " ".join(compared.stdout.split())
    change = {line[1]: line[7] for line in lines if line[:1] == ["│"] and line[1] in {"ours_ms", "astropy_ms"}}
    assert change["ours_ms"] == "-100.0" and change["astropy_ms"].startswith("+"), compared.stdout


@pytest.mark.once
@pytest.mark.slow
def test_why_is_timed_as_a_command_of_its_own_in_each_night() -> None:
    (found,) = ask("why", ["heart"])
    assert found["asked"] == 3 and found["slowest"].startswith("heart in ")
    assert found["import_s"] < found["least_s_of_the_middle_one"] <= found["least_s_of_the_slowest"]


@pytest.mark.once
@pytest.mark.slow
def test_a_planet_is_timed_against_astropy_at_its_best() -> None:
    """Its frame is interpolated as ours is: what it answers is that of the short cut, to the last bit."""
    (case,) = (each for each in sky() if "planet" in each.name)
    when = Time(GRID.start) + GRID.seconds * u.s

    def altitude_deg() -> np.ndarray:
        return get_body("jupiter", when, LOCATION).transform_to(AltAz(obstime=when, location=LOCATION)).alt.deg

    with erfa_astrom.set(ErfaAstromInterpolator(300 * u.s)):
        best = altitude_deg()
    assert np.array_equal(case.ways["astropy"]()[0], best)
    assert not np.array_equal(altitude_deg(), best)


@pytest.mark.once
def test_growth_is_drawn_with_every_figure_and_a_bar_that_is_full_at_the_greatest() -> None:
    points = [Point(10, 0.5, 100.0), Point(1000, 2.0, 200.0)]
    _, first, last = text("season: targets", points).splitlines()
    assert (first.count("█"), first.count("▒")) == (8, 15)
    assert (last.count("█"), last.count("▒")) == (30, 30)
    drawing = ET.fromstring(svg({"season: targets": points, "season: nights": points}))
    told = [each.text for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"season: targets", "season: nights", "1,000", "0.5 s", "2 s", "100 MB", "200 MB"} <= {*told}


@pytest.mark.once
@pytest.mark.slow
def test_the_two_rules_that_obsy_tries_too_are_written_twice_and_agree() -> None:
    differing = []
    for seed in (1, 16, 31):  # in the last two a mount changes sides
        question = Question.of(draw(Random(seed), 30))
        assert question is not None
        rule = FillingRule(question.problem.observatory.value, turn_s=None)
        for peer, by in ((ekos, ListFilling), (before, GreedyFilling)):
            theirs = joined_blocks([*peer(question).blocks])
            ours = by(question.asked, [question.timeline], rule).filled()
            alike = [[(goal_of(each.request), each.start, each.count) for each in night] for night in (theirs, ours)]
            differing += [(seed, peer.__name__)] if alike[0] != alike[1] else []
    assert not differing
