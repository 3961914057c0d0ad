"""What all fitted transits of a planet say together: when each came, and the ephemeris by them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from obsy.engine.science.transit.fitted_before import FittedBefore
    from obsy.engine.science.transit.planet import KnownPlanet
    from obsy.engine.science.transit.refit import RefittedEphemeris, TimedTransit

MINUTES, DAY_S = 1440, 86_400
DECLARED_BELOW = 3.0
"""Where errors had to grow by more, the middles are not of one straight line, or their errors are wrong."""


def all_transits(folder: Path, planet: str | None, out: Path | None, as_json: bool) -> None:
    """Print the transits of a planet that were fitted into a folder, and its ephemeris by them.

    out: where a picture of them is written, if anywhere. Raises UserError if there are none, or if they tell no
    ephemeris.
    """
    from obsy.cli.known_planet import planet_called
    from obsy.engine.report.o_minus_c import svg
    from obsy.engine.runtime.report_files import write_reports
    from obsy.engine.runtime.transit_files import in_a_name
    from obsy.engine.science.transit.fitted_before import fitted_before
    from obsy.engine.science.transit.refit import refitted

    if planet is None:
        raise click.UsageError(f"say whose transits: obsy transit {folder} --all --planet 'HAT-P-32 b'")
    known = planet_called(planet, None, None)
    found = fitted_before(folder, known.name, known.ephemeris)
    made = refitted([*found.middles.values()], known.ephemeris)
    path = None if out is None else out / f"{in_a_name(known.name)}-o-c.svg"
    if path is not None:
        write_reports(path.parent, {path: svg(known.name, known.ephemeris, made)}, ())
    if as_json:
        click.echo(json.dumps(_shape(known, found, made) | ({"picture": str(path)} if path else {}), indent=2))
    else:
        click.echo("\n".join([*_page(known, found, made), *([f"Written: {path}"] if path else [])]))


def _declaration(made: "RefittedEphemeris", known: "KnownPlanet") -> str:
    """Return the new ephemeris as a catalogue or a plan declares it."""
    from obsy.engine.declare.star_names import star_and_letter
    from obsy.engine.exchange.layout import flow
    from obsy.engine.importing.transiting_planet import recurrence

    return f"planets: {flow({star_and_letter(known.name)[1]: recurrence(made.ephemeris)})}"


def _page(known: "KnownPlanet", found: "FittedBefore", made: "RefittedEphemeris") -> list[str]:
    new, old = made.ephemeris, known.ephemeris
    changed_s = (new.period_d - old.period_d) * DAY_S
    said = "the declared ephemeris counts as measured too" if made.with_declared else "by these transits alone"
    return [
        f"{known.name}: {len(made.transits)} transits, each against the ephemeris that is declared, and the new one",
        *map(_line, made.transits),
        f"    epoch        {new.epoch_jd:.6f} +- {new.epoch_error_d:.6f} BJD_TDB",
        f"    period       {new.period_d:.8f} +- {new.period_error_d:.8f} d, {changed_s:+.3f} s of the declared one",
        f"    chi squared  {made.chi2:.1f} with {made.spare} to spare; errors times {made.inflation:.2f}; {said}",
        *(f"    left out: {path.name}: {why}" for path, why in found.left_out.items()),
        *_advice(made, known),
    ]


def _advice(made: "RefittedEphemeris", known: "KnownPlanet") -> list[str]:
    """Return what to do with the new ephemeris: one that the middles contradict is nothing to be declared."""
    if made.inflation <= DECLARED_BELOW:
        return ["To declare it in a 'kind: catalogue' or a plan's target:", f"    {_declaration(made, known)}"]
    worst = max(made.transits, key=lambda each: abs(each.left_d) / each.middle.error)
    return [
        f"The middles scatter by {made.inflation:.0f} times their errors, so this is nothing to declare:",
        f"    look at turn {worst.turn} first, which lies farthest from the line (a wrong clock, clouds, flats)",
    ]


def _line(each: "TimedTransit") -> str:
    middle, late = each.middle, each.late_d
    when = f"    turn {each.turn:5d}  {middle.value:.5f} +- {middle.error:.5f} BJD_TDB"
    return f"{when}  {late.value * MINUTES:+.1f} +- {late.error * MINUTES:.1f} min  {each.left_d * MINUTES:+.1f} min"


def _shape(known: "KnownPlanet", found: "FittedBefore", made: "RefittedEphemeris") -> dict[str, Any]:
    files = sorted(found.middles, key=lambda path: found.middles[path].value)
    return {
        "planet": known.name,
        "declared": known.ephemeris._asdict(),
        "ephemeris": made.ephemeris._asdict(),
        "with_declared": made.with_declared,
        "chi2": made.chi2,
        "spare": made.spare,
        "error_inflation": made.inflation,
        "transits": [
            {
                "file": str(path),
                "turn": each.turn,
                "middle_bjd_tdb": {"value": each.middle.value, "error": each.middle.error},
                "observed_less_calculated_d": {"value": each.late_d.value, "error": each.late_d.error},
                "left_d": each.left_d,
            }
            for path, each in zip(files, made.transits, strict=True)
        ],
        "left_out": {str(path): why for path, why in found.left_out.items()},
    }
