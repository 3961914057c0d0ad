"""A night's filters in the standard system, where coefficients of their train hold and tell their colours."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from obsy.engine.science.ensemble import EnsembleResult
from obsy.engine.science.night_magnitudes import FilterNight
from obsy.engine.science.terms import terms, valid
from obsy.engine.science.transformed import transformed
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonTable
from obsy.schemas.transformation import Transformation


def standard_night(
    filters: Sequence[FilterNight],
    stars: ComparisonTable,
    declared: Iterable[Transformation],
    night: date,
    *,
    is_simulated: bool,
) -> tuple[FilterNight, ...]:
    """Return each filter transformed, or as it was, with the reason where its train has coefficients.

    is_simulated: whether the night is a rehearsal: coefficients of the true sky say nothing of it, and the reverse.
    """
    sky = "simulated" if is_simulated else "real"
    ours = [each for each in declared if each.sky == sky]
    trains = {train: [each for each in ours if each.train == train] for train in {one.train for one in filters}}
    return tuple(_standard(one, filters, stars, trains[one.train], night) for one in filters)


def _standard(
    one: FilterNight,
    filters: Sequence[FilterNight],
    stars: ComparisonTable,
    declared: list[Transformation],
    night: date,
) -> FilterNight:
    if not declared:
        return one
    try:
        of_night = valid(declared, night)
        if of_night is None:
            raise UserError(f"no coefficients of {one.train} hold on {night}: take a standard field anew")
        found: dict[Band, EnsembleResult] = dict(_standard_filters(filters, one.train, of_night))
        band = next((band for band, result in found.items() if result is one.found), None)
        if band is None:
            raise UserError(f"{of_night.name} is not about the filter {one.role} as {one.filter}")
        by = terms(of_night, band, found)
        if by is None:
            raise UserError(f"a colour needs two filters that {of_night.name} joins with {band}")
        if why := found[by.other(band)].contradiction or found[by.other(band)].check.varies:
            raise UserError(f"{by.other(band)}, which tells the colour, says nothing: {why}")
        return replace(one, found=transformed(found, stars, band, by), terms=by)
    except UserError as fault:
        return replace(one, untransformed=str(fault))


def _standard_filters(
    filters: Sequence[FilterNight], train: str, declared: Transformation
) -> Iterator[tuple[Band, EnsembleResult]]:
    """Yield what each of a train's filters says that the coefficients are about, by band."""
    for each in filters:
        is_meant = each.train == train and len(each.found.curve) > 0
        for band, role in declared.filters.items():
            if is_meant and each.filter == band and each.role == role:
                yield band, each.found
