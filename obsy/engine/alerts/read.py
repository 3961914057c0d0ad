"""The bytes of an alert, which anybody may have written: looked at before they are read."""

import re
from pathlib import Path

from obsy.engine.alerts import gcn, voevent
from obsy.engine.alerts.notice import BRIGHTEST, FAINTEST, AlertNotice, within
from obsy.engine.importing.trees import tree_of_json, tree_of_xml
from obsy.errors import UserError
from obsy.schemas.model import plain_name

MOST_BYTES = 4_000_000
"""A map of the sky within a notice is a megabyte."""
_FOREIGN = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read(path: Path) -> AlertNotice:
    """Return what a file tells. Raise UserError, with the place, if it is no alert that a night may act upon."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}: name a file with an alert in it") from None
    return notice_of(content, str(path))


def notice_of(content: bytes, called: str) -> AlertNotice:
    """Return what the bytes of a file tell; see `read`."""
    if len(content) > MOST_BYTES:
        raise UserError(f"{called}: larger than {MOST_BYTES // 1_000_000} MB, and no alert is: look at what it is")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{called}: no text in UTF-8: expected GCN's JSON, or VOEvent's XML") from None
    begin = text.lstrip()[:1]
    if begin not in ("{", "<"):
        raise UserError(f"{called}:1: neither JSON nor XML: expected GCN's unified JSON, or VOEvent 2.0")
    if begin == "<" and (foreign := _FOREIGN.search(text)):
        line = text.count("\n", 0, foreign.start()) + 1
        raise UserError(f"{called}:{line}: it declares a document type or an entity, and no VOEvent does: not read")
    told = gcn.notice_of(tree_of_json(text, called), called) if begin == "{" else _voevent(text.lstrip(), called)
    if told.magnitude is not None:
        within("its magnitude", told.magnitude, BRIGHTEST, FAINTEST, called)
    if not plain_name(told.called):
        raise UserError(f"{called}: '{told.called}' has no letter of a name: no plan can be called by it")
    return told


def _voevent(text: str, called: str) -> AlertNotice:
    tree = tree_of_xml(text, called)
    if (version := tree["@version"].text) != "2.0":
        raise UserError(f"{called}:{tree.line}: no VOEvent of version 2.0, but {version or 'of none'}: not read")
    return voevent.notice_of(tree, called)
