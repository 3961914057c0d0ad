"""Of least squares: which values are free, that they come back, and that an error is where chi squared grows by one."""

from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from obsy.engine.science.transit.model import LimbDarkening, PlanetOrbit, exposed_flux
from obsy.engine.science.transit.parameters import Free, Misfit, TransitModel, solve
from tests.support.transits import EXPECTED, KNOWN, LEVEL, RATIO, seen

TRUE = {"tc": 0.004, "ratio": RATIO, "linear": 0.35, "square": 0.25, "level": LEVEL}
ALL = np.ones(120, dtype=bool)
EXACT = replace(KNOWN, limb_error=0.0)


def model_of(known=KNOWN, *, trends=(), seed=1, late_d=0.004):
    curve = seen(late_d, seed=seed)
    vectors = {name: (curve.trends[name] - curve.trends[name].mean()) / curve.trends[name].std() for name in trends}
    return TransitModel(curve, known, EXPECTED, vectors)


def without_noise(known, values, **said):
    """A model whose curve is exactly what it has for those values."""
    model = model_of(known, **said)
    curve = model.curve
    return replace(model, curve=replace(curve, flux=model.transit(values, curve.bjd_tdb) * model.baseline(values)))


@pytest.mark.parametrize(
    ("known", "more"),
    [
        (EXACT, []),
        (KNOWN, ["linear", "square"]),
        (replace(EXACT, axis_ratio_error=0.1), ["axis_ratio"]),
        (replace(EXACT, axis_ratio_error=0.1, inclination_error_deg=0.4), ["axis_ratio", "inclination_deg"]),
    ],
)
def test_what_has_an_error_may_move_and_what_has_none_stays(known, more):
    free = model_of(known, trends=("airmass",)).free()
    assert [each.name for each in free] == ["tc", "ratio", *more, "level", "airmass"]
    limits = {"tc": 2.7 / 24 + 0.5, "ratio": 1.0}
    assert {each.name: each.high for each in free if each.high < np.inf} == pytest.approx(limits)
    lowest = {each.name: each.low for each in free if each.low > -np.inf}
    assert lowest == pytest.approx(
        {"tc": -limits["tc"], "ratio": 1e-4} | dict.fromkeys(more[:1] * (KNOWN != known), 1.0)
    )
    assert free[-1].start == 0
    priors = {each.name: (each.start, each.prior) for each in free if each.prior}
    said = {
        "axis_ratio": (6.05, 0.1),
        "inclination_deg": (88.9, 0.4),
        "linear": (0.35, known.limb_error),
        "square": (0.25, known.limb_error),
    }
    assert priors == {name: said[name] for name in more}


def test_a_model_without_noise_gives_back_what_it_was_made_of():
    values = {"tc": 0.004, "ratio": 0.15, "level": 0.37, "airmass": -0.02}
    found = solve(model := without_noise(EXACT, values, trends=("airmass",)), model.curve.error, ALL)
    assert {name: found.values[name] - each for name, each in values.items()} == pytest.approx(
        dict.fromkeys(values, 0.0), abs=1e-7
    )
    assert np.abs(found.residuals).max() < 1e-7


def test_a_baseline_is_the_level_bent_by_an_exponential():
    model = model_of(EXACT, trends=("airmass", "x"))
    bend = model.baseline({"level": 0.4, "airmass": 0.01, "x": -0.02})
    np.testing.assert_allclose(
        bend, 0.4 * np.exp(0.01 * model.trends["airmass"] - 0.02 * model.trends["x"]), rtol=1e-12
    )


def test_the_whole_orbit_and_the_exposure_are_in_the_transit():
    orbit = PlanetOrbit(2.15, 6.05, 88.9, 0.3, -50.0)
    model = model_of(replace(KNOWN, orbit=orbit))
    values = {"tc": 0.004, "ratio": 0.12, "axis_ratio": 5.9, "inclination_deg": 87.0, "linear": 0.2, "square": 0.1}
    times = model.curve.bjd_tdb
    moved = replace(orbit, axis_ratio=5.9, inclination_deg=87.0)
    expected = exposed_flux(times - EXPECTED - 0.004, 60.0, 0.12, moved, LimbDarkening(0.2, 0.1))
    np.testing.assert_array_equal(model.transit(values, times), expected)


@dataclass(frozen=True, slots=True, eq=False)
class Pinned(TransitModel):
    """A model of which one value stays where it is put."""

    name: str = ""
    at: float = 0.0

    def free(self) -> list[Free]:
        """Return the free values, that one all but fixed."""
        plain = TransitModel.free(self)
        return [replace(f, start=self.at, prior=f.scale * 1e-6) if f.name == self.name else f for f in plain]


def chi2(found):
    """Chi squared, with what is known of limb darkening beforehand."""
    known = ((found.values[name] - TRUE[name]) / KNOWN.limb_error for name in ("linear", "square"))
    return float(found.normalised @ found.normalised) + sum(each**2 for each in known)


