"""What is said of a transit follows from its numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from obsy.engine.choice.transits.coming import ComingTransit, MoonThen
from obsy.engine.choice.transits.exposure import Defocus, TransitExposure
from obsy.engine.choice.transits.plan import comment, wish
from obsy.engine.choice.transits.words import WIDTH, had, why
from obsy.engine.choice.transits.worth import TransitWorth
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.engine.importing.transiting_planet import TransitingPlanet
from obsy.engine.sky.grid import Window
from obsy.engine.sky.transit import PARTS, Transit
from obsy.schemas.site import Site

MIDDLE, HOUR = datetime(2026, 12, 11, 0, 30, tzinfo=UTC), timedelta(hours=1)
KNOWN = Ephemeris(2459000.5, 3.0, 2.0, "BJD_TDB", 0.001, 1e-6)
PLANET = TransitingPlanet("Ours", "c", 80.0, 40.0, KNOWN, 0.012, 12.04, own=True)
DISC = Defocus(30.0, 17.2, 0.87)


@pytest.fixture(scope="module")
def site(root) -> Site:
    return declare(root).site


def coming(**changed) -> ComingTransit:
    transit = Transit(MIDDLE - HOUR, MIDDLE, MIDDLE + HOUR, changed.pop("error", timedelta(minutes=3)))
    each = ComingTransit(
        PLANET, date(2026, 12, 10), transit, Window(MIDDLE - 2 * HOUR, MIDDLE + 2 * HOUR), dict.fromkeys(PARTS, 1.0),
        "whole", 61.0, 1.14, MoonThen(True, 50.0, 30.0), TransitExposure("R", 60.0, 0.4),
        TransitWorth(0.9, 31.0, 120, 45.0, 0.5),
    )  # fmt: skip
    return each._replace(**changed)


def test_a_transit_of_which_all_is_known_is_told_with_all_of_it(site) -> None:
    assert why(coming(), site) == (
        "1.2 % deep, a star of magnitude 12.0; signal to noise 31 in 120 frames of 60 s in R, in focus, its brightest "
        "pixel 40 % full",
        "its ephemeris may be wrong by 3.0 min, and this tells its middle to 0.8 min",
        "61 deg high, air mass 1.1, the Moon (30 % lit) is 50 deg away",
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"error": timedelta()}, "nobody says how far its ephemeris may be wrong"),
        ({"error": timedelta(hours=3)}, "wrong by 3.0 h, more than it lasts: it may be missed, and this tells"),
        ({"worth": TransitWorth(0.9, 31.0, 120, 45.0, 0.9)}, "0.8 min: it is wanted"),
        ({"worth": TransitWorth(0.9, 31.0, 120, 45.0, 0.1)}, "0.8 min: it is known better already"),
        ({"worth": TransitWorth(0.1, None, 120, None, None)}, "signal to noise unknown, in 120 frames"),
        ({"planet": PLANET._replace(depth=None, mag=None)}, "nobody says how deep, a star of unknown brightness;"),
        ({"exposure": TransitExposure("R", 60.0, None)}, "60 s in R, a guess"),
        (
            {"exposure": TransitExposure("R", 2.0, 0.4, DISC)},
            "40 % full; better 30 s, defocused to a disc of 17 px",
        ),
        ({"exposure": TransitExposure("R", 30.0, 0.5, DISC, False)}, "as obsy cannot by itself: in focus 1 s fills"),
        ({"moon": MoonThen(False, 50.0, 30.0)}, "the Moon is down"),
        ({"flip": MIDDLE}, "air mass 1.1, the mount changes sides near 01:30, the Moon"),
    ],
)
def test_what_is_otherwise_is_said(changed, said, site) -> None:
    assert said in "; ".join(why(coming(**changed), site))


def test_of_a_half_it_is_said_what_is_missing() -> None:
    parts = dict(zip(PARTS, (1.0, 1.0, 0.9, 0.0, 0.0), strict=True))
    half = coming(accept="ingress", parts=parts)
    assert had(half) == "the half with the ingress; of the middle 90 %, of the egress 0 %, of the baseline after 0 %"
    assert had(coming()) == "whole, with 45 min on both sides"


def test_its_plan_says_the_ephemeris_with_errors_and_what_part_will_do(site) -> None:
    asked = wish(coming(accept="egress"))
    assert asked.target["planets"] == {
        "c": {
            "epoch": "2459000.5 BJD_TDB", "period": "3 d", "duration": "2 h", "epoch_error": "0.001 d",
            "period_error": "0.000001 d",
        }
    }  # fmt: skip
    assert asked.want[0]["cover"] == {"transit": "c", "baseline": "45 min", "accept": "egress"}
    assert wish(coming(planet=PLANET._replace(own=False))).target is None  # obsy knows it by its name
    told = comment(coming(exposure=TransitExposure("R", 30.0, 0.5, DISC, False)), site)
    assert all(each.startswith("# ") and len(each) <= WIDTH for each in told) and "Take care" in told[-1]
