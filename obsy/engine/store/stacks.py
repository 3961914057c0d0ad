"""The stacks there are, one for each object and filter."""

from obsy.engine.store.models import StackRow
from obsy.engine.store.record import StackRecord, as_columns, as_record


def register_stack(stack: StackRecord) -> None:
    """Remember a stack in the place of the one before it."""
    columns = as_columns(stack)
    StackRow.objects.update_or_create(object=columns.pop("object"), filter=columns.pop("filter"), defaults=columns)


def stacks() -> tuple[StackRecord, ...]:
    """All stacks, by object and filter."""
    return tuple(as_record(StackRecord, row) for row in StackRow.objects.all())
