"""Which stars of a rehearsal vary: the example's planet at its own time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.devices.simulated.variables import SS_CYG, Minimum, PlanetCrossing
from obsy.engine.runtime.varying_sky import variables
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.transit import transits

NIGHT = date(2026, 11, 28)


def test_a_planet_s_star_dims_when_its_transit_is_foretold(root: Path) -> None:
    """One transit of XO-6 b at least falls within five days of its period of 3.76."""
    observatory = declare(root, root / "plans")
    plan = next(each for each in observatory.plans if each.name == "xo-6-b")
    target = observatory.target(plan)
    ephemeris = target.events["b"]
    star = Fixed(target.ra_deg, target.dec_deg)
    start, end = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    foretold = transits(ephemeris, star, observatory.site.location, start, end)
    assert foretold
    for transit in foretold:
        found = variables(observatory, transit.middle.date())
        host = next(each for each in found if each.name == "xo-6-b b")
        assert isinstance(host.variation, PlanetCrossing)
        assert min(abs(each - transit.middle.timestamp()) for each in host.variation.middles_s) < 1e-3
        assert host.variation.share(transit.middle.timestamp()) == pytest.approx(0.9845, abs=0.001)
        assert host.variation.share(transit.ingress.timestamp() - 60) == 1


def test_an_event_that_two_plans_have_happens_once(root: Path) -> None:
    observatory = declare(root, root / "plans")
    twice = replace(observatory, plans=(*observatory.plans, *observatory.plans))
    assert variables(twice, NIGHT) == variables(observatory, NIGHT)
    assert SS_CYG in variables(observatory, NIGHT)


def test_what_is_no_planet_s_has_a_minimum(root: Path) -> None:
    """By its name; a letter is a planet's."""
    observatory = declare(root, root / "plans")
    planet = observatory.targets["xo-6-b"]
    renamed = planet._replace(events={"minimum": planet.events["b"]})
    found = variables(replace(observatory, targets={**observatory.targets, "xo-6-b": renamed}), NIGHT)
    assert [type(each.variation) for each in found[1:]] == [Minimum]
