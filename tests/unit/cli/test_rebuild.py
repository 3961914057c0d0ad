"""`obsy rebuild` on the shipped example: a store is made again, and never under a night that runs."""

import fcntl
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.apply import apply
from obsy.cli.rebuild import rebuild
from obsy.cli.status import status
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.store.store import Store
from obsy.errors import NightRunning, UserError


@pytest.fixture
def data(here: Path) -> DataRoot:
    """The simulated data folder of a copy of the example, with one archived frame of an unknown past."""
    data = DataRoot(here / "data" / "simulated")
    place = data.folder / "archive" / "2026-11-21" / "bias" / "bias.fits"
    place.parent.mkdir(parents=True)
    cards = {
        "SIMPLE": "T",
        "BITPIX": 8,
        "NAXIS": 2,
        "NAXIS1": 48,
        "NAXIS2": 60,
        "IMAGETYP": "'Bias    '",
        "EXPTIME": 0.0,
    }
    cards |= {"INSTRUME": "'cam     '", "DATE-OBS": "'2026-11-21T20:00:00'"}
    head = b"".join(f"{key:<8}= {value!s:>20}".ljust(80).encode() for key, value in cards.items()) + b"END".ljust(80)
    place.write_bytes(head.ljust(2880) + bytes(2880))
    return data


def test_a_store_is_made_from_an_archive_alone(data):
    said = CliRunner().invoke(rebuild, ["--simulated"])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == [
        f"{data.store}: 1 frames, 0 products",
        "  archive/2026-11-21/bias/bias.fits has no sidecar that can be read: it is judged again",
    ]
    with Store(data.store) as store:
        assert [(frame.kind, frame.night.isoformat(), frame.pending) for frame in store.frames()] == [
            ("bias", "2026-11-21", True)
        ]
    assert sorted(path.name for path in data.folder.glob("*.sqlite*")) == ["store.sqlite"]


def test_a_store_of_another_version_is_made_again(data):
    plain = sqlite3.connect(data.store)
    plain.execute("CREATE TABLE django_migrations (id integer primary key, app text, name text, applied text)")
    plain.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('obsy_store', '0001_first', '2026-01-01')"
    )
    plain.commit()
    plain.close()
    assert json.loads(CliRunner().invoke(rebuild, ["--simulated", "--json"]).stdout)["frames"] == 1
    with Store(data.store) as store:
        assert len(store.frames()) == 1


@pytest.mark.parametrize("held", ["lock", "lock_by_hand"])
def test_no_store_is_made_again_while_a_night_or_an_ingest_runs(data, held):
    with Store(data.store):
        pass
    before = data.store.read_bytes()
    with getattr(data, held).open("w") as theirs, pytest.raises(NightRunning):
        fcntl.flock(theirs, fcntl.LOCK_EX)  # as another process holds it
        CliRunner().invoke(rebuild, ["--simulated"], catch_exceptions=False)
    assert data.store.read_bytes() == before


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        (apply, ["--simulate", "--night", "2026-11-21"]),
        (apply, ["--simulate", "--night", "2026-11-21", "--dry-run"]),
        (status, ["--simulated"]),
    ],
)
def test_a_store_that_is_gone_while_there_are_frames_is_not_taken_for_a_new_one(data, verb, asked):
    with pytest.raises(UserError, match=r"store\.sqlite is gone.* run 'obsy rebuild'"):
        CliRunner().invoke(verb, asked, catch_exceptions=False)
    assert not data.store.exists()


def garbage(store: Path) -> None:
    store.write_bytes(b"clean the mirror" * 1000)


def cut_short(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:10_000])


def worn(store: Path) -> None:
    """A bad disk: the file begins well, and a page within is lost."""
    whole = store.read_bytes()
    store.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])


def without_a_table(store: Path) -> None:
    plain = sqlite3.connect(store)
    plain.execute("DROP TABLE obsy_product")
    plain.close()


DAMAGES = pytest.mark.parametrize("damage", [garbage, cut_short, worn, without_a_table])


@DAMAGES
@pytest.mark.parametrize(("verb", "asked"), [(apply, ["--simulate", "--dry-run"]), (status, ["--simulated"])])
def test_a_damaged_store_is_named_with_its_cure_and_left_as_it_is(data, damage, verb, asked):
    Store(data.store).close()
    damage(data.store)
    before = data.store.read_bytes()
    with pytest.raises(UserError, match=r"store\.sqlite is damaged \(.+\): run 'obsy rebuild'"):
        CliRunner().invoke(verb, asked, catch_exceptions=False)
    assert data.store.read_bytes() == before


@DAMAGES
def test_a_damaged_store_is_made_again_and_put_aside_and_never_deleted(data, damage):
    for number in (1, 2):
        Store(data.store).close()
        damage(data.store)
        before = data.store.read_bytes()
        said = CliRunner().invoke(rebuild, ["--simulated"], catch_exceptions=False)
        aside = data.folder / f"damaged-{number}.sqlite"
        assert f"the old store could not be opened; it is kept as {aside}" in said.output
        assert aside.read_bytes() == before
        with Store(data.store) as store:
            assert len(store.frames()) == 1


def test_a_store_that_cannot_be_opened_at_all_says_why(tmp_path):
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(UserError, match=r"store\.sqlite cannot be opened: unable to open database file"):
        Store(tmp_path / "store.sqlite")


def test_an_empty_file_is_no_store_where_there_are_frames(data):
    data.store.touch()
    with pytest.raises(UserError, match="is gone"):
        data.known_store()


def test_an_archive_without_frames_needs_no_store(data):
    shutil.rmtree(data.folder / "archive")
    assert data.known_store() == data.store
    (data.folder / "archive" / ".arriving").mkdir(parents=True)
    assert data.known_store() == data.store
