"""Opening the store: one file a process, made and brought up to date where needed."""

from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

StoreTrouble = DatabaseError
"""What any query raises when the file cannot be read or written, as when the disk is full."""


def open_store(path: Path) -> None:
    """Use the store in this file from now on, in every thread; makes it if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connections["default"].close()
    connections.databases["default"]["NAME"] = str(path)
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def leave_store() -> None:
    """Close this thread's own connection; the next query opens it again."""
    connections["default"].close()
