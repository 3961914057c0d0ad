"""Names that every disk can hold."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.name import file_name, place, readable, word

M31 = Frame(
    path=Path("x.fits"),
    sha256="0123456789abcdef" * 4,
    kind=FrameKind.LIGHT,
    object="m31",
    filter="L",
    exposure_s=180.0,
    gain=100,
    offset=10,
    binning=1,
    temperature_c=-10.0,
    camera="cam",
    telescope="tube",
    taken_at=datetime(2026, 11, 21, 20, 15, 0, 123456, tzinfo=UTC),
    rows=48,
    columns=64,
)
NIGHT = M31.taken_at.date()


def test_a_name_says_what_it_is():
    assert file_name(M31) == "m31_L_180s_20261121T201500.123Z_0123456789ab.fits"


FLAT = replace(M31, kind=FrameKind.FLAT, exposure_s=2.5)
BIAS = replace(M31, kind=FrameKind.BIAS, filter=None, exposure_s=0.0)


@pytest.mark.parametrize(
    ("frame", "where"),
    [(M31, "light/m31/m31_L_180s"), (FLAT, "flat/flat_L_2.5s"), (BIAS, "bias/bias_0s")],
    ids=["light", "flat", "bias"],
)
def test_a_place_is_by_night_then_kind(frame, where):
    assert place(frame, NIGHT) == PurePosixPath(f"2026-11-21/{where}_20261121T201500.123Z_0123456789ab.fits")


@example("\U0001d400" * 60, "\U0001d54a" * 60)  # letters of four bytes
@given(st.text(max_size=300), st.one_of(st.none(), st.text(min_size=1, max_size=300)))
def test_no_object_or_filter_leads_out_of_the_archive(named, role):
    where = place(replace(M31, object=named, filter=role), NIGHT)
    assert where.parts[:2] == ("2026-11-21", "light")
    assert len(where.parts) == 4
    assert all(part not in {".", ".."} and not part.startswith(".") and "/" not in part for part in where.parts)
    assert max(len(part.encode()) for part in where.parts) <= 255


@given(st.text(max_size=300))
def test_a_word_is_its_own_word(text):
    assert word(word(text)) == word(text) != ""


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_other_bytes_have_another_name(sha256):
    same = file_name(replace(M31, sha256=sha256)) == file_name(M31)
    assert same == (sha256[:12] == M31.sha256[:12])


def test_a_word_has_sixty_letters_and_ninety_bytes_at_most():
    assert word("x" * 61) == "x" * 60
    assert word("\u00e9" * 60) == "\u00e9" * 45
    assert word("x" + "\u00e9" * 59) == "x" + "\u00e9" * 44


def test_a_name_that_is_no_text_is_written_as_numbers():
    assert readable("licht-\u00e9.fits") == "licht-\u00e9.fits"
    assert readable("licht-\udcff.fits") == "licht-\\xff.fits"
