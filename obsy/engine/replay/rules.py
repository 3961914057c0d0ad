"""Another policy, or other overrides, for a night that has been."""

from dataclasses import dataclass
from pathlib import Path

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.check import check
from obsy.engine.declare.folders import files
from obsy.engine.declare.read import Reader
from obsy.errors import UnfitFiles, UserError
from obsy.schemas.override import Override
from obsy.schemas.policy import Policy, Safety


@dataclass(frozen=True, slots=True)
class OtherRules:
    """What would have counted; what is None counts as it did."""

    safety: Safety | None
    overrides: tuple[Override, ...] | None


def other_rules(path: Path) -> OtherRules:
    """Return the policy and the overrides in a file, or in a folder: an observatory's, or its `site/`.

    Raise UnfitFiles with every complaint about them, UserError if there is neither.
    """
    rooms = [room for name in ("site", "library") if (room := path / name).is_dir()] or [path]
    reader = Reader(path if path.is_dir() else path.parent)
    found, told = [], list[Diagnostic]()
    for written in reader.read([file for room in rooms for file in files(room)]):
        if written.kind in ("policy", "override"):
            checked = check(written, ())
            if isinstance(checked, list):
                told += checked
            else:
                found.append(checked)
    if told or reader.complaints:
        raise UnfitFiles(sorted({*told, *reader.complaints}))
    policies = [each.safety for each in found if isinstance(each, Policy) and each.safety is not None]
    overrides = tuple(each for each in found if isinstance(each, Override))
    if len(policies) > 1 or not (policies or overrides):
        raise UserError(f"{path} holds {len(policies)} policies of safety, and {len(overrides)} overrides: name one")
    keeps = not overrides and path.is_file()
    return OtherRules(policies[0] if policies else None, None if keeps else overrides)
