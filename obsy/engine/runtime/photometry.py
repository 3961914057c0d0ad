"""A plan's magnitudes in a night, as verb and page tell them: store, files and declarations together."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.reduce.star_table import StarTable
from obsy.engine.runtime.comparisons import known_variables
from obsy.engine.runtime.kept_tables import KEPT
from obsy.engine.science.best_ensemble import best_ensemble
from obsy.engine.science.night_magnitudes import Equipment, FilterNight, NightMagnitudes
from obsy.engine.science.report_filter import aavso_filter, catalogue_band
from obsy.engine.science.standard_night import standard_night
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from obsy.errors import FrameError, UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class NightTables:
    """What a night has of a plan, by filter."""

    night: date
    tables: dict[str, list[StarTable]]
    """Of frames that were not rejected, by the filter's role."""
    left_out: dict[str, tuple[str, ...]]
    """Why others are not among them, by the filter's role."""
    is_simulated: bool = False
    """Whether it is one of rehearsals."""

    def series(self) -> dict[tuple[str, str], list[StarTable]]:
        """Return the tables by filter and train: two trains have two zero points, and two colours."""
        found: dict[tuple[str, str], list[StarTable]] = {}
        for role, tables in self.tables.items():
            for table in tables:
                found.setdefault((role, table.observation.train or ""), []).append(table)
        return found


def magnitudes(
    observatory: Observatory,
    plan: Plan,
    night: NightTables,
    stars: ComparisonTable,
    named: Mapping[str, str] | None = None,
) -> NightMagnitudes:
    """Return what each filter says of a plan's target; named: what a person calls a filter at the AAVSO, by its role.

    Nothing is raised of a filter that says nothing: why is among the faults.
    """
    roles = {each.name: each.train.roles for each in observatory.every_instrument}
    variables = known_variables(stars)
    unmeasured = [role for role in night.left_out if role not in night.tables]
    faults = [f"{role}: {'; '.join(night.left_out[role])}" for role in unmeasured]
    filters = []
    for (role, train), tables in sorted(night.series().items()):
        name = role if all(of != role or by == train for of, by in night.series()) else f"{role} by {train}"
        try:
            theirs = aavso_filter(role, roles.get(train, ()), (named or {}).get(role))
            band = catalogue_band(theirs)
        except UserError as fault:
            faults.append(f"{name}: {fault}")
            continue
        try:
            found = best_ensemble(tables, stars, band, place_of(tables), variables)
        except UserError as fault:
            faults.append(f"{name}: {fault}")
            unmeasured.append(name)
        else:
            left = night.left_out.get(role, ())
            by = _equipment(observatory, train)
            way = f"as-{theirs}" if (named or {}).get(role) else ""
            filters.append(FilterNight(name, role, train, theirs, len(tables), found, left, equipment=by, way=way))
    told = standard_night(filters, stars, observatory.transformations, night.night, is_simulated=night.is_simulated)
    return NightMagnitudes(plan.name, night.night, stars, told, tuple(faults), tuple(unmeasured))


def _equipment(observatory: Observatory, train: str) -> Equipment | None:
    """Return where and with what a train takes its frames, as reports say it; '' is the only one that there is."""
    trains = {each.name: each.train for each in observatory.every_instrument}
    found = next(iter(trains.values())) if not train and len(trains) == 1 else trains.get(train)
    if found is None:
        return None
    site, telescope = observatory.site, found.telescope
    return Equipment(
        f"{site.latitude:.4f} {site.longitude:.4f} H{site.elevation:.0f}",
        f"{telescope.aperture:g} mm f/{telescope.focal_length / telescope.aperture:.1f}",
        found.camera.model,
    )


def night_tables(store: Store, data_root: DataRoot, plan: str, night: date | None) -> NightTables:
    """Return the tables of a plan's lights in a night, the newest that has some if none is said.

    Raises UserError if there are none.
    """
    when = night or store.newest_of("stars", plan)
    found = None if when is None else tables_of(store, plan, when)
    if found is None:
        lights = _lights(store, plan, night)
        said = f"no light of '{plan}' in the {data_root.folder.name} night{f' of {night}' if night else 's'}"
        has = "has a table of stars" if lights else "is in the archive"
        mend = "its pipeline needs the steps 'solve' and 'photometry'" if lights else "see 'obsy status'"
        raise UserError(f"{said} {has}: {mend}")
    return found


def has_tables(store: Store, plan: str, night: date) -> bool:
    """Return whether a light of a plan in a night has a table of its stars, without a look into it."""
    lights = _lights(store, plan, night)
    made = _made(store, night) if lights else {}
    return any(light.sha256 in made for light in lights)


def tables_of(store: Store, plan: str, night: date, files: Collection[str] | None = None) -> NightTables | None:
    """Return the tables of a plan's lights in a night; None if no light has one.

    files: of lights that the camera called so, if not of all.
    """
    lights = [each for each in _lights(store, plan, night) if files is None or each.source in files]
    made = _made(store, night) if lights else {}
    if not any(light.sha256 in made for light in lights):
        return None
    tables: dict[str, list[StarTable]] = {}
    left: dict[str, list[str]] = {}
    for light in lights:
        role = light.filter or ""
        path = made.get(light.sha256)
        why = f"rejected, {light.reason}" if light.accepted is False else "" if path else "no table of its stars"
        try:
            if path and not why:
                table = KEPT.read(path)
                tables.setdefault(role, []).append(table)
        except FrameError as fault:
            why = str(fault)
        if why:
            left.setdefault(role, []).append(why)
    told = {role: tuple(_counted(each)) for role, each in left.items()}
    return NightTables(night, tables, told, is_simulated=store.folder.name == "simulated")


def _counted(left: Sequence[str]) -> Iterator[str]:
    """Yield '12 frames: why' of each reason, in order."""
    for why, many in sorted(Counter(left).items()):
        yield f"{many} frame{'s' * (many > 1)}: {why}"


def _lights(store: Store, plan: str, night: date | None) -> list[StoredFrame]:
    return list(store.frames(night=night, kind="light", plan=plan))


def _made(store: Store, night: date) -> dict[str | None, Path]:
    """Return the tables of a night by the frame that each is of."""
    return {each.frame: each.path for each in store.products("stars", night)}


def place_of(tables: Sequence[StarTable]) -> tuple[float, float]:
    """Return where the target was sought, degrees. Raises UserError if it has no one place."""
    found = next((each.observation.target for each in tables if each.observation.target is not None), None)
    if found is None:
        raise UserError("the plan's target has no one place among the stars: 'obsy astrometry' measures what moves")
    return found
