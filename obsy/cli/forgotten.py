"""Says, before anything is done, which accepted frames the plans as they are now would lose."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

import click

from obsy.diagnostics import Mark
from obsy.engine.frames.data_root import DataRoot
from obsy.errors import UserError
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site


def tell_forgotten(root: Path, site: Site, plans: Mapping[str, Mark], declared: Collection[Plan]) -> None:
    """Print a notice for each goal of the real nights and of the simulated ones that is not claimed any more.

    plans: where each plan stands. A store that cannot be read says nothing here.
    """
    for simulated in (False, True):
        data_root = DataRoot.of(root, site, simulated=simulated)
        if not data_root.store.exists():
            continue
        from obsy.engine.schedule.forgotten import forgotten
        from obsy.engine.store.store import Store, StoreError

        with suppress(StoreError, UserError), Store(data_root.store) as store:
            accepted = {goal: each.accepted for goal, each in store.done().items()}
            for each in forgotten(declared, accepted):
                click.echo(f"{plans[each.heir]}: notice: {each.words} ({data_root.folder.name} nights)", err=True)
