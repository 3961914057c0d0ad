"""The store's file, and the tables in it."""

import asyncio
import sqlite3
import subprocess
import sys

from django.core.management import call_command
from django.db import connection

from obsy.engine.store.frames import frames, register
from obsy.engine.store.open import leave_store, open_store


def test_the_store_survives_power_cuts(store):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_store_opened_again_still_has_its_frames(store, light):
    register(light())
    open_store(store)
    assert len(frames()) == 1


def test_another_file_is_another_store(tmp_path, light):
    register(light())
    open_store(tmp_path / "other" / "store.sqlite")
    assert frames() == ()


def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", "obsy_store", check=True, dry_run=True, verbosity=0)


def test_the_tables_are_named_after_the_app(store):
    with sqlite3.connect(store) as plain:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    plain.close()
    assert {"obsy_store_framerow", "obsy_store_masterrow", "obsy_store_stackrow"} <= names


def test_the_store_may_be_asked_from_an_event_loop(light):
    async def ask() -> bool:
        try:
            return register(light())
        finally:
            leave_store()  # a task has a connection of its own

    assert asyncio.run(ask())


def test_only_the_store_imports_django(root):
    found = subprocess.run(
        ["grep", "-rlE", r"^\s*(import|from) django", "--include=*.py", str(root / "obsy")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert all("/engine/store/" in path or "/hub/" in path for path in found)


def test_the_archive_can_be_used_without_django():
    code = "import obsy.engine.frames.ingest, sys; raise SystemExit(bool({'django', 'astropy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
