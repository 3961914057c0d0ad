"""A train's transformation coefficients by a night of a standard field: store, tables and sequence together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsy.engine.declare.observatory import Observatory
from obsy.engine.reduce.star_table import StarTable
from obsy.engine.runtime.comparisons import known_variables
from obsy.engine.runtime.photometry import NightTables
from obsy.engine.science.report_filter import aavso_filter
from obsy.engine.science.second_order import second_order
from obsy.engine.science.standard_field import StandardField, standard_field
from obsy.engine.science.transformation import ColourLine, coefficients
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.transformation import ORDER, CoefficientValue


@dataclass(frozen=True, slots=True, eq=False)
class TrainCoefficients:
    """What a night tells of one train."""

    train: str
    filters: Mapping[str, str]
    """By the AAVSO's name, the train's own."""
    fields: tuple[StandardField, ...]
    lines: tuple[ColourLine, ...]
    left_out: tuple[str, ...]
    """Filters and stars that do not count, and why."""
    second_order: Mapping[str, CoefficientValue]
    """By filter, how what an air mass takes goes with the star's colour, where the night tells it."""


def train_coefficients(
    observatory: Observatory, night: NightTables, stars: ComparisonTable, named: Mapping[str, str]
) -> tuple[TrainCoefficients, ...]:
    """Return the coefficients of each train that took the field in two filters or more.

    named: what a person calls a filter at the AAVSO, by its role. Raises UserError, with the reasons, if none did.
    """
    series: dict[str, dict[str, list[StarTable]]] = {}
    for (role, train), tables in night.series().items():
        series.setdefault(train, {})[role] = tables
    variables = set(known_variables(stars))
    constant = stars.model_copy(update={"stars": tuple(each for each in stars.stars if each.name not in variables)})
    told = [_of_train(observatory, train, tables, constant, named) for train, tables in sorted(series.items())]
    if not (found := [each for each in told if isinstance(each, TrainCoefficients)]):
        raise UserError("no coefficients: " + "; ".join(str(each) for each in told))
    return tuple(found)


def _of_train(
    observatory: Observatory,
    train: str,
    tables: Mapping[str, list[StarTable]],
    stars: ComparisonTable,
    named: Mapping[str, str],
) -> TrainCoefficients | str:
    roles = next((each.train.roles for each in observatory.every_instrument if each.name == train), ())
    filters, fields, left = {}, [], []
    for role, frames in sorted(tables.items()):
        try:
            theirs = aavso_filter(role, roles, named.get(role))
            if theirs not in ORDER:
                raise UserError(f"{theirs} is none of {', '.join(ORDER)}, which coefficients join")
            fields.append(standard_field(frames, stars.stars, theirs))  # type: ignore[arg-type]
            filters[theirs] = role
        except UserError as fault:
            left.append(f"{role}: {fault}")
    if len(fields) < 2:  # noqa: PLR2004 - a colour
        return f"{train} has {len(fields) or 'no'} filter{'s' * (len(fields) != 1)} for a colour" + "".join(
            f", {each}" for each in left
        )
    try:
        lines = coefficients(fields, [star.name for star in stars.stars])
    except UserError as fault:
        return f"{train}: {fault}"
    by_colour = {band: filters[band] for band in ORDER if band in filters}
    return TrainCoefficients(
        train, by_colour, tuple(fields), lines, tuple([*left, *_off(lines)]), dict(_second_order(fields))
    )


def _second_order(fields: Sequence[StandardField]) -> Iterator[tuple[str, CoefficientValue]]:
    """Yield what the filters tell of it, by the colour of the two that are bluest."""
    blue, red = sorted(fields, key=lambda each: ORDER.index(each.band))[:2]
    for each in fields:
        if found := second_order(each, blue.known - red.known):
            yield each.band, found


def _off(lines: tuple[ColourLine, ...]) -> Iterator[str]:
    for line in lines:
        yield from line.left_out
