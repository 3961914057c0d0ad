"""Says, before anything is done, which accepted frames would be lost, and what is not carried out yet."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from obsy.engine.frames.data_root import DataRoot
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory


def tell_forgotten(observatory: "Observatory") -> list[dict[str, Any]]:
    """Print a notice for what the nights, real and simulated, have that counts for nothing any more; return them.

    A store that cannot be read says nothing here.
    """
    told: list[dict[str, Any]] = []
    for simulated in (False, True):
        data_root = DataRoot.of(observatory.root, observatory.site, simulated=simulated)
        if not data_root.store.exists():
            continue
        from obsy.engine.schedule.claims import Claims
        from obsy.engine.schedule.forgotten import forgotten
        from obsy.engine.store.store import Store, StoreError

        with suppress(StoreError, UserError), Store(data_root.store) as store:
            accepted = [(light, sum(1 for *_, well, _ in alike if well)) for light, alike in store.lights()]
            for each in forgotten(Claims.of(observatory), accepted):
                mark = observatory.mark("plan", each.heir)
                realm = data_root.folder.name
                click.echo(f"{mark}: notice: {each.words} ({realm} nights)", err=True)
                told.append({**mark.as_json(), "realm": realm, "frames": each.frames, "words": each.words})
    return told


def tell_reserved(observatory: "Observatory") -> list[dict[str, Any]]:
    """Print a notice for each document of a kind that is read, and that nothing is done with yet; return them."""
    from obsy.schemas.kinds import KINDS

    told: list[dict[str, Any]] = []
    for (kind, name), mark in observatory.marks.items():
        if KINDS[kind].is_reserved:
            words = f"not-built-yet: {kind} '{name}' is read, and nothing is done with it in this version"
            click.echo(f"{mark}: notice: {words}", err=True)
            told.append({**mark.as_json(), "words": words})
    return told
