"""What will saturate is told before the night, by the zero points of frames that were taken here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from obsy.cli.notices import tell_saturating
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.sense.brightness import well
from obsy.engine.declare.survey import declare
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.saturating import Saturating, saturating
from obsy.engine.store.record import State, StoredFrame
from obsy.engine.store.store import Store
from obsy.schemas.plan import Plan
from tests.support.frames import A_LIGHT

HERE = Path(__file__).parents[4]
PLAN = """\
kind: plan
name: {name}
target: {target}
want: [{{filter: R, exposure: {exposure} s, cover: {{transit: b, baseline: 45 min}}}}]
pipeline: exoplanet
"""
PLACE = "{ra: 31.0427 deg, dec: 46.6878 deg, planets: {b: {epoch: 2455867.4 BJD_TDB, period: 2.15 d, duration: 3 h}}}"
MEASURES = {"zero_point": 18.0, "fwhm_arcsec": 2.0, "background_adu": 0.0, "electrons_per_adu": 1.0}
LIGHT = StoredFrame(
    **A_LIGHT | {"filter": "R", "exposure_s": 60.0, "object": "X"},
    source="light.fits", night=date(2026, 11, 21), site="nerpio", train="newton", plan="x", goal="R-60s",
    state=State.GRADED, pending=False, accepted=True, measures=MEASURES,
)  # fmt: skip


@pytest.fixture(scope="module")
def observatory() -> Observatory:
    """The example observatory."""
    return declare(HERE)


@pytest.fixture
def told(observatory: Observatory, tmp_path: Path) -> Callable[..., list[Saturating]]:
    """What is told of a plan, once frames of such measures were taken."""

    def say(*lights: StoredFrame, target: str = "HAT-P-32", name: str = "x", exposure: float = 60) -> list[Saturating]:
        text = PLAN.format(name=name, target=target, exposure=exposure)
        plan = Plan.model_validate(yaml.safe_load(text))
        with Store(tmp_path / "store.sqlite") as store:
            for number, each in enumerate(lights):
                at = each.taken_at + timedelta(minutes=number)
                store.put(replace(each, sha256=f"{number:064}", source=f"{number}.fits", taken_at=at))
            return list(saturating(replace(observatory, plans=(plan,)), store))

    return say


def test_a_target_that_fills_its_brightest_pixel_is_told_with_what_to_take(
    told: Callable[..., list[Saturating]],
) -> None:
    (each,) = told(replace(LIGHT, measures=MEASURES | {"zero_point": 24.0}), exposure=600)
    assert each.plan == "x" and "'HAT-P-32' (magnitude 11.48) fills its brightest pixel " in each.words
    assert (
        " times in 600 s of R by newton, by the zero point 24.00 and width 2.0 arcsec of 1 frame: take " in each.words
    )
    most = float(each.words.partition("take ")[2].partition(" s at")[0])
    assert told(exposure=most * 1.9) == [] and told(exposure=most * 2.2) != []


def test_so_is_one_whose_plan_says_its_place_alone(told: Callable[..., list[Saturating]]) -> None:
    bright = replace(LIGHT, measures=MEASURES | {"zero_point": 26.0})
    (each,) = told(bright, target=PLACE, name="hat-p-32-b")
    assert "'HAT-P-32'" in each.words
    assert told(target=PLACE, name="unknown-b") == []


def test_the_middle_of_the_newest_accepted_frames_of_the_train_in_the_filter_counts(
    told: Callable[..., list[Saturating]],
) -> None:
    bright = replace(LIGHT, measures=MEASURES | {"zero_point": 26.0})
    others = replace(bright, filter="V"), replace(bright, accepted=False), replace(bright, train="refractor")
    assert told(*others) == []
    assert told(*others, LIGHT, LIGHT, bright) == []
    assert len(told(*others, LIGHT, bright, bright)) == 1


@pytest.mark.parametrize("lacks", [{}, MEASURES | {"zero_point": None}, MEASURES | {"fwhm_arcsec": 0.0}])
def test_frames_that_were_not_measured_say_nothing(
    lacks: dict[str, float], told: Callable[..., list[Saturating]]
) -> None:
    assert told(replace(LIGHT, measures=lacks)) == []


def test_the_sky_fills_a_pixel_too(observatory: Observatory, told: Callable[..., list[Saturating]]) -> None:
    sky = well(observatory.instrument("newton").train) * 2
    assert told(replace(LIGHT, measures=MEASURES | {"background_adu": sky}))


def test_nights_without_a_store_say_nothing(observatory: Observatory, tmp_path: Path) -> None:
    assert tell_saturating(observatory, DataRoot(tmp_path / "none")) == []
