"""What `obsy transit` says of a fit, and of the frames that it is made of."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from obsy.engine.science.transit.coverage import TransitResult
    from obsy.engine.science.transit.curve import MeasuredCurve
    from obsy.engine.science.transit.fit import TransitFit

MOST_TOLD = 5


def tell_frames(taken: "MeasuredCurve") -> None:
    """Say of which frames a light curve is made, on the side of complaints."""
    place, stars = taken.place, len(taken.comparison_stars)
    seen = f", seen from {place.latitude_deg:+.3f}, {place.longitude_deg:+.3f} deg (east positive)" if place else ""
    click.echo(
        f"{len(taken.curve)} of {taken.frames} frames, {int(taken.curve.usable.sum())} with all of {stars} comparison "
        f"stars, in an aperture of {taken.aperture_px:.1f} px{seen}",
        err=True,
    )
    if taken.apertures:
        scatters = ", ".join(f"{100 * each:.2f} % in {radius:.1f} px" for radius, each in taken.apertures.items())
        click.echo(f"outside of the transit neighbours in time scatter by {scatters}", err=True)
    for name, why in list(taken.refused.items())[:MOST_TOLD]:
        click.echo(f"not used: {name}: {why}", err=True)
    if len(taken.refused) > MOST_TOLD:
        click.echo(f"not used: {len(taken.refused) - MOST_TOLD} more", err=True)


def page(fit: "TransitFit", told: "TransitResult") -> list[str]:
    """Return what a fit says, in words."""
    from obsy.engine.report.fitted_transits import facts, headline

    return [
        headline(fit),
        *(f"    {about:<12} {words}" for about, words in facts(fit, told)),
        *(f"    doubt: {each}" for each in told.doubts),
        *([f"    nothing is reported: {told.refusal}"] if told.refusal else []),
    ]