@pytest.mark.parametrize("name", ["tc", "ratio"])
def test_one_error_away_the_best_chi_squared_is_greater_by_one(name):
    """Source: Press et al., Numerical Recipes, section 15.6: what defines one standard deviation of one value."""
    model = model_of()
    best = solve(model, model.curve.error, ALL)
    risen = []
    for side in (-1, 1):
        at = best.values[name] + side * best.errors[name]
        pinned = Pinned(model.curve, model.planet, model.predicted, model.trends, name, at)
        risen.append(chi2(solve(pinned, model.curve.error, ALL, {**best.values, name: at})) - chi2(best))
    assert np.mean(risen) == pytest.approx(1, abs=0.1)  # the two sides differ as far as chi squared is no parabola


@dataclass(frozen=True, slots=True, eq=False)
class Watched(TransitModel):
    """A model that remembers what it was asked."""

    asked: list[dict[str, float]] = field(default_factory=list)

    def transit(self, values, times):
        """Return the transit, and remember of which values."""
        self.asked.append(values)
        return TransitModel.transit(self, values, times)


@pytest.mark.parametrize(
    ("start", "begun"),
    [
        (None, {"tc": 0.0, "ratio": 0.12, "airmass": 0.0}),
        (
            {"tc": -0.003, "ratio": 0.14, "level": 0.4, "airmass": 0.02},
            {"tc": -0.003, "ratio": 0.14, "level": 0.4, "airmass": 0.02},
        ),
        ({"tc": 9.0, "ratio": -1.0, "level": 0.4, "airmass": 0.0}, {"tc": 2.7 / 24 + 0.5 - 1e-5, "ratio": 1e-4 + 1e-5}),
    ],
)
def test_a_search_begins_where_it_is_told_within_the_bounds(start, begun):
    plain = model_of(EXACT, trends=("airmass",))
    model = Watched(plain.curve, plain.planet, plain.predicted, plain.trends)
    with suppress(np.linalg.LinAlgError):
        solve(model, model.curve.error, ALL, start)
    assert {name: model.asked[0][name] for name in begun} == pytest.approx(begun, abs=1e-9)


def test_half_the_errors_give_half_the_error_where_nothing_was_known_before():
    model = model_of(EXACT)
    one, half, loose = (solve(model, model.curve.error / by, ALL) for by in (1, 2, 1e-4))
    assert loose.errors["tc"] == pytest.approx(one.errors["tc"] * 1e4, rel=1e-3)
    assert half.errors["tc"] == pytest.approx(one.errors["tc"] / 2, rel=1e-3)
    assert half.values["tc"] == pytest.approx(one.values["tc"], abs=1e-6)


def test_what_is_known_before_is_never_less_sure_after_and_draws_towards_itself():
    known = replace(EXACT, axis_ratio_error=0.05)
    sure = solve(model := model_of(known), model.curve.error, ALL)
    loose = solve(model := model_of(replace(known, axis_ratio_error=5.0)), model.curve.error, ALL)
    assert sure.errors["axis_ratio"] < 0.05 and loose.errors["axis_ratio"] > sure.errors["axis_ratio"]
    assert abs(sure.values["axis_ratio"] - 6.05) < abs(loose.values["axis_ratio"] - 6.05)


def test_a_point_that_does_not_count_moves_nothing_and_has_its_residual_all_the_same():
    model = model_of(EXACT)
    counts = ALL.copy()
    counts[40] = False
    spoilt = replace(model, curve=replace(model.curve, flux=model.curve.flux * np.where(counts, 1, 1.2)))
    one, other = (solve(each, model.curve.error, counts) for each in (model, spoilt))
    assert one.values == pytest.approx(other.values, abs=1e-8) and len(one.normalised) == 119
    assert other.residuals[40] - one.residuals[40] == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda curve: replace(curve, bjd_tdb=np.full(120, EXPECTED)), "one moment"),
        (lambda curve: replace(curve, bjd_tdb=curve.bjd_tdb + 1), "no transit there"),
        (lambda curve: replace(curve, error=curve.error * 1e-200), "squares that overflow"),
    ],
)
def test_points_that_do_not_tell_the_values_apart_are_an_error_and_no_nan(spoil, why):
    model = model_of()
    curve = spoil(model.curve)
    with pytest.raises(np.linalg.LinAlgError):
        solve(replace(model, curve=curve), curve.error, ALL)
        pytest.fail(why)


def test_two_trends_that_are_one_are_an_error_and_no_nan():
    model = model_of(trends=("airmass",))
    twins = replace(model, trends={"airmass": model.trends["airmass"], "x": model.trends["airmass"] * (1 + 1e-12)})
    with pytest.raises(np.linalg.LinAlgError):
        solve(twins, model.curve.error, ALL)


def test_a_trend_costs_a_fit_no_transit_of_its_own(monkeypatch):
    transit, asked = TransitModel.transit, []
    monkeypatch.setattr(TransitModel, "transit", lambda *all_: asked.append(1) or transit(*all_))
    costs = []
    for trends in ((), ("airmass", "x")):
        asked.clear()
        model = model_of(trends=trends)
        misfit = Misfit(model, model.curve.error, ALL)
        begin = np.ones(len(misfit.free))
        slopes = misfit.slopes(begin)
        costs.append(len(asked))
    assert costs == [9, 9]  # at the values themselves, and beside each of the four that bend the transit
    step = np.eye(len(begin))[-1] * 1e-4
    np.testing.assert_allclose(
        slopes[:, -1], (misfit.away(begin + step) - misfit.away(begin - step)) / 2e-4, rtol=1e-4, atol=1e-6
    )
