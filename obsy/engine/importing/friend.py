"""A plan of another observatory, as `obsy export` writes it, or as it lies in a friend's folder."""

import re
from collections.abc import Iterator, Mapping

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.compose import compose
from obsy.engine.declare.names import meant
from obsy.engine.declare.target import FixedTarget
from obsy.engine.declare.written import Origin, Written, mark_of, tagged
from obsy.engine.exchange.plan_file import HEAD, LANGUAGE, TAKEN, documents, graded_by, of_train
from obsy.engine.importing.format import reads
from obsy.engine.importing.given import GivenFile
from obsy.engine.importing.home import Home
from obsy.engine.importing.wish import Leftover, Wish
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.schemas.train import Train

_TRAIN = re.compile(r"^# for (\S+): ([\d.]+) arcsec a pixel, (field [\d.]+ x [\d.]+ arcmin), filters (.+)$", re.M)


@reads("plan of obsy", r"(?m)^kind:\s*['\"]?plan\b", "documents of 'kind: plan'")
def plans(source: GivenFile) -> Iterator[Wish | Leftover]:
    """Yield each plan as it is written, with the pipelines and names that come with it.

    Raise UserError if the file is no YAML, is of a later language, or reaches for other files or secrets.
    """
    version = re.search(f"^{HEAD}(\\d+)", source.text, re.MULTILINE)
    if version and int(version[1]) > LANGUAGE:
        raise UserError(f"{source.path}: a plan in language {version[1]}: bring obsy up to date, it reads {LANGUAGE}")
    found = [(line, text, _document(source, line, text)) for line, text in documents(source.text)]
    parts = [(line, text, each, _said(each, "kind"), _said(each, "name")) for line, text, each in found if each]
    reach = {line: node.tag for line, _, each, *_ in parts for node in tagged(each.root, "!secret", "!include")}
    own = [each for each in parts if each[0] not in reach]
    needed = tuple((kind, name, text) for _, text, _, kind, name in own if kind in TAKEN and name)
    for line, text, _, kind, name in parts:
        if line in reach:
            why = f"'{name}' reaches for {reach[line]} of another observatory"
            yield Leftover(line, why, "ask for it by 'obsy export'")
        elif kind == "plan" and name:
            yield Wish(name, line, written=text, needed=needed, comes_from=source.text)
        elif kind and kind not in TAKEN:
            yield Leftover(line, f"{kind} '{name}': only plans and their pipelines and names are taken")


def _document(source: GivenFile, line: int, text: str) -> Written | None:
    """Return the document that a part of the file holds, as YAML reads it; None if it says nothing.

    Raise UserError if it is no YAML, or more documents than the part seems to be: each stands below a '---' of its own.
    """
    found = compose("\n" * (line - 1) + text, Origin(str(source.path)))
    if isinstance(found, Diagnostic):
        raise UserError(str(found))
    if len(found) > 1:
        where = mark_of(found[1])
        raise UserError(f"{where}: a document begins within another: write '---' alone in the line before each")
    return Written(found[0], {}) if found else None


def _said(document: Written, key: str) -> str:
    place = document.place((key,))
    said = place.node.value if place.key else ""
    return said if isinstance(said, str) and re.fullmatch(r"[\w.-]{1,100}", said) else ""


def differences(plan: Plan, comes_from: str, home: Home) -> Iterator[str]:
    """Yield which trains serve a plan, and what differs from where it comes from, as far as its file says that."""
    theirs = {each[1]: each for each in _TRAIN.finditer(comes_from)}
    there = next(iter(theirs.values()), None)
    for train in home.trains:
        if plan.served_by(train):
            theirs_is = f"{there[2]} arcsec a pixel, {there[3]}" if there else ""
            other = f"; where it comes from {theirs_is}" if theirs_is not in ("", of_train(train)) else ""
            yield f"{train.name} serves it: {of_train(train)}{other}"
            yield from _filters(plan, train, there[4] if there else "")
        else:
            lacking = sorted(plan.roles - set(train.roles))
            why = (
                f"it has no {', '.join(lacking)}" if lacking else f"its 'needs' ask for another than {of_train(train)}"
            )
            yield f"{train.name} does not serve it: {why}"
    graded = re.search(r"^# graded by (.+)$", comes_from, re.MULTILINE)
    if graded and (ours := graded_by(home.declared)) not in ("", graded[1]):
        yield f"its frames are graded by {ours} here, and there by {graded[1]}"
    yield from _altitudes(plan, comes_from, home)


def _filters(plan: Plan, train: Train, said: str) -> Iterator[str]:
    labels: Mapping[str, str] = dict(each.partition("=")[::2] for each in said.split(", ") if "=" in each)
    for slot in train.slots:
        if slot.role in plan.roles and labels.get(slot.role, slot.label) != slot.label:
            yield f"its {slot.role} is '{labels[slot.role]}' there and '{slot.label}' on {train.name}"


def _altitudes(plan: Plan, comes_from: str, home: Home) -> Iterator[str]:
    target = meant(plan.target)
    latitude = re.search(r"^# from \S+ at ([+-][\d.]+) deg", comes_from, re.MULTILINE)
    if isinstance(target, FixedTarget):
        there = f", {90 - abs(float(latitude[1]) - target.dec_deg):.0f} deg where it comes from" if latitude else ""
        for site in (each.document for each in home.declared.of(Site)):
            yield f"it stands at most {90 - abs(site.latitude - target.dec_deg):.0f} deg high at {site.name}{there}"
