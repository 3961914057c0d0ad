"""A plan's positions as the Minor Planet Center takes them: signed, and held against its rules."""

from collections import defaultdict
from dataclasses import replace
from math import nan

import obsy
from obsy.diagnostics import did_you_mean, there_are
from obsy.engine.declare.observatory import Observatory
from obsy.engine.runtime.astrometry import catalogue_name
from obsy.engine.science.astrometry.ades import AdesContext, head, psv, records, xml
from obsy.engine.science.astrometry.ades_rules import faults
from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
from obsy.engine.science.astrometry.designation import Designation, designation, own_name, signed
from obsy.engine.science.astrometry.position import SkyPosition
from obsy.errors import UserError
from obsy.schemas.people import Person
from obsy.schemas.plan import Plan
from obsy.schemas.target import Comet

MODES = {"CCD": "CCD", "CMOS": "CMO"}


def ades_report(  # noqa: PLR0913
    observatory: Observatory,
    plan: Plan,
    found: MovingTarget,
    *,
    called: str | None,
    observer: str | None,
    is_rehearsal: bool,
) -> dict[str, str]:
    """Return the files of a plan's positions, PSV and XML for each train, by what their names end with.

    called: what a person says that the body is named; observer: who signs, by the name of the document. Raises
    UserError where something that a report has to say is declared nowhere, or the Center would refuse it.
    """
    named = _named(plan, called)
    by_train: dict[str, list[SkyPosition]] = defaultdict(list)
    is_comet = isinstance(observatory.target(plan), Comet)  # whose light does not end where an aperture does
    for each in found.positions:
        by_train[each.train or ""].append(replace(each, vt_magnitude=nan) if is_comet else each)
    files: dict[str, str] = {}
    for train, positions in sorted(by_train.items()):
        about = _about(observatory, train, _signer(observatory, plan, observer), is_rehearsal=is_rehearsal)
        rows, top = records(positions, named, about, found.rate_arcsec_min, found.wider), head(about, positions)
        end, text = f"-{train}" if len(by_train) > 1 else "", psv(top, rows)
        if wrong := faults(text):
            raise UserError("the Minor Planet Center would refuse the report: " + "; ".join(map(str, wrong)))
        files |= {f"{end}.psv": text, f"{end}.xml": xml(top, rows)}
    return files


def _named(plan: Plan, called: str | None) -> Designation:
    """The body's name at the MPC: as a person says it, or as the catalogue has it, else the plan's own."""
    if called is None:
        known = catalogue_name(plan)
        return (designation(known) if known else None) or own_name(plan.name)
    found = designation(called)
    if found is None:
        raise UserError(f"--object '{called}': write a number or a designation, as 1, 161P, 'C/2023 A3' or '2014 AA'")
    return found


def _signer(observatory: Observatory, plan: Plan, observer: str | None) -> Person:
    """Who signs: whoever is named, the plan's owner, or the only person there is."""
    people = {each.name: each for each in observatory.people}
    if observer is not None and observer not in people:
        mend = did_you_mean(observer, list(people), there_are(sorted(people)))
        raise UserError(f"--observer: no person is named '{observer}': {mend}")
    said = observer or plan.owner
    if said in people:
        return people[said]
    if len(people) != 1:
        raise UserError("nobody signs the report: declare a 'kind: person' and say --observer NAME")
    return next(iter(people.values()))


def _about(observatory: Observatory, name: str, person: Person, *, is_rehearsal: bool) -> AdesContext:
    """What stands above the records. Raises UserError with everything that nobody has declared."""
    train = observatory.instrument(name).train
    lacking = {
        f"'mpc: …' of the site '{observatory.site.name}', its code at the Minor Planet Center": observatory.site.mpc,
        f"'design: …' of the telescope of '{name}', such as Newtonian": train.telescope.design,
        f"'sensor: CCD' or 'sensor: CMOS' of the camera of '{name}'": train.camera.sensor,
    }
    if missing := [words for words, said in lacking.items() if said is None]:
        raise UserError("a report to the Minor Planet Center has to say more: write " + ", and ".join(missing))
    return AdesContext(
        station=observatory.site.mpc or "",
        site=observatory.site.name,
        person=signed(person.called),
        design=train.telescope.design or "",
        aperture_m=train.telescope.aperture / 1000,
        ratio=train.telescope.focal_length / train.telescope.aperture,
        sensor=MODES[train.camera.sensor or ""],
        scale_arcsec=train.scale,
        software=f"obsy {obsy.__version__}",
        is_rehearsal=is_rehearsal,
    )
