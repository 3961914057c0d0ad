"""The calibration masters there are."""

from obsy.engine.store.models import MasterRow
from obsy.engine.store.record import MasterRecord, as_columns, as_record


def register_master(master: MasterRecord) -> bool:
    """Whether the master is new."""
    columns = as_columns(master)
    _, is_new = MasterRow.objects.get_or_create(sha256=columns.pop("sha256"), defaults=columns)
    return is_new


def masters() -> tuple[MasterRecord, ...]:
    """All masters, oldest first."""
    return tuple(as_record(MasterRecord, row) for row in MasterRow.objects.all())
