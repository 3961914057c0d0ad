"""What is taken to begin with of the Moon and the planets, and how bright their discs are by other tables."""

from math import log10, pi
from pathlib import Path

import pytest

from obsy.engine.choice.disc_goal import disc_goal
from obsy.engine.declare.sense.discs import full_s, surface_mag
from obsy.engine.declare.survey import declare
from obsy.schemas.train import Train


@pytest.fixture(scope="module")
def train(root: Path) -> Train:
    return declare(root, root / "plans").instruments[0].train


@pytest.mark.parametrize(
    ("body", "mag", "across_arcsec"),
    [("moon", -12.74, (1865.0, 1865.0)), ("jupiter", -2.70, (46.8, 43.8)), ("uranus", 5.52, (3.7, 3.6))],
)
def test_a_square_arcsecond_is_as_bright_as_a_disc_of_known_magnitude_and_size_has_it(
    body: str, mag: float, across_arcsec: tuple[float, float]
) -> None:
    """Usual magnitudes and sizes at a mean opposition, and of the full Moon, good to two tenths of a magnitude."""
    area = pi / 4 * across_arcsec[0] * across_arcsec[1]
    assert surface_mag(body) == pytest.approx(mag + 2.5 * log10(area), abs=0.2)


def test_a_disc_fills_half_of_the_camera_at_most_and_a_faint_one_no_more_than_a_second(
    train: Train,
) -> None:
    for body in ("jupiter", "saturn", "uranus", "neptune"):
        goal = disc_goal(body, train)
        full = full_s(train, goal.filter, body)
        assert full is not None
        assert goal.filter == "R"
        assert goal.exposure_s <= 0.75 * full


def test_what_is_too_bright_for_the_usual_filter_is_taken_through_a_darker_one(train: Train) -> None:
    goal = disc_goal("venus", train)
    assert goal.filter in {"Ha", "OIII"}
    assert goal.exposure_s >= 0.001
